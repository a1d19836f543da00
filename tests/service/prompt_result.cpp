// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/prompt_result.hpp"

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace prompt_result_test {

using namespace server_test;
using sesame::prompt;
using sesame::prompt_message;

enum class language { cpp, rust };

struct everything {
  std::string text;
  int number;
  double real = 0.5;
  bool truth = true;
  language in;
  std::optional<unsigned> maybe;

  using annotations =
      sesame::annotations<sesame::field<&everything::text, "A \"text\"", sesame::min_length<1>>,
                          sesame::field<&everything::number, "A number", sesame::between<1, 9>>>;
};
struct context_form {
  std::string context;
};

struct scripts : sesame::service<> {
  std::string text() const { return "a \"text\""; }
  sesame::image_content image() const { return {"\xff"s}; }
  sesame::audio_content sound() const { return {"\xff"s}; }
  sesame::content_list blocks() const {
    return {sesame::text_content{"one"},
            sesame::embedded_resource{"docs://a", "text/plain", "two"}};
  }
  prompt_message answer() const { return {sesame::text_content{"yes"}, sesame::role::assistant}; }
  std::vector<prompt_message> talk() const {
    return {{sesame::text_content{"ask"}}, {sesame::text_content{"yes"}, sesame::role::assistant}};
  }
  sesame::prompt_result described() const { return {{{sesame::text_content{"x"}}}, "for you"}; }
  sesame::task<std::string> later() const { co_return "late"; }
  sesame::result<std::string> fails() const { return sesame::failure{sesame::error{"no words"}}; }
  std::string breaks() const { throw std::runtime_error("the secret of the house"); }
  std::string bound(const everything& a) const {
    return a.text + "/" + std::to_string(a.number) + "/" + std::to_string(a.real) + "/" +
           (a.truth ? "true" : "false") + "/" + std::string{sesame::meta::enum_name(a.in)} + "/" +
           (a.maybe ? std::to_string(*a.maybe) : "none");
  }
  std::string asked(const sesame::elicited<context_form>& form) const {
    return form ? "with " + form->context : "without";
  }

  using prompts =
      sesame::prompts<prompt<&scripts::text, "Says a text">, prompt<&scripts::image, "-">,
                      prompt<&scripts::sound, "-">, prompt<&scripts::blocks, "-">,
                      prompt<&scripts::answer, "-">, prompt<&scripts::talk, "-">,
                      prompt<&scripts::described, "-">, prompt<&scripts::later, "-">,
                      prompt<&scripts::fails, "-">, prompt<&scripts::breaks, "-">,
                      prompt<&scripts::bound, "Takes everything">,
                      prompt<&scripts::asked, "Asks", sesame::elicitation<context_form>>>;
};

struct fixture {
  reports log;
  sesame::server<scripts> server{{.name = "scripts", .version = "1", .on_error = log.sink()},
                                 scripts{}};
  direct client{server.engine()};

  std::string answer(std::string_view name, std::string_view arguments = "{}",
                     std::string_view more = "", std::string_view capabilities = "{}") {
    std::string members =
        R"("name":)" + json_string(name) + R"(,"arguments":)" + std::string{arguments};
    if (!more.empty()) members.append(",").append(more);
    return client(stateless(1, "prompts/get", members, meta(capabilities)));
  }
  std::string messages(std::string_view name) { return at(answer(name), "/result/messages"); }
};

TEST_CASE_FIXTURE(fixture, "a text or a block is one message of the user, and a list is several") {
  CHECK(messages("text") == R"([{"role":"user","content":{"type":"text","text":"a \"text\""}}])");
  CHECK(messages("image") ==
        R"([{"role":"user","content":{"type":"image","data":"/w==","mimeType":"image/png"}}])");
  CHECK(messages("blocks") == R"([{"role":"user","content":{"type":"text","text":"one"}},)"
                              R"({"role":"user","content":{"type":"resource","resource":)"
                              R"({"uri":"docs://a","mimeType":"text/plain","text":"two"}}}])");
  CHECK(messages("later") == R"([{"role":"user","content":{"type":"text","text":"late"}}])");
}

TEST_CASE_FIXTURE(fixture, "a message says who speaks") {
  CHECK(messages("answer") == R"([{"role":"assistant","content":{"type":"text","text":"yes"}}])");
  CHECK(messages("talk") == R"([{"role":"user","content":{"type":"text","text":"ask"}},)"
                            R"({"role":"assistant","content":{"type":"text","text":"yes"}}])");
}

