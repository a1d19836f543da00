// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/declaration.hpp"

#include "sesame/service/task.hpp"
#include "sesame/service/tool.hpp"

#include <array>
#include <chrono>
#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace declaration_test {

using sesame::detail::declaration;
using sesame::meta::types;

struct provider_of_test {
  sesame::result<sesame::principal, sesame::auth_failure> verify(
      std::string_view, std::chrono::system_clock::time_point) const {
    return sesame::failure{sesame::auth_failure{sesame::auth_error::invalid_token, ""}};
  }
  std::vector<std::string> issuers() const { return {}; }
};
struct other_provider : provider_of_test {};

struct query {
  std::string text;
};
struct form {
  std::string name;
};

struct books : sesame::service<sesame::authenticated<provider_of_test>, sesame::scopes<"read">> {
  std::string find(const sesame::principal&, sesame::context&, const query& q) const {
    return q.text;
  }
  sesame::task<int> count(const sesame::elicited<form>&) { co_return 1; }
  const std::string& title() const noexcept { return name; }
  std::string name;
};
std::string free_function() {
  return "free";
}

template <auto Function, class... Policies>
using tool = sesame::tool<Function, "-", Policies...>;

using find = declaration<books, tool<&books::find>, types<>>;
static_assert(find::check());
static_assert(find::name == "find");
static_assert(find::title.empty());
static_assert(std::is_same_v<find::arguments, query>);
static_assert(std::is_same_v<find::result, std::string>);
static_assert(std::is_same_v<find::providers, types<provider_of_test>>);
static_assert(find::scopes == std::array<std::string_view, 1>{"read"});
static_assert(find::is_authenticated && !find::asks && !find::is_task && find::needs.empty());

using count = declaration<books,
                          tool<&books::count, sesame::elicitation<form>, sesame::named<"n">,
                               sesame::requires_client<sesame::client_capabilities::roots>>,
                          types<>>;
static_assert(count::check());
static_assert(count::name == "n");
static_assert(count::asks && count::is_task);
static_assert(std::is_same_v<count::form, form>);
static_assert(std::is_same_v<count::result, int>);
static_assert(count::needs ==
              sesame::client_capabilities{sesame::client_capabilities::roots |
                                          sesame::client_capabilities::elicitation_form});
static_assert(std::is_same_v<count::arguments, sesame::detail::no_arguments>);

// A reference is returned by its value.
static_assert(
    std::is_same_v<declaration<books, tool<&books::title>, types<>>::result, std::string>);

// The nearest list decides, by kind.
using opened = declaration<books, tool<&books::title, sesame::anonymous>, types<>>;
static_assert(opened::check());
static_assert(!opened::is_authenticated && opened::scopes.empty());
using replaced =
    declaration<books, tool<&books::title, sesame::authenticated<other_provider>>, types<>>;
static_assert(std::is_same_v<replaced::providers, types<other_provider>>);
static_assert(replaced::scopes == std::array<std::string_view, 1>{"read"});

using server_policies = types<sesame::authenticated<other_provider>, sesame::scopes<"all">>;
static_assert(std::is_same_v<declaration<books, tool<&books::title>, server_policies>::providers,
                             types<provider_of_test>>);
using free_list = sesame::tools<tool<&free_function>>;
using of_server = declaration<free_list, tool<&free_function>, server_policies>;
static_assert(of_server::check());
static_assert(std::is_same_v<of_server::providers, types<other_provider>>);
static_assert(of_server::scopes == std::array<std::string_view, 1>{"all"});
using open_to_all =
    declaration<free_list, tool<&free_function, sesame::anonymous>, server_policies>;
static_assert(open_to_all::check());
static_assert(!open_to_all::is_authenticated && open_to_all::scopes.empty());

TEST_CASE("declarations are resolved when they are compiled") {
  CHECK(find::name == "find");
  CHECK(of_server::name == "free_function");
}

}  // namespace declaration_test
