// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/questions.hpp"

#include <doctest/doctest.h>
#include <stdexcept>
#include <string>
#include <string_view>

namespace questions_test {

using namespace sesame;

struct name_form {
  std::string name;
};

template <class Question>
std::string written(const Question& asked, std::string_view revision = "2026-07-28") {
  std::string text;
  json::writer out{text};
  asked.write(*protocol::find_revision(revision), out);
  return text;
}

template <class Question>
result<typename Question::answer, std::string> read(std::string_view text) {
  json::document document;
  const auto parsed = document.parse(text);
  REQUIRE(parsed);
  return Question::read(*parsed);
}

static_assert(question<elicit_form<name_form>>);
static_assert(question<elicit_url>);
static_assert(question<create_message>);
static_assert(question<list_roots>);
static_assert(!question<name_form>);

TEST_CASE("each question says what a client must be able to do") {
  CHECK(elicit_form<name_form>{"?"}.needs().to_json() == R"({"elicitation":{}})");
  CHECK(elicit_url{"https://a.example/", "?"}.needs().to_json() == R"({"elicitation":{"url":{}}})");
  CHECK(create_message{"?", 1}.needs().to_json() == R"({"sampling":{}})");
  CHECK(list_roots{}.needs().to_json() == R"({"roots":{}})");
  const sampling_request with_tools{.messages = {{role::user, {text_content{"?"}}}},
                                    .tools = {{"t", ""}}};
  CHECK(create_message{with_tools}.needs().to_json() == R"({"sampling":{"tools":{}}})");
}

TEST_CASE("a form and its answer") {
  CHECK(written(elicit_form<name_form>{"Who?"}) ==
        R"({"mode":"form","message":"Who?","requestedSchema":{"type":"object",)"
        R"("properties":{"name":{"type":"string"}},"required":["name"]}})");
  CHECK(written(elicit_form<name_form>{"Who?"}, "2025-06-18").starts_with(R"({"message":"Who?")"));
  using form = elicit_form<name_form>;
  CHECK((*read<form>(R"({"action":"accept","content":{"name":"Ann","more":1}})"))->name == "Ann");
  CHECK(read<form>(R"({"action":"decline"})")->action() == elicitation_action::decline);
  CHECK(read<form>("5").error() == "an answer needs an action: accept, decline or cancel");
  CHECK(read<form>(R"({"action":"accept"})").error() == "an accepted form needs its content");
  CHECK(read<form>(R"({"action":"accept","content":{"name":5}})").error().find("/name") !=
        std::string::npos);
}

enum class size { small, large };
enum class colour { red, green };
struct order_form {
  size how_big;
  colour which;
  std::string note;

  using annotations =
      sesame::annotations<field<&order_form::how_big, "How big", titles<"Small one", "Large one">>>;
};

TEST_CASE("titles of choices stand beside them for 2025-06-18, and within them since") {
  const elicit_form<order_form> asked{"Which?"};
  CHECK(written(asked, "2025-11-25")
            .find(R"("how_big":{"type":"string","oneOf":[{"const":"small","title":"Small one"},)"
                  R"({"const":"large","title":"Large one"}],"description":"How big"})") !=
        std::string::npos);
  CHECK(written(asked, "2025-06-18") ==
        R"({"message":"Which?","requestedSchema":{"type":"object","required":["how_big","which",)"
        R"("note"],"properties":{"how_big":{"type":"string","enum":["small","large"],"enumNames":)"
        R"(["Small one","Large one"],"description":"How big"},"which":{"type":"string","enum":)"
        R"(["red","green"]},"note":{"type":"string"}}}})");
}

TEST_CASE("a page to visit has an id in the one revision that wants it") {
  const elicit_url page{"https://pay.example/x?y=1", "Pay \"now\""};
  CHECK(written(page) ==
        R"({"mode":"url","message":"Pay \"now\"","url":"https://pay.example/x?y=1"})");
  const auto older = written(page, "2025-11-25");
  CHECK(older.find(R"(,"elicitationId":")") != std::string::npos);
  CHECK(older.find(page.id()) != std::string::npos);
  CHECK(page.id() != elicit_url{"https://pay.example/x?y=1", "Pay \"now\""}.id());
  CHECK(*read<elicit_url>(R"({"action":"accept"})") == elicitation_action::accept);
  CHECK(!read<elicit_url>(R"({"action":"yes"})"));
}

TEST_CASE("only a safe page may be asked to be visited") {
  for (const auto fine :
       {"https://a.example", "http://localhost:3000/x", "http://127.0.0.1/", "http://[::1]:8080/"})
    CHECK_NOTHROW((elicit_url{fine, "?"}));
  for (const auto wrong :
       {"http://a.example/", "javascript:alert(1)", "https://user:pass@a.example/", "/relative", "",
        "https://a.example/#x", "http://localhost.evil.example/"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS((elicit_url{wrong, "?"}), std::invalid_argument);
  }
}

TEST_CASE("what is no JSON in a request to a model is the handler's fault, not the client's") {
  const sampling_request wrong{.messages = {{role::user, {text_content{"?"}}}},
                               .tools = {{"t", "", "nonsense"}}};
  CHECK_THROWS_AS(written(create_message{wrong}), std::invalid_argument);
  CHECK_THROWS_AS((create_message{"?", 0}), std::invalid_argument);
}

TEST_CASE("what a client's model and folders are said to be must have the right form") {
  CHECK(read<create_message>(
            R"({"role":"assistant","model":"m","content":{"type":"text","text":"x"}})")
            ->text() == "x");
  CHECK(!read<create_message>("{}"));
  CHECK(read<list_roots>(R"({"roots":[{"uri":"file:///a"}]})")->at(0).uri == "file:///a");
  CHECK(!read<list_roots>("{}"));
}

}  // namespace questions_test
