// The server that a user makes: services, and the providers that tell who calls them.
//
//     sesame::server server{{.name = "records", .version = "1.0.0"}, records{}, provider};
//     return sesame::run(server, argc, argv);
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/provider.hpp"
#include "sesame/configuration.hpp"
#include "sesame/server/engine_handle.hpp"
#include "sesame/server/name_table.hpp"
#include "sesame/service/entry.hpp"
#include "sesame/service/make_entry.hpp"
#include "sesame/service/policies.hpp"
#include "sesame/service/primitive.hpp"
#include "sesame/service/prompt.hpp"
#include "sesame/service/resource.hpp"
#include "sesame/service/tool.hpp"

#include <algorithm>
#include <array>
#include <chrono>
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

// What a list declares; nothing for what is no list.
template <class List>
struct listed {
  using type = meta::types<>;
  static constexpr bool is_list = false;
};
template <class List, class... Items>
struct listed_items {
  using type = meta::types<Items...>;
  static constexpr bool is_list = true;
};
template <class... Items>
struct listed<tools<Items...>> : listed_items<tools<Items...>, Items...> {
  static_assert(meta::all<(Items::kind == primitive::tool)...>,
                "sesame: tools<...> lists tool<...> alone");
};
template <class... Items>
struct listed<resources<Items...>> : listed_items<resources<Items...>, Items...> {
  static_assert(meta::all<(detail::list_of(Items::kind) == detail::change_kind::resources)...>,
                "sesame: resources<...> lists resource<...> and resource_template<...> alone");
};
template <class... Items>
struct listed<prompts<Items...>> : listed_items<prompts<Items...>, Items...> {
  static_assert(meta::all<(Items::kind == primitive::prompt)...>,
                "sesame: prompts<...> lists prompt<...> alone");
};

// What a service names in one of its lists.
template <class Part>
struct own_tools : listed<void> {};
template <class Part>
  requires requires { typename Part::tools; }
struct own_tools<Part> : listed<typename Part::tools> {};
template <class Part>
struct own_resources : listed<void> {};
template <class Part>
  requires requires { typename Part::resources; }
struct own_resources<Part> : listed<typename Part::resources> {};
template <class Part>
struct own_prompts : listed<void> {};
template <class Part>
  requires requires { typename Part::prompts; }
struct own_prompts<Part> : listed<typename Part::prompts> {};

// All that a part offers: a service, or a list of functions that belong to nothing.
template <class Part>
struct offered {
  using type = meta::concatenate<typename own_tools<Part>::type, typename own_resources<Part>::type,
                                 typename own_prompts<Part>::type>;
  static constexpr bool is_list =
      own_tools<Part>::is_list || own_resources<Part>::is_list || own_prompts<Part>::is_list;
};
template <class Part>
  requires listed<Part>::is_list
struct offered<Part> : listed<Part> {};

// What of a list is of one kind.
template <primitive Kind, class List>
struct of_primitive;
template <primitive Kind, class... Items>
struct of_primitive<Kind, meta::types<Items...>> {
  using type = meta::concatenate<
      std::conditional_t<Items::kind == Kind, meta::types<Items>, meta::types<>>...>;
};

// A part that knows only when it is made what its items are called.
template <class Part>
concept names_itself = requires(const Part& part, resource_entry& made) { part.finish(made); };

template <class T>
inline constexpr bool is_policy_list = false;
template <class... P>
inline constexpr bool is_policy_list<policies<P...>> = true;

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
  template <class Service, class... Items>
  struct names<Service, meta::types<Items...>> {
    static constexpr std::array<std::string_view, sizeof...(Items)> list{
        declaration<Service, Items, policies>::key...};
  };
  template <primitive Kind, class Part>
  using names_of = names<Part, typename of_primitive<Kind, typename offered<Part>::type>::type>;

  template <primitive Kind>
  static constexpr std::size_t count = (names_of<Kind, Parts>::list.size() + ... + std::size_t{0});

  /// What clients ask for things of a kind by, in the order in which they are listed.
  template <primitive Kind>
  static constexpr std::array<std::string_view, count<Kind>> keys = [] {
    std::array<std::string_view, count<Kind>> all{};
    [[maybe_unused]] std::size_t n = 0;
    [[maybe_unused]] const auto add = [&]<class Part>(std::type_identity<Part>) {
      for (const auto name : names_of<Kind, Part>::list) {
        if constexpr (!names_itself<Part>) all[n] = name;
        ++n;
      }
    };
    (add(std::type_identity<Parts>{}), ...);
    return all;
  }();

  // Whether the pages that the tools of a part name are there.
  template <class Service, class... Items>
  static consteval bool has_pages(meta::types<Items...>) {
    [[maybe_unused]] const auto there = [](std::string_view page) {
      return page.empty() ||
             std::ranges::find(keys<primitive::resource>, page) != keys<primitive::resource>.end();
    };
    const std::array<std::string_view, sizeof...(Items)> pages{
        declaration<Service, Items, policies>::page...};
    return std::ranges::all_of(pages, there);
  }

  static consteval bool check() {
    static_assert(((offered<Parts>::is_list || provider<Parts> || is_policy_list<Parts>) && ...),
                  "sesame: a server is made of services, providers and policies<...>; one of its "
                  "parts is none of these (a service has a public member type `tools`, `resources` "
                  "or `prompts`)");
    static_assert(unique_names(keys<primitive::tool>),
                  "sesame: two tools of this server have the same name; rename one with "
                  "named<\"...\">");
    static_assert(unique_names(keys<primitive::prompt>),
                  "sesame: two prompts of this server have the same name; rename one with "
                  "named<\"...\">");
    static_assert(unique_names(keys<primitive::resource>),
                  "sesame: two resources of this server have the same URI");
    static_assert((has_pages<Parts>(typename offered<Parts>::type{}) && ...),
                  "sesame: ui<...> of a tool names a page that no resource of this server is");
    static_assert(unique_names(keys<primitive::resource_template>),
                  "sesame: two resource templates of this server are the same");
    return true;
  }

  // The places of some providers among all.
  template <class... P>
  static consteval auto places_of(meta::types<P...>) {
    return std::array<std::size_t, sizeof...(P)>{place_of_provider<P, Parts...>()...};
  }
  template <class List>
  static constexpr auto places = places_of(List{});

  template <class Service, class Item>
  using providers_of = typename declaration<Service, Item, policies>::providers;
};

