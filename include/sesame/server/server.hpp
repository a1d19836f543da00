// The server that a user makes: services, and the providers that tell who calls them.
//
//     sesame::server server{{.name = "records", .version = "1.0.0"}, records{}, provider};
//     return sesame::run(server, argc, argv);
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/provider.hpp"
#include "sesame/configuration.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/server/name_table.hpp"
#include "sesame/service/entry.hpp"
#include "sesame/service/policies.hpp"
#include "sesame/service/tool.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

namespace detail {

// What a part is behind the ways of giving it: by value, by reference, by pointer.
template <class Part>
struct held {
  using type = Part;
  static Part& of(Part& part) noexcept { return part; }
};
template <class T>
struct held<std::reference_wrapper<T>> {
  using type = T;
  static T& of(std::reference_wrapper<T>& part) noexcept { return part.get(); }
};
template <class T, class D>
struct held<std::unique_ptr<T, D>> {
  using type = T;
  static T& of(std::unique_ptr<T, D>& part) noexcept { return *part; }
};
template <class T>
struct held<std::shared_ptr<T>> {
  using type = T;
  static T& of(std::shared_ptr<T>& part) noexcept { return *part; }
};
template <class Part>
using held_type = std::remove_const_t<typename held<Part>::type>;

template <class T>
inline constexpr bool is_tool_list = false;
template <class... Tools>
inline constexpr bool is_tool_list<tools<Tools...>> = true;

template <class T>
inline constexpr bool is_policy_list = false;
template <class... P>
inline constexpr bool is_policy_list<policies<P...>> = true;

template <class T>
concept has_tools = is_tool_list<T> || requires { typename T::tools; };

// A service's list of tools.
template <class Service>
struct tools_of {
  using type = typename Service::tools;
};
template <class... Tools>
struct tools_of<tools<Tools...>> {
  using type = tools<Tools...>;
};

template <class Part>
struct policies_given {
  using type = meta::types<>;
};
template <class... P>
struct policies_given<policies<P...>> {
  using type = meta::types<P...>;
};

template <class Provider, class... Parts>
consteval std::size_t place_of_provider() {
  std::size_t place = 0;
  bool found = false;
  ((found = found || std::is_same_v<Provider, Parts>, place += !found && provider<Parts> ? 1 : 0),
   ...);
  static_assert((std::is_same_v<Provider, Parts> || ...),
                "sesame: authenticated<Provider> names a provider that the server was not given; "
                "pass one to the server");
  return place;
}

// Everything about a server that follows from the types of its parts.
template <class... Parts>
struct server_types {
  using policies = meta::concatenate<typename policies_given<Parts>::type...>;

  template <class Service, class List>
  struct names;
  template <class Service, class... Tools>
  struct names<Service, tools<Tools...>> {
    static constexpr std::array<std::string_view, sizeof...(Tools)> list{
        declaration<Service, Tools, policies>::name...};
  };

  template <class Part>
  static consteval std::size_t count() {
    if constexpr (has_tools<Part>)
      return names<Part, typename tools_of<Part>::type>::list.size();
    else
      return 0;
  }
  static constexpr std::size_t tool_count = (count<Parts>() + ... + std::size_t{0});

  static constexpr std::array<std::string_view, tool_count> tool_names = [] {
    std::array<std::string_view, tool_count> all{};
    [[maybe_unused]] std::size_t n = 0;
    [[maybe_unused]] const auto add = [&]<class Part>(std::type_identity<Part>) {
      if constexpr (has_tools<Part>)
        for (const auto name : names<Part, typename tools_of<Part>::type>::list) all[n++] = name;
    };
    (add(std::type_identity<Parts>{}), ...);
    return all;
  }();

  static consteval bool check() {
    static_assert(((has_tools<Parts> || provider<Parts> || is_policy_list<Parts>) && ...),
                  "sesame: a server is made of services, providers and policies<...>; one of its "
                  "parts is none of these (a service has a public member type `tools`)");
    static_assert(unique_names(tool_names),
                  "sesame: two tools of this server have the same name; rename one with "
                  "named<\"...\">");
    return unique_names(tool_names);
  }

