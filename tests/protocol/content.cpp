// SPDX-License-Identifier: BSL-1.0

#include "sesame/protocol/content.hpp"

#include <doctest/doctest.h>
#include <limits>
#include <string>
#include <string_view>

namespace content_test {

namespace json = sesame::json;
using namespace sesame;
using namespace std::literals;

std::string written(const content& block, std::string_view revision = "2026-07-28") {
  std::string text;
  json::writer out{text};
  protocol::write(block, *protocol::find_revision(revision), out);
  json::document document;
  CHECK(document.parse(text));
  return text;
}

const content_annotations all{true, true, 0.5, "2026-07-28T12:00:00Z"};

TEST_CASE("text is text in every revision") {
  for (const auto& row : protocol::revisions)
    CHECK(written(text_content{"a \"text\"\n"}, row.name) ==
          R"({"type":"text","text":"a \"text\"\n"})");
}

TEST_CASE("pictures are base64 in every revision") {
  for (const auto& row : protocol::revisions)
    CHECK(written(image_content{"\0\xff"s}, row.name) ==
          R"({"type":"image","data":"AP8=","mimeType":"image/png"})");
}

TEST_CASE("a sound is an embedded resource before 2025-03-26") {
  const audio_content sound{"\0\xff"s, "audio/ogg"};
  CHECK(written(sound, "2025-03-26") == R"({"type":"audio","data":"AP8=","mimeType":"audio/ogg"})");
  CHECK(written(sound, "2026-07-28") == written(sound, "2025-03-26"));
  CHECK(written(sound, "2024-11-05") ==
        R"({"type":"resource","resource":{"uri":"data:audio/ogg","mimeType":"audio/ogg",)"
        R"("blob":"AP8="}})");
}

TEST_CASE("a link is text before 2025-06-18") {
  const resource_link link{"file:///a", "a", "A", "The A", "text/plain"};
  CHECK(written(link, "2025-06-18") ==
        R"({"type":"resource_link","uri":"file:///a","name":"a","title":"A",)"
        R"("description":"The A","mimeType":"text/plain"})");
  CHECK(written(link, "2026-07-28") == written(link, "2025-06-18"));
  CHECK(written(link, "2025-03-26") == R"({"type":"text","text":"a: file:///a"})");
  CHECK(written(link, "2024-11-05") == written(link, "2025-03-26"));
  CHECK(written(resource_link{"file:///a", "a"}) ==
        R"({"type":"resource_link","uri":"file:///a","name":"a"})");
}

TEST_CASE("an embedded resource is text or bytes") {
  for (const auto& row : protocol::revisions) {
    CHECK(written(embedded_resource{"file:///a", "text/plain", "x\"y"}, row.name) ==
          R"({"type":"resource","resource":{"uri":"file:///a","mimeType":"text/plain",)"
          R"("text":"x\"y"}})");
    CHECK(written(embedded_resource{"file:///a", "", "\xff"s, true}, row.name) ==
          R"({"type":"resource","resource":{"uri":"file:///a",)"
          R"("mimeType":"application/octet-stream","blob":"/w=="}})");
    CHECK(written(embedded_resource{"file:///a", "", "x"}, row.name) ==
          R"({"type":"resource","resource":{"uri":"file:///a","mimeType":"text/plain",)"
          R"("text":"x"}})");
  }
}

TEST_CASE("annotations stand on every kind, without what the revision does not know") {
  const auto with_time = R"("annotations":{"audience":["user","assistant"],"priority":0.5,)"
                         R"("lastModified":"2026-07-28T12:00:00Z"})"s;
  const auto without_time = R"("annotations":{"audience":["user","assistant"],"priority":0.5})"s;
  for (const content& block :
       {content{text_content{"x", all}}, content{image_content{"x", "image/png", all}},
        content{audio_content{"x", "audio/wav", all}},
        content{resource_link{"u", "n", "", "", "", all}},
        content{embedded_resource{"u", "", "x", false, all}}}) {
    CHECK(written(block, "2026-07-28").find(with_time) != std::string::npos);
    CHECK(written(block, "2025-06-18").find(with_time) != std::string::npos);
    CHECK(written(block, "2025-03-26").find(without_time) != std::string::npos);
    CHECK(written(block, "2024-11-05").find(without_time) != std::string::npos);
  }
}

