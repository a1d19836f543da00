// An issuer on the web of this machine, for tests and demonstrations: it publishes what a verifier
// asks an issuer for, changes its keys, and fails when it is told to.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/jwks_provider.hpp"
#include "sesame/auth/test_issuer.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace sesame::inline v0 {

/// What an issuer does wrong.
enum class issuer_fault : std::uint8_t {
  none,
  silent,        ///< takes requests, and answers once the fault is taken back
  server_error,  ///< answers 500
  garbage,       ///< answers with what is no JSON
  other_issuer,  ///< its metadata name another issuer
};

/// Listens on a free port of 127.0.0.1, on a thread of its own, until it is destroyed. Threads may
/// share it.
///
///     sesame::test_issuer_server issuer;
///     const sesame::jwks_provider provider{issuer.settings("https://server.example/mcp")};
///     const auto token = issuer.mint({.subject = "ann"});
///     issuer.rotate();
class test_issuer_server {
 public:
  explicit test_issuer_server(jws_algorithm algorithm = jws_algorithm::es256);
  test_issuer_server(const test_issuer_server&) = delete;
  test_issuer_server& operator=(const test_issuer_server&) = delete;
  ~test_issuer_server();

  /// The issuer's name: `http://127.0.0.1:PORT`.
  [[nodiscard]] const std::string& url() const noexcept;

  /// A token that is signed with the newest key.
  [[nodiscard]] std::string mint(const test_token& token = {}) const;

  /// Signs with a new key from now on. The one before stays published until the next time.
  void rotate(jws_algorithm algorithm = jws_algorithm::es256);

  void fail(issuer_fault how);

  /// How often something was asked for whose path ends so.
  [[nodiscard]] std::size_t asked(std::string_view path) const;

  /// The settings of a provider that takes its tokens, and asks it for its keys.
  [[nodiscard]] jwks_settings settings(std::string audience = test_token{}.audience) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/test_issuer_server.ipp"
#endif