TEST_CASE_FIXTURE(fixture, "the description is the declaration's, unless the result has its own") {
  CHECK(text_at(answer("text"), "/result/description") == "Says a text");
  CHECK(text_at(answer("described"), "/result/description") == "for you");
}

TEST_CASE_FIXTURE(fixture, "content is written as the revision knows it") {
  client(initialize("2024-11-05"));
  CHECK(
      at(client(request(1, "prompts/get", R"({"name":"sound"})")), "/result/messages/0/content") ==
      R"({"type":"resource","resource":{"uri":"data:audio/wav","mimeType":"audio/wav",)"
      R"("blob":"/w=="}})");
}

TEST_CASE_FIXTURE(fixture, "arguments come as texts and arrive as their types") {
  CHECK(text_at(answer("bound", R"({"text":"t","number":"7","in":"rust"})"),
                "/result/messages/0/content/text") == "t/7/0.500000/true/rust/none");
  CHECK(text_at(answer("bound", R"({"maybe":"3","truth":"false","real":"2","text":"t",)"
                                R"("number":"1","in":"cpp"})"),
                "/result/messages/0/content/text") == "t/1/2.000000/false/cpp/3");
}

TEST_CASE_FIXTURE(fixture, "an argument that is missing, unknown or wrong is named") {
  const auto refusal = [&](std::string_view arguments) {
    const auto answered = answer("bound", arguments);
    return at(answered, "/error/code") + " " + text_at(answered, "/error/message");
  };
  CHECK(refusal(R"({"number":"7","in":"cpp"})") ==
        "-32602 Invalid params: arguments/text: expected a value, found nothing");
  CHECK(refusal(R"({"text":"t","number":"7","in":"cpp","more":"x"})") ==
        "-32602 Invalid params: arguments/more: expected a known member, found an unknown one");
  CHECK(refusal(R"({"text":"t","number":"ten","in":"cpp"})").find("arguments/number") !=
        std::string::npos);
  CHECK(refusal(R"({"text":"t","number":"10","in":"cpp"})").find("arguments/number") !=
        std::string::npos);
  CHECK(refusal(R"({"text":"t","number":7,"in":"cpp"})").find("arguments/number") !=
        std::string::npos);
  CHECK(refusal(R"({"text":"t","number":"7","in":"perl"})").find("arguments/in") !=
        std::string::npos);
  CHECK(refusal(R"({"text":"","number":"7","in":"cpp"})").find("arguments/text") !=
        std::string::npos);
  CHECK(refusal("[]") == "-32602 Invalid params: arguments must be an object");
}

TEST_CASE_FIXTURE(fixture,
                  "arguments are published with what they are for, and which are required") {
  const auto listed = client(stateless(1, "prompts/list"));
  CHECK(at(listed, "/result/prompts/10") ==
        R"({"name":"bound","description":"Takes everything","arguments":[)"
        R"({"name":"text","description":"A \"text\"","required":true},)"
        R"({"name":"number","description":"A number","required":true},)"
        R"({"name":"real","required":false},{"name":"truth","required":false},)"
        R"({"name":"in","required":true},{"name":"maybe","required":false}]})");
  CHECK(at(listed, "/result/prompts/0") == R"({"name":"text","description":"Says a text"})");
}

TEST_CASE_FIXTURE(fixture, "a failure that may be told is told, any other is hidden") {
  CHECK(at(answer("fails"), "/error") == R"({"code":-32603,"message":"Internal error: no words"})");
  CHECK(answer("breaks").find("secret") == std::string::npos);
  CHECK(log.mention("the secret of the house"));
}

TEST_CASE_FIXTURE(fixture, "a prompt asks the user as a tool does") {
  const auto able = R"({"elicitation":{}})"sv;
  const auto question = answer("asked", "{}", "", able);
  CHECK(at(question, "/result/resultType") == "\"input_required\"");
  const auto state = text_at(question, "/result/requestState");
  const auto given = R"("inputResponses":{"form":{"action":"accept","content":{"context":"tea"}}},)"
                     R"("requestState":)" +
                     json_string(state);
  CHECK(text_at(answer("asked", "{}", given, able), "/result/messages/0/content/text") ==
        "with tea");
  CHECK(at(answer("asked"), "/error/code") == "-32021");
  const auto forged = R"("inputResponses":{},"requestState":)" + json_string(state + "A");
  CHECK(at(answer("asked", "{}", forged, able), "/error/code") == "-32602");
}

}  // namespace prompt_result_test
