// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/metadata.hpp"

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <utility>

namespace metadata_test {

using namespace server_test;

struct at_id {
  int id;
};

struct shown : sesame::service<sesame::with_icon<"https://a/service.png">, sesame::for_user> {
  std::string plain() const { return ""; }
  std::string own() const { return ""; }
  std::string page(const at_id&) const { return ""; }

  using tools = sesame::tools<
      sesame::tool<&shown::plain, "-">,
      sesame::tool<&shown::own, "-", sesame::title<"Own">, sesame::with_meta<R"({"a.b/c": 1})">,
                   sesame::with_icon<"https://a/1.png", "image/png", "48x48 96x96">,
                   sesame::with_icon<"data:image/svg+xml,x", "", "any", sesame::icon_theme::dark>>>;
  using resources = sesame::resources<
      sesame::resource<&shown::plain, "docs://plain", "-">,
      sesame::resource<&shown::own, "docs://own", "-", sesame::title<"Own">, sesame::for_assistant,
                       sesame::priority<80>, sesame::last_modified<"2026-01-02T03:04:05Z">,
                       sesame::resource_size<12>, sesame::mime_type<"text/markdown">,
                       sesame::with_meta<"{}">>,
      sesame::resource_template<&shown::page, "docs://pages/{id}", "-", sesame::title<"Page">,
                                sesame::mime_type<"text/html">>>;
  using prompts = sesame::prompts<sesame::prompt<&shown::own, "-", sesame::title<"Own">>>;
};

struct fixture {
  sesame::server<shown> server{
      {.name = "shown", .version = "1", .icons = {{"https://a/server.png"}}}, shown{}};
  direct client{server.engine()};

