// SPDX-License-Identifier: BSL-1.0

#include "sesame/protocol/sampling.hpp"

#include <doctest/doctest.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sampling_test {

using namespace sesame;
using protocol::find_revision;

std::string written(const sampling_request& request, std::string_view revision = "2026-07-28") {
  std::string text;
  json::writer out{text};
  protocol::write(request, *find_revision(revision), out);
  CHECK(!out.failed());
  return text;
}

std::optional<sampling_result> read(std::string_view text) {
  json::document document;
  const auto parsed = document.parse(text);
  REQUIRE(parsed);
  return protocol::read_sampling_result(*parsed);
}

const sampling_message hello{role::user, {text_content{"Hello"}}};

TEST_CASE("a request is written as the specification has it") {
  CHECK(
      written({.messages = {hello}, .max_tokens = 100}) ==
      R"({"messages":[{"role":"user","content":{"type":"text","text":"Hello"}}],"maxTokens":100})");
  const sampling_request full{
      .messages = {hello, {role::assistant, {text_content{"Hi"}, image_content{"x", "image/gif"}}}},
      .max_tokens = 5,
      .system_prompt = "Be \"kind\"",
      .temperature = 0.5,
      .stop_sequences = {"END"},
      .preferences = model_preferences{.hints = {"small"}, .speed = 1.0},
      .tools = {{"search", "Looks", R"({ "type":
 "object" })"}},
      .tool_choice = tool_choice::required};
  CHECK(written(full) ==
        R"({"messages":[{"role":"user","content":{"type":"text","text":"Hello"}},)"
        R"({"role":"assistant","content":[{"type":"text","text":"Hi"},)"
        R"({"type":"image","data":"eA==","mimeType":"image/gif"}]}],"maxTokens":5,)"
        R"("modelPreferences":{"hints":[{"name":"small"}],"speedPriority":1},)"
        R"("systemPrompt":"Be \"kind\"","temperature":0.5,"stopSequences":["END"],)"
        R"("tools":[{"name":"search","description":"Looks","inputSchema":{"type":"object"}}],)"
        R"("toolChoice":{"mode":"required"}})");
}

TEST_CASE("a revision whose messages have one block gets one message for each") {
  const sampling_request two{.messages = {{role::user, {text_content{"a"}, text_content{"b"}}}},
                             .max_tokens = 1};
  CHECK(written(two, "2025-06-18") ==
        R"({"messages":[{"role":"user","content":{"type":"text","text":"a"}},)"
        R"({"role":"user","content":{"type":"text","text":"b"}}],"maxTokens":1})");
}

TEST_CASE("what a model asked of tools, and what they answered, goes to and fro") {
  const auto said = read(R"({"role":"assistant","model":"m","stopReason":"toolUse","content":[)"
                         R"({"type":"text","text":"Let me look. "},)"
                         R"({"type":"tool_use","id":"u1","name":"search","input":{"q": "tea"}}]})");
  REQUIRE(said);
  CHECK(said->text() == "Let me look. ");
  CHECK(said->stop_reason == "toolUse");
  REQUIRE(said->content.size() == 2);
  const auto& use = std::get<tool_use_content>(said->content[1]);
  CHECK(use.id == "u1");
  CHECK(use.input == R"({"q":"tea"})");

  sampling_request next{.messages = {hello, {said->role, said->content}}, .max_tokens = 9};
  CHECK_THROWS_AS(protocol::check(next), std::invalid_argument);
  next.messages.push_back({role::user, {tool_result_content{"u1", {text_content{"hot"}}, true}}});
  protocol::check(next);
  CHECK(written(next).find(
            R"({"type":"tool_result","toolUseId":"u1","content":[{"type":"text","text":"hot"}],)"
            R"("isError":true})") != std::string::npos);
  CHECK(
      written(next).find(R"({"type":"tool_use","id":"u1","name":"search","input":{"q":"tea"}})") !=
      std::string::npos);
}

TEST_CASE("a request that no client may be sent is refused") {
  const auto refused = [](sampling_request request) {
    CHECK_THROWS_AS(protocol::check(request), std::invalid_argument);
  };
  refused({});
  refused({.messages = {hello}, .max_tokens = 0});
  refused({.messages = {{role::user, {}}}});
  const sampling_message use{role::assistant, {tool_use_content{"a", "t"}}};
  refused({.messages = {hello, use}});
  refused({.messages = {hello, use, hello}});
  refused({.messages = {use, {role::user, {tool_result_content{"b", {}}}}}});
  refused({.messages = {use, {role::assistant, {tool_result_content{"a", {}}}}}});
  refused({.messages = {use, {role::user, {tool_result_content{"a", {}}, text_content{"x"}}}}});
  refused({.messages = {
               use, {role::user, {tool_result_content{"a", {}}, tool_result_content{"a", {}}}}}});
  refused({.messages = {{role::user, {tool_result_content{"a", {}}}}}});
}

TEST_CASE("what should be JSON in a request and is none makes the writer fail") {
  std::string text;
  json::writer out{text};
  protocol::write({.messages = {hello}, .tools = {{"t", "", "{"}}}, *find_revision("2026-07-28"),
                  out);
  CHECK(out.failed());
}

TEST_CASE("a message of one block is read, and what is no message is not") {
  const auto one = read(R"({"role":"user","model":"m","content":{"type":"audio","data":"eA==",)"
                        R"("mimeType":"audio/wav"}})");
  REQUIRE(one);
  CHECK(std::get<audio_content>(one->content.at(0)).data == "x");
  for (const auto wrong :
       {"5", "{}", R"({"role":"assistant","model":"m"})",
        R"({"role":"system","model":"m","content":[]})",
        R"({"role":"assistant","content":{"type":"text","text":"x"}})",
        R"({"role":"assistant","model":"m","content":{"type":"text"}})",
        R"({"role":"assistant","model":"m","content":{"type":"video","text":"x"}})",
        R"({"role":"assistant","model":"m","content":{"type":"image","data":"!"}})",
        R"({"role":"assistant","model":"m","content":[{"type":"tool_use","id":"a","name":"b"}]})",
        R"({"role":"assistant","model":"m","content":["x"]})"}) {
    CAPTURE(wrong);
    CHECK(!read(wrong));
  }
}

}  // namespace sampling_test