// One perfect hash for each kind and set of parts.
template <primitive Kind, class... Parts>
inline constexpr name_table<server_types<Parts...>::template count<Kind>> table{
    server_types<Parts...>::template keys<Kind>};

// The vector that the rows of a kind are in.
template <primitive Kind>
auto& rows_of(engine_parts& parts) {
  if constexpr (Kind == primitive::tool)
    return parts.tools;
  else if constexpr (Kind == primitive::resource)
    return parts.resources;
  else if constexpr (Kind == primitive::resource_template)
    return parts.templates;
  else
    return parts.prompts;
}

}  // namespace detail

/// A server. Its parts are services, providers and `policies<…>`, in any order, each by value, by
/// `std::ref` or by a smart pointer. Everything about what they offer is checked when this is
/// compiled.
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

  /// Tells the client that asked its user to visit a page (`elicit_url::id`) that this is done, where
  /// its revision knows of that (2025-11-25); from any thread, once for each page.
  void elicitation_completed(std::string_view id) {
    engine_.publish({detail::change_kind::elicitation, id});
  }

  /// Tells every client that listens that a list is not what it was, or that the resource `uri` has
  /// new content; from any thread. Changes that come faster than they are told may be told once.
  void tools_changed() { engine_.publish({detail::change_kind::tools}); }
  void prompts_changed() { engine_.publish({detail::change_kind::prompts}); }
  void resources_changed() { engine_.publish({detail::change_kind::resources}); }
  void resource_updated(std::string_view uri) {
    engine_.publish({detail::change_kind::resource, uri});
  }

  /// What transports talk to (server/engine.hpp).
  [[nodiscard]] sesame::engine& engine() noexcept { return engine_.get(); }

  /// Switches a tool or prompt (by its name), a resource (by its URI) or a resource template (by the
  /// template) off, or on again, for everybody. What is off is not listed, and unknown to whoever
  /// asks for it. False if there is none of that key. From any thread.
  bool enable(primitive kind, std::string_view key, bool on = true) {
    return engine_.enable(kind, key, on);
  }

 private:
  using tuple = std::tuple<Parts...>;
  using types = detail::server_types<detail::held_type<Parts>...>;
  static_assert(types::check());

  detail::engine_parts make_parts() {
    detail::engine_parts made;
    made.services = &parts_;
    made.find_tool = finder<primitive::tool>();
    made.find_resource = finder<primitive::resource>();
    made.find_prompt = finder<primitive::prompt>();
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (add<I>(made), ...);
    }(std::index_sequence_for<Parts...>{});
    return made;
  }

  template <class Part>
  static auto asks() -> decltype(detail::provider_entry::look_up) {
    if constexpr (asking_provider<Part>)
      return [](const void* object, std::string token, std::chrono::system_clock::time_point now) {
        return static_cast<const Part*>(object)->look_up(std::move(token), now);
      };
    else
      return nullptr;
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
                                },
                                asks<part>(), for_development(held::of(std::get<I>(parts_)))});
    add_items<I, part>(made, typename detail::offered<part>::type{});
  }

  template <std::size_t I, class Service, class... Items>
  void add_items(detail::engine_parts& made, meta::types<Items...>) {
    static_assert(
        meta::all<detail::declaration<Service, Items, typename types::policies>::check()...>);
    using adder = void (server::*)(detail::engine_parts&);
    constexpr std::array<adder, sizeof...(Items)> adders{&server::add_item<I, Service, Items>...};
    for (const auto add : adders) (this->*add)(made);
  }

  // Not within `add_items`: everything there has all items in its name.
  template <std::size_t I, class Service, class Item>
  void add_item(detail::engine_parts& made) {
    auto& rows = detail::rows_of<Item::kind>(made);
    rows.push_back(detail::make_entry<Service, Item, typename types::policies>(
        types::template places<typename types::template providers_of<Service, Item>>,
        &service_at<I>));
    if constexpr (detail::names_itself<Service>)
      detail::held<std::tuple_element_t<I, tuple>>::of(std::get<I>(parts_)).finish(rows.back());
  }

  template <std::size_t I>
  static void* service_at(void* services) {
    auto& part = std::get<I>(*static_cast<tuple*>(services));
    return &detail::held<std::tuple_element_t<I, tuple>>::of(part);
  }

  template <primitive Kind>
  static detail::engine_parts::finder finder() {
    return [](std::string_view key) noexcept {
      return detail::table<Kind, detail::held_type<Parts>...>.find(key);
    };
  }

  tuple parts_;
  detail::engine_handle engine_;
};

template <class... Parts>
server(server_options, Parts...) -> server<Parts...>;

}  // namespace sesame::inline v0