  std::string list(std::string_view method, std::string_view revision) {
    client(initialize(revision));
    return client(request(1, method));
  }
};

TEST_CASE_FIXTURE(fixture, "icons nest as policies do") {
  const auto tools = client(stateless(1, "tools/list"));
  CHECK(at(tools, "/result/tools/0/icons") == R"([{"src":"https://a/service.png"}])");
  CHECK(at(tools, "/result/tools/1/icons") ==
        R"([{"src":"https://a/1.png","mimeType":"image/png","sizes":["48x48","96x96"]},)"
        R"({"src":"data:image/svg+xml,x","sizes":["any"],"theme":"dark"}])");
  for (const auto& [method, list] : {std::pair{"resources/list", "resources"},
                                     {"prompts/list", "prompts"},
                                     {"resources/templates/list", "resourceTemplates"}})
    CHECK(at(client(stateless(1, method)), "/result/"s + list + "/0/icons") ==
          R"([{"src":"https://a/service.png"}])");
  CHECK(at(client(stateless(1, "server/discover")),
           "/result/_meta/io.modelcontextprotocol~1serverInfo/icons") ==
        R"([{"src":"https://a/server.png"}])");
}

TEST_CASE_FIXTURE(fixture, "a resource has a type, a size and annotations") {
  const auto listed = client(stateless(1, "resources/list"));
  CHECK(at(listed, "/result/resources/0") ==
        R"({"name":"plain","description":"-","uri":"docs://plain",)"
        R"("annotations":{"audience":["user"]},"icons":[{"src":"https://a/service.png"}]})");
  CHECK(at(listed, "/result/resources/1") ==
        R"({"name":"own","title":"Own","description":"-","uri":"docs://own",)"
        R"("mimeType":"text/markdown","size":12,"annotations":{"audience":["assistant"],)"
        R"("priority":0.8,"lastModified":"2026-01-02T03:04:05Z"},)"
        R"("icons":[{"src":"https://a/service.png"}],"_meta":{}})");
  CHECK(at(client(stateless(1, "resources/templates/list")), "/result/resourceTemplates") ==
        R"([{"name":"page","title":"Page","description":"-","uriTemplate":"docs://pages/{id}",)"
        R"("mimeType":"text/html","annotations":{"audience":["user"]},)"
        R"("icons":[{"src":"https://a/service.png"}]}])");
}

TEST_CASE_FIXTURE(fixture, "a revision is told what it knows of an item") {
  CHECK(at(list("tools/list", "2025-11-25"), "/result/tools/1/_meta") == R"({"a.b/c":1})");
  CHECK(at(list("tools/list", "2025-06-18"), "/result/tools/1") ==
        R"({"name":"own","title":"Own","description":"-","inputSchema":)"
        R"({"type":"object","additionalProperties":false},"_meta":{"a.b/c":1}})");
  CHECK(at(list("resources/list", "2025-06-18"), "/result/resources/1") ==
        R"({"name":"own","title":"Own","description":"-","uri":"docs://own",)"
        R"("mimeType":"text/markdown","size":12,"annotations":{"audience":["assistant"],)"
        R"("priority":0.8,"lastModified":"2026-01-02T03:04:05Z"},"_meta":{}})");
  CHECK(at(list("resources/list", "2025-03-26"), "/result/resources/1") ==
        R"({"name":"own","description":"-","uri":"docs://own","mimeType":"text/markdown",)"
        R"("size":12,"annotations":{"audience":["assistant"],"priority":0.8}})");
  CHECK(at(list("prompts/list", "2025-11-25"), "/result/prompts/0/title") == "\"Own\"");
  CHECK(at(list("prompts/list", "2025-03-26"), "/result/prompts/0") ==
        R"({"name":"own","description":"-"})");
}

struct charts : sesame::service<> {
  std::string draw() const { return "drawn"; }
  std::string page() const { return "<!doctype html><title>Chart</title>"; }
  sesame::resource_contents bare() const { return {.uri = {}, .mime_type = {}, .data = "<p>"}; }

  using tools = sesame::tools<
      sesame::tool<&charts::draw, "-", sesame::ui<"ui://charts/page">>,
      sesame::tool<&charts::draw, "-", sesame::named<"hidden">, sesame::with_meta<R"( { "a": 1})">,
                   sesame::ui<"ui://charts/page", sesame::ui_visibility::app>>,
      sesame::tool<&charts::draw, "-", sesame::named<"shy">, sesame::with_meta<"{ }">,
                   sesame::ui<"ui://charts/bare", sesame::ui_visibility::model>>>;
  using resources =
      sesame::resources<sesame::resource<&charts::page, "ui://charts/page", "-",
                                         sesame::with_meta<R"({"ui":{"prefersBorder":true}})">>,
                        sesame::resource<&charts::bare, "ui://charts/bare", "-">>;
};

TEST_CASE("a tool names its page, which has the one type of pages") {
  sesame::server server{{.name = "charts", .version = "1"}, charts{}};
  direct client{server.engine()};
  const auto tools = client(stateless(1, "tools/list"));
  CHECK(at(tools, "/result/tools/0/_meta") == R"({"ui":{"resourceUri":"ui://charts/page"}})");
  CHECK(at(tools, "/result/tools/1/_meta") ==
        R"({"ui":{"resourceUri":"ui://charts/page","visibility":["app"]},"a":1})");
  CHECK(at(tools, "/result/tools/2/_meta") ==
        R"({"ui":{"resourceUri":"ui://charts/bare","visibility":["model"]}})");
  const auto pages = client(stateless(1, "resources/list"));
  for (const auto place : {"/result/resources/0", "/result/resources/1"})
    CHECK(text_at(pages, place + "/mimeType"s) == "text/html;profile=mcp-app");
  CHECK(at(pages, "/result/resources/0/_meta") == R"({"ui":{"prefersBorder":true}})");
  for (const auto uri : {"ui://charts/page", "ui://charts/bare"})
    CHECK(text_at(client(stateless(1, "resources/read", R"("uri":)" + json_string(uri))),
                  "/result/contents/0/mimeType") == "text/html;profile=mcp-app");
  // A client that shows no pages has the content, as ever.
  CHECK(said(client(call(1, "draw"))) == "drawn");
  client(initialize("2025-06-18"));
  CHECK(at(client(request(1, "tools/list")), "/result/tools/0/_meta") ==
        R"({"ui":{"resourceUri":"ui://charts/page"}})");
}

struct broken : sesame::service<> {
  std::string tell() const { return ""; }
  using tools = sesame::tools<sesame::tool<&broken::tell, "-", sesame::with_meta<"[]">>>;
};

struct presumptuous : sesame::service<> {
  std::string tell() const { return ""; }
  using tools =
      sesame::tools<sesame::tool<&presumptuous::tell, "-",
                                 sesame::with_meta<R"({"io.modelcontextprotocol/a":1})">>>;
};

TEST_CASE("what is no JSON object cannot be somebody's _meta") {
  CHECK_THROWS_WITH_AS(
      (sesame::server{sesame::server_options{.name = "x", .version = "1"}, presumptuous{}}),
      doctest::Contains("not its own"), sesame::configuration_error);
  CHECK_THROWS_WITH_AS(
      (sesame::server{sesame::server_options{.name = "x", .version = "1"}, broken{}}),
      doctest::Contains("JSON object"), sesame::configuration_error);
}

TEST_CASE("an icon from elsewhere is no icon") {
  CHECK_THROWS_WITH_AS((sesame::server{sesame::server_options{
                           .name = "x", .version = "1", .icons = {{"http://a/b.png"}}}}),
                       doctest::Contains("icons"), sesame::configuration_error);
}

}  // namespace metadata_test
