// SPDX-License-Identifier: BSL-1.0

#include "sesame/meta/function.hpp"

#include <doctest/doctest.h>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

namespace function_test {

struct argument {};

struct service {
  int plain(argument, const std::string&) { return 1; }
  int constant(argument&&) const { return 2; }
  void silent(int) noexcept {}
  argument both() const noexcept { return {}; }
  int on_lvalue(int) & { return 3; }
  int on_const_lvalue(int) const& { return 4; }
  int silent_lvalue(int) & noexcept { return 5; }
  int silent_const_lvalue(int) const& noexcept { return 6; }
  std::unique_ptr<int> overloaded(int) { return nullptr; }
  std::string overloaded(std::string text) const noexcept { return text; }
  template <class T>
  T templated(T value) {
    return value;
  }
  int operator()(int n) { return n; }
  static bool of_the_class(argument) { return true; }
  int name_with_9_and_\u00fc() { return 9; }
};

template <class T>
struct class_template {
  T member(T value) { return value; }
};

int free_function(const argument&) {
  return 1;
}
int free_overloaded(int) {
  return 1;
}
int free_overloaded(char) noexcept {
  return 2;
}
template <class T>
int free_template(T) {
  return 3;
}
void sentinel_function() {}

}  // namespace function_test

int in_no_namespace(int n) {
  return n;
}

namespace {

namespace meta = sesame::meta;
using namespace function_test;

int hidden(int n) {
  return n;
}

template <class Signature, class Owner, class Result, class... Arguments>
inline constexpr bool reads =
    std::is_same_v<typename Signature::owner, Owner> &&
    std::is_same_v<typename Signature::result, Result> &&
    std::is_same_v<typename Signature::arguments, meta::types<Arguments...>>;

template <auto Function>
using signature_of = meta::signature<decltype(Function)>;

static_assert(reads<signature_of<&service::plain>, service, int, argument, const std::string&>);
static_assert(reads<signature_of<&service::constant>, const service, int, argument&&>);
static_assert(reads<signature_of<&service::silent>, service, void, int>);
static_assert(reads<signature_of<&service::both>, const service, argument>);
static_assert(reads<signature_of<&service::on_lvalue>, service, int, int>);
static_assert(reads<signature_of<&service::on_const_lvalue>, const service, int, int>);
static_assert(reads<signature_of<&service::silent_lvalue>, service, int, int>);
static_assert(reads<signature_of<&service::silent_const_lvalue>, const service, int, int>);
static_assert(reads<signature_of<&service::of_the_class>, void, bool, argument>);
static_assert(reads<signature_of<&service::templated<long>>, service, long, long>);
static_assert(reads<signature_of<&class_template<int>::member>, class_template<int>, int, int>);
static_assert(reads<signature_of<&free_function>, void, int, const argument&>);
static_assert(reads<signature_of<&free_template<int>>, void, int, int>);

constexpr auto first_overload =
    static_cast<std::unique_ptr<int> (service::*)(int)>(&service::overloaded);
constexpr auto second_overload =
    static_cast<std::string (service::*)(std::string) const noexcept>(&service::overloaded);
constexpr auto free_overload = static_cast<int (*)(char) noexcept>(&free_overloaded);
static_assert(reads<meta::signature<std::remove_const_t<decltype(first_overload)>>, service,
                    std::unique_ptr<int>, int>);
static_assert(reads<meta::signature<std::remove_const_t<decltype(second_overload)>>, const service,
                    std::string, std::string>);
static_assert(
    reads<meta::signature<std::remove_const_t<decltype(free_overload)>>, void, int, char>);

constexpr auto lambda = [](int, const std::string&) { return true; };
constexpr auto silent_lambda = [](argument) noexcept {};
constexpr auto generic_lambda = [](auto value) { return value; };
static_assert(reads<meta::signature<std::remove_const_t<decltype(lambda)>>, void, bool, int,
                    const std::string&>);
static_assert(
    reads<meta::signature<std::remove_const_t<decltype(silent_lambda)>>, void, void, argument>);
static_assert(reads<meta::signature<service>, void, int, int>, "by its call operator");

static_assert(meta::readable_function<decltype(&service::plain)>);
static_assert(meta::readable_function<std::remove_const_t<decltype(lambda)>>);
static_assert(!meta::readable_function<std::remove_const_t<decltype(generic_lambda)>>);
static_assert(!meta::readable_function<int>);
static_assert(!meta::readable_function<argument>);

static_assert(meta::function_name<&service::plain> == "plain");
static_assert(meta::function_name<&service::constant> == "constant");
static_assert(meta::function_name<&service::silent> == "silent");
static_assert(meta::function_name<&service::both> == "both");
static_assert(meta::function_name<&service::on_lvalue> == "on_lvalue");
static_assert(meta::function_name<&service::of_the_class> == "of_the_class");
static_assert(meta::function_name<&service::name_with_9_and_\u00fc> == "name_with_9_and_\u00fc");
static_assert(meta::function_name<&service::templated<std::string>> == "templated");
static_assert(meta::function_name<&class_template<class_template<int>>::member> == "member");
static_assert(meta::function_name<first_overload> == "overloaded");
static_assert(meta::function_name<second_overload> == "overloaded");
static_assert(meta::function_name<&free_function> == "free_function");
static_assert(meta::function_name<free_overload> == "free_overloaded");
static_assert(meta::function_name<&free_template<class_template<int>>> == "free_template");
static_assert(meta::function_name<&function_test::sentinel_function> == "sentinel_function");
static_assert(meta::function_name<&in_no_namespace> == "in_no_namespace");
static_assert(meta::function_name<&hidden> == "hidden");
static_assert(meta::function_name<&service::operator()>.empty());
static_assert(meta::function_name<lambda>.empty());

TEST_CASE("a member function of a class inside a function has a name") {
  struct local {
    int answer() const { return hidden(in_no_namespace(42)); }
  };
  CHECK(meta::function_name<&local::answer> == "answer");
  CHECK(local{}.answer() == 42);
}

}  // namespace
