// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/tool_result.hpp"

#include "server/support.hpp"
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <doctest/doctest.h>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tool_result_test {

using namespace server_test;

struct point {
  double x = 0;
  double y = 0;
};
struct profile {
  std::string name;
  std::optional<std::string> city;
  std::vector<point> places;
};
enum class colour { red, dark_blue };

struct fault {
  std::string message() const { return "by function"; }
};

point give_struct() {
  return {1.5, -2};
}
const point& give_reference() {
  static const point kept{3, 4};
  return kept;
}
profile give_nested() {
  return {"\"Ann\"\n", {}, {{1, 2}}};
}
std::string give_string() {
  return "plain \"text\"\n";
}
std::string_view give_view() {
  return "a view";
}
const char* give_literal() {
  return "a literal";
}
int give_int() {
  return -7;
}
std::uint64_t give_large() {
  return std::numeric_limits<std::uint64_t>::max();
}
double give_double() {
  return 0.1;
}
bool give_bool() {
  return true;
}
colour give_enum() {
  return colour::dark_blue;
}
std::chrono::year_month_day give_date() {
  using namespace std::chrono;
  return year{2026} / 7 / 28;
}
std::vector<point> give_structs() {
  return {{1, 2}, {3, 4}};
}
std::array<int, 2> give_array() {
  return {1, 2};
}
std::map<std::string, int> give_map() {
  return {{"a", 1}, {"b", 2}};
}
void give_nothing() {}
struct choice {
  std::optional<bool> full;
};
std::optional<point> give_optional(const choice& asked) {
  return asked.full.value_or(false) ? std::optional<point>{{1, 2}} : std::nullopt;
}
sesame::result<point> give_result(const choice& asked) {
  if (!asked.full.value_or(false)) return sesame::failure{sesame::error{"no point"}};
  return point{1, 2};
}
sesame::result<std::string, std::string> give_text_result(const choice& asked) {
  if (!asked.full.value_or(false)) return sesame::failure{"text failure"s};
  return "fine"s;
}
sesame::result<void, fault> give_void_result(const choice& asked) {
  if (!asked.full.value_or(false)) return sesame::failure{fault{}};
  return {};
}
sesame::text_content give_text_block() {
  return {"block", {true, false, 0.5, ""}};
}
sesame::content give_any_block() {
  return sesame::image_content{"\xff\x00"s, "image/gif"};
}
sesame::content_list give_blocks() {
  return {sesame::text_content{"one"}, sesame::audio_content{"snd"},
          sesame::resource_link{"file:///a", "a"},
          sesame::embedded_resource{"file:///b", "text/plain", "inside"}};
}
std::vector<sesame::image_content> give_images() {
  return {{"a"}, {"b"}};
}
std::array<sesame::text_content, 2> give_block_array() {
  return {{{"x"}, {"y"}}};
}
sesame::tool_result give_parts() {
  return {{sesame::text_content{"part"}}, "{\n  \"a\": [1,\n 2]\n}\n", true};
}
sesame::tool_result give_list_parts() {
  return {{sesame::text_content{"part"}}, "[1]"};
}
sesame::tool_result give_broken_parts() {
  return {{sesame::text_content{"part"}}, R"({"a":1},"isError":false)"};
}
point give_nan() {
  return {std::nan(""), 1};
}
double give_infinity() {
  return std::numeric_limits<double>::infinity();
}
std::vector<double> give_nans() {
  return {1, std::nan("")};
}
colour give_no_colour() {
  return static_cast<colour>(99);
}
std::string give_bytes() {
  return "caf\xe9 \xf0\x9f\x92";
}
std::string give_much() {
  return std::string(50'000, '"');
}
profile give_much_structured() {
  return {std::string(50'000, '\\'), {}, {}};
}
std::string throw_tool_error() {
  throw sesame::tool_error("shown \"to\" the model");
}
std::string throw_other() {
  throw std::runtime_error("secret detail");
}
std::string throw_number() {
  throw 42;  // NOLINT
}
// Fails while its answer is being written.
struct touchy {
  int value = 0;
};

}  // namespace tool_result_test

template <>
struct sesame::json::codec<tool_result_test::touchy> {
  static constexpr void schema(auto& out) { out.raw(R"("type":"object")"); }
  static bool read(value, tool_result_test::touchy&, reader&) { return true; }
  static void write(const tool_result_test::touchy& from, auto& out) {
    out.raw("{\"half\":");
    if (from.value == 1) throw std::runtime_error("cannot write");
    if (from.value == 2) throw sesame::tool_error("cannot be told");
    out.raw("1}");
  }
};

namespace tool_result_test {

touchy give_touchy() {
  return {1};
}
std::vector<touchy> give_touchy_list() {
  return {{0}, {2}};
}

// NOLINTBEGIN
using all_tools = sesame::tools<
    sesame::tool<&give_struct, "-">, sesame::tool<&give_reference, "-">,
    sesame::tool<&give_nested, "-">, sesame::tool<&give_string, "-">, sesame::tool<&give_view, "-">,
    sesame::tool<&give_literal, "-">, sesame::tool<&give_int, "-">, sesame::tool<&give_large, "-">,
    sesame::tool<&give_double, "-">, sesame::tool<&give_bool, "-">, sesame::tool<&give_enum, "-">,
    sesame::tool<&give_date, "-">, sesame::tool<&give_structs, "-">, sesame::tool<&give_array, "-">,
    sesame::tool<&give_map, "-">, sesame::tool<&give_nothing, "-">,
    sesame::tool<&give_optional, "-">, sesame::tool<&give_result, "-">,
    sesame::tool<&give_text_result, "-">, sesame::tool<&give_void_result, "-">,
    sesame::tool<&give_text_block, "-">, sesame::tool<&give_any_block, "-">,
    sesame::tool<&give_blocks, "-">, sesame::tool<&give_images, "-">,
    sesame::tool<&give_block_array, "-">, sesame::tool<&give_parts, "-">,
    sesame::tool<&give_list_parts, "-">, sesame::tool<&give_broken_parts, "-">,
    sesame::tool<&give_nan, "-">, sesame::tool<&give_infinity, "-">, sesame::tool<&give_nans, "-">,
    sesame::tool<&give_no_colour, "-">, sesame::tool<&give_bytes, "-">,
    sesame::tool<&give_much, "-">, sesame::tool<&give_much_structured, "-">,
    sesame::tool<&throw_tool_error, "-">, sesame::tool<&throw_other, "-">,
    sesame::tool<&throw_number, "-">, sesame::tool<&give_touchy, "-">,
    sesame::tool<&give_touchy_list, "-">>;
// NOLINTEND

struct fixture {
  reports log;
  sesame::server<all_tools> server{{.name = "results", .version = "1", .on_error = log.sink()},
                                   all_tools{}};
  direct client{server.engine()};

  void open(std::string_view revision) { client(initialize(revision)); }
  // In the revision that was opened, or in the stateless one.
  std::string of(std::string_view tool, std::string_view arguments = "{}") {
    return client.peer.session ? client(session_call(1, tool, arguments))
                               : client(call(1, tool, arguments));
  }
};

const std::array<std::string_view, 5> revisions{"2024-11-05", "2025-03-26", "2025-06-18",
                                                "2025-11-25", "2026-07-28"};

template <class F>
void in_every_revision(F&& check) {
  for (const auto revision : revisions) {
    CAPTURE(revision);
    fixture f;
    if (revision != "2026-07-28") f.open(revision);
    check(f, revision);
  }
}

TEST_CASE("a struct is structured content where the revision has it, and text always") {
  in_every_revision([](fixture& f, std::string_view revision) {
    const bool structured = revision >= "2025-06-18";
    const auto one = f.of("give_struct");
    CHECK(said(one) == R"({"x":1.5,"y":-2})");
    CHECK(at(one, "/result/structuredContent") == (structured ? R"({"x":1.5,"y":-2})" : ""));
    CHECK(at(one, "/result/isError").empty());
    CHECK(said(f.of("give_reference")) == R"({"x":3,"y":4})");
    const auto map = f.of("give_map");
    CHECK(said(map) == R"({"a":1,"b":2})");
    CHECK(at(map, "/result/structuredContent") == (structured ? R"({"a":1,"b":2})" : ""));
    const auto nested = f.of("give_nested");
    CHECK(at(said(nested), "/places/0/x") == "1");
    CHECK(text_at(said(nested), "/name") == "\"Ann\"\n");
    CHECK(at(said(nested), "/city").empty());
    if (structured) CHECK(text_at(nested, "/result/structuredContent/name") == "\"Ann\"\n");
  });
}

TEST_CASE("a list is structured content in the latest revision alone, and text always") {
  in_every_revision([](fixture& f, std::string_view revision) {
    const bool structured = revision == "2026-07-28";
    const auto structs = f.of("give_structs");
    CHECK(said(structs) == R"([{"x":1,"y":2},{"x":3,"y":4}])");
    CHECK(at(structs, "/result/structuredContent") ==
          (structured ? R"([{"x":1,"y":2},{"x":3,"y":4}])" : ""));
    const auto numbers = f.of("give_array");
    CHECK(said(numbers) == "[1,2]");
    CHECK(at(numbers, "/result/structuredContent") == (structured ? "[1,2]" : ""));
  });
}

TEST_CASE("the output schema stands where the structured content does") {
  in_every_revision([](fixture& f, std::string_view revision) {
    const auto list = revision == "2026-07-28" ? f.client(stateless(1, "tools/list"))
                                               : f.client(request(1, "tools/list"));
    const auto schema = [&](std::string_view tool) {
      for (int i = 0;; ++i) {
        const auto place = "/result/tools/" + std::to_string(i);
        const auto name = at(list, place + "/name");
        REQUIRE(!name.empty());
        if (name == json_string(tool)) return at(list, place + "/outputSchema/type");
      }
    };
    const bool objects = revision >= "2025-06-18";
    const bool all = revision == "2026-07-28";
    CHECK(schema("give_struct") == (objects ? "\"object\"" : ""));
    CHECK(schema("give_reference") == (objects ? "\"object\"" : ""));
    CHECK(schema("give_map") == (objects ? "\"object\"" : ""));
    CHECK(schema("give_result") == (objects ? "\"object\"" : ""));
    CHECK(schema("give_structs") == (all ? "\"array\"" : ""));
    CHECK(schema("give_array") == (all ? "\"array\"" : ""));
    for (const auto tool : {"give_string", "give_int", "give_bool", "give_enum", "give_nothing",
                            "give_optional", "give_blocks", "give_images", "give_block_array",
                            "give_parts", "give_text_block", "give_void_result"})
      CHECK(schema(tool).empty());
  });
}

TEST_CASE("single values are texts") {
  in_every_revision([](fixture& f, std::string_view) {
    CHECK(said(f.of("give_string")) == "plain \"text\"\n");
    CHECK(said(f.of("give_view")) == "a view");
    CHECK(said(f.of("give_literal")) == "a literal");
    CHECK(said(f.of("give_int")) == "-7");
    CHECK(said(f.of("give_large")) == "18446744073709551615");
    CHECK(said(f.of("give_double")) == "0.1");
    CHECK(said(f.of("give_bool")) == "true");
    CHECK(said(f.of("give_enum")) == "dark_blue");
    CHECK(said(f.of("give_date")) == "2026-07-28");
    CHECK(at(f.of("give_enum"), "/result/structuredContent").empty());
  });
}

TEST_CASE("what may be missing is an empty content, and what may fail is an error for the model") {
  in_every_revision([](fixture& f, std::string_view) {
    CHECK(at(f.of("give_nothing"), "/result/content") == "[]");
    CHECK(at(f.of("give_nothing"), "/result/isError").empty());
    CHECK(at(f.of("give_optional"), "/result/content") == "[]");
    CHECK(said(f.of("give_optional", R"({"full":true})")) == R"({"x":1,"y":2})");
    CHECK(said(f.of("give_result", R"({"full":true})")) == R"({"x":1,"y":2})");
    CHECK(said(f.of("give_result")) == "no point");
    CHECK(at(f.of("give_result"), "/result/isError") == "true");
    CHECK(at(f.of("give_result"), "/result/structuredContent").empty());
    CHECK(said(f.of("give_text_result", R"({"full":true})")) == "fine");
    CHECK(said(f.of("give_text_result")) == "text failure");
    CHECK(at(f.of("give_void_result", R"({"full":true})"), "/result/content") == "[]");
    CHECK(said(f.of("give_void_result")) == "by function");
  });
}

TEST_CASE("content is written as each revision knows it") {
  in_every_revision([](fixture& f, std::string_view revision) {
    const auto text = f.of("give_text_block");
    CHECK(said(text) == "block");
    CHECK(at(text, "/result/content/0/annotations") == R"({"audience":["user"],"priority":0.5})");
    CHECK(at(f.of("give_any_block"), "/result/content/0") ==
          R"({"type":"image","data":"/wA=","mimeType":"image/gif"})");
    const auto blocks = f.of("give_blocks");
    CHECK(at(blocks, "/result/content/1/type") ==
          (revision >= "2025-03-26" ? "\"audio\"" : "\"resource\""));
    CHECK(at(blocks, "/result/content/2/type") ==
          (revision >= "2025-06-18" ? "\"resource_link\"" : "\"text\""));
    CHECK(at(blocks, "/result/content/3/resource/text") == "\"inside\"");
    CHECK(at(blocks, "/result/content/4").empty());
    CHECK(at(f.of("give_images"), "/result/content/1/data") == "\"Yg==\"");
    CHECK(at(f.of("give_block_array"), "/result/content/1/text") == "\"y\"");
    CHECK(at(f.of("give_block_array"), "/result/structuredContent").empty());
  });
}

TEST_CASE("a result given part by part is checked, and stays on its line") {
  in_every_revision([](fixture& f, std::string_view revision) {
    const auto parts = f.of("give_parts");
    CHECK(parts.find('\n') == std::string::npos);
    CHECK(said(parts) == "part");
    CHECK(at(parts, "/result/isError") == "true");
    CHECK(at(parts, "/result/structuredContent") ==
          (revision >= "2025-06-18" ? R"({"a":[1,2]})" : ""));
    CHECK(at(f.of("give_list_parts"), "/result/structuredContent") ==
          (revision == "2026-07-28" ? "[1]" : ""));
    const auto broken = f.of("give_broken_parts");
    if (revision >= "2025-06-18") CHECK(at(broken, "/error/code") == "-32603");
  });
}

TEST_CASE("a number that JSON does not have is an internal error, and the server goes on") {
  in_every_revision([](fixture& f, std::string_view) {
    for (const auto tool : {"give_nan", "give_infinity", "give_nans", "give_no_colour"}) {
      CAPTURE(tool);
      const auto answer = f.of(tool);
      CHECK(at(answer, "/error/code") == "-32603");
      CHECK(at(answer, "/id") == "1");
      CHECK(at(answer, "/result").empty());
    }
    CHECK(said(f.of("give_int")) == "-7");
  });
}

TEST_CASE("whatever bytes a tool returns, the answer is one line of UTF-8 JSON") {
  in_every_revision([](fixture& f, std::string_view) {
    CHECK(said(f.of("give_bytes")).starts_with("caf\xef\xbf\xbd "));
    CHECK(said(f.of("give_much")) == std::string(50'000, '"'));
    CHECK(text_at(said(f.of("give_much_structured")), "/name") == std::string(50'000, '\\'));
  });
}

TEST_CASE("a tool_error is shown to the model") {
  in_every_revision([](fixture& f, std::string_view) {
    const auto answer = f.of("throw_tool_error");
    CHECK(said(answer) == "shown \"to\" the model");
    CHECK(at(answer, "/result/isError") == "true");
    CHECK(f.log.all().empty());
  });
}

TEST_CASE("any other exception is hidden, and logged with the id that the peer is given") {
  in_every_revision([](fixture& f, std::string_view) {
    const auto answer = f.of("throw_other");
    CHECK(at(answer, "/error/code") == "-32603");
    CHECK(answer.find("secret") == std::string::npos);
    const auto id = text_at(answer, "/error/data/correlationId");
    CHECK(id.size() >= 12);
    REQUIRE(f.log.all().size() == 1);
    CHECK(f.log.mention("secret detail"));
    CHECK(f.log.mention("[" + id + "]"));

    CHECK(at(f.of("throw_number"), "/error/code") == "-32603");
    CHECK(f.log.all().size() == 2);
  });
}

TEST_CASE("an exception amid the writing of an answer leaves nothing of it") {
  in_every_revision([](fixture& f, std::string_view) {
    const auto broken = f.of("give_touchy");
    CHECK(at(broken, "/error/code") == "-32603");
    CHECK(broken.find("half") == std::string::npos);
    const auto refused = f.of("give_touchy_list");
    CHECK(said(refused) == "cannot be told");
    CHECK(refused.find("half") == std::string::npos);
    CHECK(said(f.of("give_int")) == "-7");
  });
}

}  // namespace tool_result_test
