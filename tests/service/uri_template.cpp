// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/uri_template.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace uri_template_test {

using sesame::detail::fault_of;
using sesame::detail::match_template;
using sesame::detail::template_fault;

// What the variables are, as `name=value;`; "no" for a URI that the template does not make.
std::string matched(std::string_view text, std::string_view uri) {
  const auto values = match_template(text, uri);
  if (!values) return "no";
  std::string all;
  for (const auto& [name, value] : *values) all += std::string{name} + "=" + value + ";";
  return all;
}

static_assert(fault_of("docs://pages/{id}") == template_fault::none);

TEST_CASE("a template that can be matched in one way alone is taken") {
  for (const auto text : {"a:b", "a:{b}", "a://{host}/{path}", "a:{+b}", "a:x{b}/c",
                          "a://b/{c}?d={e}", "file:///{+path}", "a:{b_1}:{c}", "a:{b}#{c}"})
    CHECK(fault_of(text) == template_fault::none);
}

TEST_CASE("what is wrong with a template is found before it is used") {
  for (const auto text : {"", "b", "{a}:b", "/a/{b}", "a:b c{d}", "a:%4{b}", "a:\u00e9{b}"})
    CHECK(fault_of(text) == template_fault::no_uri);
  for (const auto text :
       {"a:{", "a:}", "a:{}", "a:{b", "a:b}", "a:{{b}}", "a:{+}", "a:{/b}", "a:{?b}", "a:{&b}",
        "a:{;b}", "a:{.b}", "a:{b,c}", "a:{b*}", "a:{b:3}", "a:{b.c}", "a:{b}/{"})
    CHECK(fault_of(text) == template_fault::expression);
  for (const auto text : {"a:{b}{c}", "a:{b}c", "a:{b}-{c}", "a:{b}.txt", "a:{b}%20", "a:{+b}/c",
                          "a:{+b}{c}", "a:{b}{+c}"})
    CHECK(fault_of(text) == template_fault::ambiguous);
  for (const auto text : {"a:{b}/{b}", "a:{b}/{+b}"})
    CHECK(fault_of(text) == template_fault::repeated);
  CHECK(fault_of("a:#{b}#") == template_fault::no_uri);
}

TEST_CASE("a variable is what stands between its literals, decoded once") {
  CHECK(matched("a:{b}", "a:c") == "b=c;");
  CHECK(matched("a://{b}/{c}?d={e}", "a://1/2?d=3") == "b=1;c=2;e=3;");
  CHECK(matched("a:{b}", "a:%C3%A9%20%2F") == "b=\u00e9 /;");
  CHECK(matched("a:{b}", "a:%2541") == "b=%41;");
  CHECK(matched("a:{+b}", "a:c/d?e#f") == "b=c/d?e#f;");
  CHECK(matched("a:{b}/c", "a:x-._~/c") == "b=x-._~;");
  CHECK(matched("a:b", "a:b").empty());
}

TEST_CASE("an empty variable is as good as none") {
  CHECK(matched("a:{b}", "a:").empty());
  CHECK(matched("a:{b}/{c}", "a:/d") == "c=d;");
  CHECK(matched("a:{+b}", "a:").empty());
}

TEST_CASE("what the template does not make does not match") {
  for (const auto uri : {"", "a", "b:c", "A:c", "a:c/", "a:/c", "a:c/d", "a:c?", "a:c#", "a:c d"})
    CHECK(matched("a:{b}", uri) == (uri == std::string_view{"a:"} ? "" : "no"));
  CHECK(matched("a:{b}/c", "a:x/d") == "no");
  CHECK(matched("a:{b}/c", "a:x/c/") == "no");
  CHECK(matched("a:{b}", "a:%") == "no");
  CHECK(matched("a:{b}", "a:%4") == "no");
}

TEST_CASE("what decodes to no UTF-8 matches nothing") {
  for (const auto uri : {"a:%FF", "a:%C3", "a:%ED%A0%80", "a:%C0%AE"})
    CHECK(matched("a:{+b}", uri) == "no");
}

}  // namespace uri_template_test