TEST_CASE("single annotations") {
  const auto of = [](content_annotations a, std::string_view revision = "2026-07-28") {
    return written(text_content{"", a}, revision);
  };
  CHECK(of({}) == R"({"type":"text","text":""})");
  CHECK(of({.for_user = true}) ==
        R"({"type":"text","text":"","annotations":{"audience":["user"]}})");
  CHECK(of({.for_assistant = true}) ==
        R"({"type":"text","text":"","annotations":{"audience":["assistant"]}})");
  CHECK(of({.priority = 0}) == R"({"type":"text","text":"","annotations":{"priority":0}})");
  CHECK(of({.last_modified = "t"}) ==
        R"({"type":"text","text":"","annotations":{"lastModified":"t"}})");
  CHECK(of({.last_modified = "t"}, "2025-03-26") == R"({"type":"text","text":""})");
}

TEST_CASE("text that is no UTF-8 is repaired, and a priority that is no number fails") {
  CHECK(written(text_content{"a\xff"}) == "{\"type\":\"text\",\"text\":\"a\ufffd\"}");
  std::string text;
  json::writer out{text};
  const content_annotations bad{.priority = std::numeric_limits<double>::quiet_NaN()};
  protocol::write(text_content{"", bad}, protocol::stateless_revision, out);
  CHECK(out.failed());
}

TEST_CASE("a link has a size, and icons where the revision knows them") {
  const resource_link link{
      .uri = "file:///a", .name = "a", .size = 12, .icons = {{"https://a/b.png"}}};
  CHECK(written(link, "2025-06-18") ==
        R"({"type":"resource_link","uri":"file:///a","name":"a","size":12})");
  CHECK(written(link, "2025-11-25") ==
        R"({"type":"resource_link","uri":"file:///a","name":"a","size":12,)"
        R"("icons":[{"src":"https://a/b.png"}]})");
}

TEST_CASE("`_meta` stands on every kind, in the revisions that have it") {
  const auto meta = "{ \"a.b/c\":\n [1] }"s;
  for (const content& block :
       {content{text_content{"x", {}, meta}}, content{image_content{"x", "image/png", {}, meta}},
        content{audio_content{"x", "audio/wav", {}, meta}},
        content{resource_link{.uri = "u", .name = "n", .meta = meta}},
        content{embedded_resource{"u", "", "x", false, {}, meta}}}) {
    for (const auto revision : {"2025-06-18", "2025-11-25", "2026-07-28"})
      CHECK(written(block, revision).ends_with(R"(,"_meta":{"a.b/c":[1]}})"));
    for (const auto revision : {"2024-11-05", "2025-03-26"})
      CHECK(written(block, revision).find("_meta") == std::string::npos);
  }
}

TEST_CASE("the keys of _meta are names, with a prefix that is not the protocol's") {
  const auto is_key = [](std::string_view key) { return protocol::detail::is_meta_key(key); };
  for (const auto key : {"a", "a1", "A-b_c.d", "1", "ui", "example.com/a", "com.example/", "a/b",
                         "com.example.mcp/a", "mcp/www_authenticate", "x1.y-2/z_3"})
    CHECK_MESSAGE(is_key(key), key);
  for (const auto key : {"",
                         "/",
                         "-a",
                         "a-",
                         "_a",
                         "a b",
                         "\u00e4",
                         "/a",
                         "1a/b",
                         "a./b",
                         ".a/b",
                         "a..b/c",
                         "a-/b",
                         "a_b/c",
                         "a/b/c",
                         "a/-b",
                         "io.modelcontextprotocol/x",
                         "dev.mcp/x",
                         "com.mcp.tools/x",
                         "com.modelcontextprotocol.api/x"})
    CHECK_MESSAGE(!is_key(key), key);
  std::string text;
  json::writer out{text};
  protocol::write(text_content{"x", {}, R"({"io.modelcontextprotocol/x":1})"},
                  protocol::stateless_revision, out);
  CHECK(out.failed());
}

TEST_CASE("a `_meta` that is no JSON object fails, and writes nothing that would break the rest") {
  for (const auto meta : {"{", "[]", "1", "{}}", "\"a\"", "{\"a\":1}, \"b\":2"}) {
    std::string text;
    json::writer out{text};
    protocol::write(text_content{"x", {}, meta}, protocol::stateless_revision, out);
    CHECK(out.failed());
    CHECK(text == R"({"type":"text","text":"x"})");
  }
}

}  // namespace content_test