  template <class Service, class Tool>
  static std::vector<std::size_t> providers_of() {
    return []<class... P>(meta::types<P...>) {
      return std::vector<std::size_t>{place_of_provider<P, Parts...>()...};
    }(typename declaration<Service, Tool, policies>::providers{});
  }
};

// With one perfect hash for each set of parts.
template <class... Parts>
inline constexpr name_table<server_types<Parts...>::tool_count> tool_table{
    server_types<Parts...>::tool_names};

}  // namespace detail

/// A server. Its parts are services, providers and `policies<…>`, in any order, each by value, by
/// `std::ref` or by a smart pointer. Everything about their tools is checked when this is compiled.
///
/// Throws `configuration_error` for settings that make no sense. Serve it with `sesame::run`, or by
/// one of the transports. Stays where it is; must outlive whatever serves it.
template <class... Parts>
class server {
 public:
  explicit server(server_options options, Parts... parts)
      : parts_(std::move(parts)...), engine_(std::move(options), make_parts()) {}
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Tells every client that listens that a list is not what it was, or that the resource `uri` has
  /// new content; from any thread. Changes that come faster than they are told may be told once.
  void tools_changed() { engine_.publish({detail::change_kind::tools}); }
  void prompts_changed() { engine_.publish({detail::change_kind::prompts}); }
  void resources_changed() { engine_.publish({detail::change_kind::resources}); }
  void resource_updated(std::string_view uri) {
    engine_.publish({detail::change_kind::resource, uri});
  }

  /// What transports talk to.
  [[nodiscard]] sesame::engine& engine() noexcept { return engine_; }

 private:
  using tuple = std::tuple<Parts...>;
  using types = detail::server_types<detail::held_type<Parts>...>;
  static_assert(types::check());

  detail::engine_parts make_parts() {
    detail::engine_parts made;
    made.services = &parts_;
    made.find_tool = [](std::string_view name) noexcept {
      return detail::tool_table<detail::held_type<Parts>...>.find(name);
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (add<I>(made), ...);
    }(std::index_sequence_for<Parts...>{});
    return made;
  }

  template <std::size_t I>
  void add(detail::engine_parts& made) {
    using held = detail::held<std::tuple_element_t<I, tuple>>;
    using part = std::remove_const_t<typename held::type>;
    if constexpr (requires { std::get<I>(parts_) == nullptr; })
      if (std::get<I>(parts_) == nullptr)
        throw configuration_error("parts", "one of the server's parts is a null pointer");
    if constexpr (provider<part>)
      made.providers.push_back({&held::of(std::get<I>(parts_)),
                                [](const void* object, std::string_view token,
                                   std::chrono::system_clock::time_point now) {
                                  return static_cast<const part*>(object)->verify(token, now);
                                },
                                [](const void* object) -> std::vector<std::string> {
                                  return static_cast<const part*>(object)->issuers();
                                }});
    if constexpr (detail::has_tools<part>)
      add_tools<I, part>(made, typename detail::tools_of<part>::type{});
  }

  template <std::size_t I, class Service, class... Tools>
  void add_tools(detail::engine_parts& made, tools<Tools...>) {
    static_assert((detail::declaration<Service, Tools, typename types::policies>::check() && ...));
    (made.tools.push_back(detail::make_entry<Service, Tools, typename types::policies>(
         types::template providers_of<Service, Tools>(),
         [](void* services) -> void* {
           auto& part = std::get<I>(*static_cast<tuple*>(services));
           return &detail::held<std::tuple_element_t<I, tuple>>::of(part);
         })),
     ...);
  }

  tuple parts_;
  sesame::engine engine_;
};

template <class... Parts>
server(server_options, Parts...) -> server<Parts...>;

}  // namespace sesame::inline v0
