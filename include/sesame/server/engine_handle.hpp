// What a server is made of once its types are gone, and the engine that is made of it: all that a
// server's header has to know of what serves it.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/provider.hpp"
#include "sesame/server/options.hpp"
#include "sesame/service/change.hpp"
#include "sesame/service/entry.hpp"
#include "sesame/service/primitive.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0 {

class engine;

namespace detail {

/// A provider with its type left behind.
struct provider_entry {
  const void* object;
  result<principal, auth_failure> (*verify)(const void* object, std::string_view token,
                                            std::chrono::system_clock::time_point now);
  std::vector<std::string> (*issuers)(const void* object);
  /// Null for a provider that asks nobody.
  task<result<principal, auth_failure>> (*look_up)(const void* object, std::string token,
                                                   std::chrono::system_clock::time_point now);
  bool for_development;
};

/// What a server is made of, once its types are gone.
struct engine_parts {
  using finder = std::size_t (*)(std::string_view key);  ///< a place, or the number of places

  void* services = nullptr;
  std::vector<tool_entry> tools;
  std::vector<resource_entry> resources;
  std::vector<resource_entry> templates;
  std::vector<prompt_entry> prompts;
  finder find_tool = nullptr;
  finder find_resource = nullptr;
  finder find_prompt = nullptr;
  std::vector<provider_entry> providers;

  /// Calls f with everything that is offered.
  template <class F>
  void each(F f) const {
    for (const auto& one : tools) f(one);
    for (const auto& one : resources) f(one);
    for (const auto& one : templates) f(one);
    for (const auto& one : prompts) f(one);
  }
};

/// Owns an engine. Its type has to be known to those alone who talk to it.
class engine_handle {
 public:
  /// As the engine's constructor.
  engine_handle(server_options options, engine_parts parts);
  engine_handle(const engine_handle&) = delete;
  engine_handle& operator=(const engine_handle&) = delete;
  ~engine_handle();

  [[nodiscard]] sesame::engine& get() const noexcept { return *engine_; }

  void publish(const change& what) const;
  bool enable(primitive kind, std::string_view key, bool on) const;

 private:
  std::unique_ptr<sesame::engine> engine_;
};

}  // namespace detail
}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/server/engine.hpp"
#endif
