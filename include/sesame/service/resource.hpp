// How resources are declared: what a client reads by a URI, and what it reads by URIs that it makes
// from a template.
//
//     struct docs : sesame::service<> {
//       std::string readme() const;
//       std::optional<std::string> page(const page_address& at) const;   // nothing: not found
//
//       using resources = sesame::resources<
//           sesame::resource<&docs::readme, "docs://readme", "The read-me">,
//           sesame::resource_template<&docs::page, "docs://pages/{id}", "One page">>;
//     };
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/uri.hpp"
#include "sesame/service/primitive.hpp"
#include "sesame/service/text_arguments.hpp"
#include "sesame/service/uri_template.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace sesame::inline v0 {

/// One resource with a URI of its own. Its function takes what that of a tool may take, but for a
/// struct of arguments, and returns a text, `binary`, a struct (which becomes JSON text),
/// `resource_contents` or a list of them, or an optional, a `result` or a `task` of these. Nothing,
/// or an empty list of contents, means that it is not there (any more).
template <auto Function, fixed_string Uri, fixed_string Description, class... Policies>
struct resource : detail::item<detail::resource_rules, Function, Description, Policies...> {
  static_assert(detail::is_function<Function>,
                "sesame: a resource is a member function, a free function or a captureless lambda");
  static_assert(!Description.empty(), "sesame: a resource needs a description");
  static_assert(net::is_uri(Uri.view()),
                "sesame: the URI of a resource has a scheme, and only the characters of RFC 3986");
  static constexpr primitive kind = primitive::resource;
  static constexpr std::string_view key() { return uri.view(); }

  template <class Declared>
  static consteval bool check() {
    static_assert(Declared::argument_list::size == 0,
                  "sesame: a resource takes no arguments; declare a resource_template whose "
                  "variables are the members of the struct");
    return true;
  }

 private:
  static constexpr auto uri = Uri;
};

namespace detail {

/// Whether each variable is a member, and each member that is required is a variable.
template <class Arguments>
consteval bool variables_are_fields(std::string_view text) {
  bool all = true;
  each_variable(text, [&](std::string_view name) {
    all = all && place_of_field<Arguments>(name) != meta::field_count<Arguments>;
  });
  return all;
}
template <class Arguments>
consteval bool required_fields_are_variables(std::string_view text) {
  return [&]<class... Tags>(meta::types<Tags...>) {
    std::size_t at = 0;
    const auto is_given = [&](bool can_be_left_out) {
      bool given = can_be_left_out;
      const auto field = meta::field_names<Arguments>[at++];
      each_variable(text, [&](std::string_view name) { given = given || name == field; });
      return given;
    };
    return (is_given(json::is_optional<typename Tags::type> || Tags::has_default) && ...);
  }(typename json::detail::annotated_members<Arguments>::tags{});
}

}  // namespace detail

/// Resources whose URIs are made from a template (RFC 6570, as far as `{name}` and, at the end,
/// `{+name}`). Each variable is a member of the function's struct of arguments: a text, a number, a
/// bool, an enumeration, or an optional of these. A URI whose variables do not fit their members
/// leads to nothing. What the function returns is as for `resource`.
template <auto Function, fixed_string UriTemplate, fixed_string Description, class... Policies>
struct resource_template
    : detail::item<detail::resource_rules, Function, Description, Policies...> {
  static_assert(detail::is_function<Function>,
                "sesame: a resource template is a member function, a free function or a "
                "captureless lambda");
  static_assert(!Description.empty(), "sesame: a resource template needs a description");
  static constexpr auto fault = detail::fault_of(UriTemplate.view());
  static_assert(fault != detail::template_fault::no_uri,
                "sesame: a URI template has a scheme, and only the characters of RFC 3986 outside "
                "its variables");
  static_assert(fault != detail::template_fault::expression,
                "sesame: a URI template has variables as {name}, or as {+name} at its end; other "
                "expressions of RFC 6570 cannot be matched");
  static_assert(fault != detail::template_fault::ambiguous,
                "sesame: where a variable of this URI template ends is not clear; put a '/' or the "
                "like behind {name}, and {+name} at the end");
  static_assert(fault != detail::template_fault::repeated,
                "sesame: a URI template has the same variable twice");
  static constexpr primitive kind = primitive::resource_template;
  static constexpr std::string_view key() { return uri.view(); }

  template <class Declared>
  static consteval bool check() {
    using arguments = typename Declared::arguments;
    static_assert(detail::has_text_fields<arguments>,
                  "sesame: a variable of a URI template is a string, a number, a bool, an "
                  "enumeration, a time or an optional of these");
    static_assert(
        fault != detail::template_fault::none || detail::variables_are_fields<arguments>(key()),
        "sesame: a variable of this URI template is no member of the function's struct "
        "of arguments");
    static_assert(fault != detail::template_fault::none ||
                      detail::required_fields_are_variables<arguments>(key()),
                  "sesame: a member of the struct of arguments is no variable of the URI template; "
                  "make it an optional, or add default_value");
    return true;
  }

 private:
  static constexpr auto uri = UriTemplate;
};

/// The resources and resource templates of a service, in the order in which clients see them: a
/// service's public member type `resources` names one of these.
template <class... Resources>
struct resources {};

}  // namespace sesame::inline v0
