// SPDX-License-Identifier: BSL-1.0

#include "sesame/protocol/capabilities.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>

namespace capabilities_test {

namespace json = sesame::json;
using sesame::client_capabilities;
using capabilities = client_capabilities;

client_capabilities declared(std::string_view text) {
  json::document document;
  return client_capabilities::read(*json::as_object(*document.parse(text)));
}
constexpr client_capabilities set(int flags) {
  return client_capabilities{static_cast<std::uint8_t>(flags)};
}

TEST_CASE("an empty declaration of elicitation means forms") {
  CHECK(declared(R"({"elicitation":{}})") == set(capabilities::elicitation_form));
  CHECK(declared(R"({"elicitation":{"form":{}}})") == set(capabilities::elicitation_form));
  CHECK(declared(R"({"elicitation":{"form":{"applyDefaults":true}}})") ==
        set(capabilities::elicitation_form));
  CHECK(declared(R"({"elicitation":{"url":{}}})") == set(capabilities::elicitation_url));
  CHECK(declared(R"({"elicitation":{"form":{},"url":{}}})") ==
        set(capabilities::elicitation_form | capabilities::elicitation_url));
}

TEST_CASE("sampling and roots") {
  CHECK(declared(R"({"sampling":{}})") == set(capabilities::sampling));
  CHECK(declared(R"({"sampling":{"tools":{}}})") ==
        set(capabilities::sampling | capabilities::sampling_tools));
  CHECK(declared(R"({"roots":{"listChanged":true}})") == set(capabilities::roots));
}

TEST_CASE("a client shows the pages of the one type that there is") {
  const auto shows = [](std::string_view types) {
    return declared(R"({"extensions":{"io.modelcontextprotocol/ui":)" + std::string{types} +
                    "}}") == set(capabilities::ui);
  };
  CHECK(shows(R"({"mimeTypes":["text/html","text/html;profile=mcp-app"]})"));
  for (const auto types : {"{}", "[]", R"({"mimeTypes":[]})", R"({"mimeTypes":["text/html"]})",
                           R"({"mimeTypes":"text/html;profile=mcp-app"})", R"({"mimeTypes":[1]})"})
    CHECK_FALSE(shows(types));
}

TEST_CASE("what is no object declares nothing") {
  CHECK(declared("{}").empty());
  for (const auto text :
       {R"({"elicitation":true})", R"({"elicitation":null})", R"({"sampling":[]})",
        R"({"roots":"yes"})", R"({"Elicitation":{}})", R"({"experimental":{"elicitation":{}}})"})
    CHECK(declared(text).empty());
  CHECK(declared(R"({"sampling":{"tools":null}})") == set(capabilities::sampling));
  CHECK_FALSE(
      declared(R"({"elicitation":{"url":false}})").covers(set(capabilities::elicitation_url)));
}

TEST_CASE("a set covers its parts") {
  const auto all = set(31);
  CHECK(all.covers({}));
  CHECK(all.covers(set(capabilities::roots)));
  CHECK(client_capabilities{}.covers({}));
  CHECK_FALSE(client_capabilities{}.covers(set(capabilities::sampling)));
  CHECK_FALSE(set(capabilities::sampling).covers(set(capabilities::sampling_tools)));
  CHECK(
      set(capabilities::sampling).with(set(capabilities::roots)).covers(set(capabilities::roots)));
}

TEST_CASE("what a revision does not know cannot be used in it") {
  using sesame::protocol::find_revision;
  const auto all = set(31);
  CHECK(all.known_to(*find_revision("2026-07-28")) == all);
  CHECK(all.known_to(*find_revision("2025-11-25")) == all);
  CHECK(all.known_to(*find_revision("2025-06-18")) ==
        set(capabilities::elicitation_form | capabilities::sampling | capabilities::roots));
  for (const auto name : {"2025-03-26", "2024-11-05"})
    CHECK(all.known_to(*find_revision(name)) == set(capabilities::sampling | capabilities::roots));
}

TEST_CASE("every set is read from what it is written as") {
  for (int flags = 0; flags < 128; ++flags) {
    const bool tools_alone =
        (flags & capabilities::sampling_tools) != 0 && (flags & capabilities::sampling) == 0;
    const auto given = set(tools_alone ? flags | capabilities::sampling : flags);
    CHECK(declared(set(flags).to_json()) == given);
  }
  CHECK(client_capabilities{}.to_json() == "{}");
  CHECK(set(capabilities::tasks | capabilities::ui).to_json() ==
        R"({"extensions":{"io.modelcontextprotocol/tasks":{},)"
        R"("io.modelcontextprotocol/ui":{"mimeTypes":["text/html;profile=mcp-app"]}}})");
  CHECK(set(31).to_json() ==
        R"({"elicitation":{"form":{},"url":{}},"sampling":{"tools":{}},"roots":{}})");
}

std::string offered(const sesame::protocol::server_capabilities& what,
                    std::string_view revision = "2026-07-28") {
  std::string text;
  json::writer out{text};
  sesame::protocol::write(what, *sesame::protocol::find_revision(revision), out);
  return text;
}

TEST_CASE("a server declares what it has, and nothing else") {
  CHECK(offered({}) == R"({"logging":{}})");
  CHECK(offered({.tools = true}) == R"({"logging":{},"tools":{}})");
  CHECK(offered({.tools = true, .resources = true, .prompts = true, .completions = true}) ==
        R"({"logging":{},"completions":{},"prompts":{},"resources":{},"tools":{}})");
  CHECK(offered({.tools = true,
                 .resources = true,
                 .prompts = true,
                 .list_changed = true,
                 .subscribe = true}) ==
        R"({"logging":{},"prompts":{"listChanged":true},)"
        R"("resources":{"subscribe":true,"listChanged":true},"tools":{"listChanged":true}})");
  CHECK(offered({.resources = true, .subscribe = true}) ==
        R"({"logging":{},"resources":{"subscribe":true}})");
}

TEST_CASE("completions are a capability since 2025-03-26") {
  CHECK(offered({.completions = true}, "2025-03-26") == R"({"logging":{},"completions":{}})");
  CHECK(offered({.completions = true}, "2024-11-05") == R"({"logging":{}})");
}

}  // namespace capabilities_test
