// One server with everything: the fixture of the official conformance suite, and the two tools that
// the benchmarks call. Open to everybody.
// SPDX-License-Identifier: BSL-1.0

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "media.hpp"
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <sesame/sesame.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace std::chrono_literals;

sesame::task<> pause_for(std::chrono::milliseconds time) {
  asio::steady_timer timer{co_await asio::this_coro::executor, time};
  co_await timer.async_wait(asio::use_awaitable);
}

// What the benchmarks call.

struct addends {
  int a;
  int b;
};

enum class shipping { standard, express, overnight };

struct order {
  std::string customer;
  std::string email;
  std::string product;
  int quantity;
  double price;
  bool gift;
  shipping method;
  std::vector<std::string> tags;
  std::vector<int> discounts;
  std::optional<std::string> note;
};

struct shop : sesame::service<> {
  int add(const addends& n) const { return n.a + n.b; }

  std::string create_order(const order& o) const {
    std::string text = "order for " + o.customer + " <" + o.email + ">: ";
    text += std::to_string(o.quantity) + " x " + o.product + " by " +
            std::string{sesame::meta::enum_name(o.method)};
    text += o.gift ? ", a gift" : "";
    text += ", " + std::to_string(o.tags.size()) + " tags, " + std::to_string(o.discounts.size()) +
            " discounts, total " + std::to_string(o.price * o.quantity);
    if (o.note) text += ", note: " + *o.note;
    return text;
  }

  using tools = sesame::tools<
      sesame::tool<&shop::add, "Adds two integers", sesame::read_only, sesame::closed_world>,
      sesame::tool<&shop::create_order, "Places an order">>;
};

// The suite's fixture.

struct contents : sesame::service<> {
  std::string simple() const { return "This is a simple text response for testing."; }
  sesame::image_content image() const { return {media::png()}; }
  sesame::audio_content audio() const { return {media::wav()}; }
  sesame::embedded_resource resource() const {
    return {"test://embedded-resource", "text/plain", "This is an embedded resource content."};
  }
  sesame::content_list mixed() const {
    return {sesame::text_content{"Multiple content types test:"},
            sesame::image_content{media::png()},
            sesame::embedded_resource{"test://mixed-content-resource", "application/json",
                                      R"({"test":"data","value":123})"}};
  }
  std::string failing() const {
    throw sesame::tool_error("This tool intentionally returns an error for testing");
  }

  using tools = sesame::tools<
      sesame::tool<&contents::simple, "Returns a text", sesame::named<"test_simple_text">>,
      sesame::tool<&contents::image, "Returns a picture", sesame::named<"test_image_content">>,
      sesame::tool<&contents::audio, "Returns a sound", sesame::named<"test_audio_content">>,
      sesame::tool<&contents::resource, "Returns a resource",
                   sesame::named<"test_embedded_resource">>,
      sesame::tool<&contents::mixed, "Returns content of several types",
                   sesame::named<"test_multiple_content_types">>,
      sesame::tool<&contents::failing, "Always fails", sesame::named<"test_error_handling">>>;
};

struct region {
  std::optional<std::string> region;
  std::optional<int> level;

  using annotations = sesame::annotations<
      sesame::field<&region::region, "Where to look", sesame::mcp_header<"Region">>,
      sesame::field<&region::level, "How deep to look">>;
};

// A contact whose schema says more than a struct can: it is written out.
struct contact {
  std::string name;
};

struct live : sesame::service<> {
  sesame::task<std::string> with_logging(sesame::context& call) const {
    call.log(sesame::log_level::info, "Tool execution started");
    co_await pause_for(50ms);
    call.log(sesame::log_level::info, "Tool processing data");
    co_await pause_for(50ms);
    call.log(sesame::log_level::info, "Tool execution completed");
    co_return "Tool with logging executed successfully";
  }
  sesame::task<std::string> with_progress(sesame::context& call) const {
    call.progress(0, 100);
    co_await pause_for(50ms);
    call.progress(50, 100);
    co_await pause_for(50ms);
    call.progress(100, 100);
    co_return "Tool with progress executed successfully";
  }
  std::string logging(sesame::context& call) const {
    call.log(sesame::log_level::info, "logged");
    return "logged, if that was wanted";
  }
  std::string streaming() const { return "nothing had to be asked"; }
  sesame::task<std::string> reconnect(sesame::context& call) const {
    call.close_stream();
    co_await pause_for(100ms);
    co_return "Reconnection test completed successfully";
  }
  std::string change_tools(sesame::context& call) const {
    call.tools_changed();
    return "told everybody who listens that the tools changed";
  }
  std::string change_prompts(sesame::context& call) const {
    call.prompts_changed();
    return "told everybody who listens that the prompts changed";
  }
  std::string needs_sampling() const { return "the client can sample"; }
  std::string mirrored(const region& where) const {
    return "looked at " + where.region.value_or("everything");
  }
  std::string described(const contact& who) const { return "Hello, " + who.name; }

  using tools =
      sesame::tools<sesame::tool<&live::with_logging, "Logs while it works",
                                 sesame::named<"test_tool_with_logging">>,
                    sesame::tool<&live::with_progress, "Tells how far it is",
                                 sesame::named<"test_tool_with_progress">>,
                    sesame::tool<&live::logging, "Logs once", sesame::named<"test_logging_tool">>,
                    sesame::tool<&live::streaming, "Could ask, and does not",
                                 sesame::named<"test_streaming_elicitation">>,
                    sesame::tool<&live::reconnect, "Has its client come back for the answer",
                                 sesame::named<"test_reconnection">>,
                    sesame::tool<&live::change_tools, "Says that the tools changed",
                                 sesame::named<"test_trigger_tool_change">>,
                    sesame::tool<&live::change_prompts, "Says that the prompts changed",
                                 sesame::named<"test_trigger_prompt_change">>,
                    sesame::tool<&live::needs_sampling, "Needs a client that can sample",
                                 sesame::named<"test_missing_capability">,
                                 sesame::requires_client<sesame::client_capabilities::sampling>>,
                    sesame::tool<&live::mirrored, "Repeats an argument in a header",
                                 sesame::named<"test_x_mcp_header">>,
                    sesame::tool<&live::described, "Has a schema with everything",
                                 sesame::named<"json_schema_2020_12_tool">>>;
};

struct message {
  std::string message;
};
struct user {
  std::string username;
  std::string email;
};

enum class status { active, inactive, pending };
struct defaults {
  std::string name = "John Doe";
  int age = 30;
  double score = 95.5;
  ::status status;
  bool verified = true;

  using annotations = sesame::annotations<
      sesame::field<&defaults::status, "", sesame::default_value<::status::active>>>;
};

enum class option { option1, option2, option3 };
enum class value { value1, value2, value3 };
enum class legacy { opt1, opt2, opt3 };
// The names of the members are the suite's.
// NOLINTBEGIN(readability-identifier-naming)
struct choices {
  option untitledSingle;
  value titledSingle;
  legacy legacyEnum;
  std::vector<option> untitledMulti;
  std::vector<value> titledMulti;

  using annotations = sesame::annotations<
      sesame::field<&choices::titledSingle, "", sesame::titles<"First", "Second", "Third">>,
      sesame::field<&choices::legacyEnum, "", sesame::enum_names<"One", "Two", "Three">>,
      sesame::field<&choices::titledMulti, "", sesame::titles<"First", "Second", "Third">>>;
};

// NOLINTEND(readability-identifier-naming)

struct name_form {
  std::string name;
};
struct confirm_form {
  bool ok;
};

std::string outcome(bool accepted) {
  return accepted ? "User response: accept" : "User response: not accepted";
}

struct prompt {
  std::string prompt;
};
struct colour_form {
  std::string color;
};

struct questions : sesame::service<> {
  sesame::task<std::string> sample(const prompt& to_model, sesame::context& call) const {
    const auto said = co_await call.sample({to_model.prompt, 100});
    co_return "LLM response: " + said.text();
  }
  sesame::task<std::string> capital(sesame::context& call) const {
    const auto said =
        co_await call.sample({"What is the capital of France?", 100, "capital_question"});
    co_return said.text();
  }
  sesame::task<std::string> folders(sesame::context& call) const {
    sesame::list_roots asked{"client_roots"};
    const auto [roots] = co_await call.ask(std::move(asked));
    co_return std::to_string(roots.size()) + " roots";
  }
  sesame::task<std::string> several(sesame::context& call) const {
    sesame::elicit_form<name_form> who{"What is your name?", "user_name"};
    sesame::create_message greeting{"Generate a greeting", 50, "greeting"};
    sesame::list_roots folders{"client_roots"};
    const auto [name, text, roots] =
        co_await call.ask(std::move(who), std::move(greeting), std::move(folders));
    co_return text.text() + (name ? " " + name->name : "") + ", " + std::to_string(roots.size());
  }
  sesame::task<std::string> rounds(sesame::context& call) const {
    const auto name = co_await call.elicit<name_form>("Step 1: What is your name?", "step1");
    const auto colour =
        co_await call.elicit<colour_form>("Step 2: What is your favorite color?", "step2");
    if (!name || !colour) co_return outcome(false);
    co_return name->name + " likes " + colour->color;
  }
  sesame::task<std::string> what_is_possible(sesame::context& call) const {
    using sesame::client_capabilities;
    const auto can = call.capabilities();
    if (can.covers(client_capabilities{client_capabilities::sampling})) {
      const auto said = co_await call.sample({"Say something", 50});
      co_return said.text();
    }
    if (can.covers(client_capabilities{client_capabilities::elicitation_form})) {
      const auto name = co_await call.elicit<name_form>("What is your name?");
      co_return outcome(name.accepted());
    }
    co_return "nobody can be asked";
  }

  std::string ask(const message&, const sesame::elicited<user>& form) const {
    if (!form) return outcome(false);
    return "User response: " + form->username + " <" + form->email + ">";
  }
  std::string ask_defaults(const sesame::elicited<defaults>& form) const {
    return outcome(form.accepted());
  }
  std::string ask_choices(const sesame::elicited<choices>& form) const {
    return outcome(form.accepted());
  }
  std::string greet(const sesame::elicited<name_form>& form) const {
    return form ? "Hello, " + form->name + "!" : outcome(false);
  }
  std::string confirm(const sesame::elicited<confirm_form>& form) const {
    return form && form->ok ? "state-ok" : outcome(false);
  }

  using tools = sesame::tools<
      sesame::tool<&questions::sample, "Asks the client's model", sesame::named<"test_sampling">>,
      sesame::tool<&questions::capital, "Asks the client's model for a capital",
                   sesame::named<"test_input_required_result_sampling">>,
      sesame::tool<&questions::folders, "Asks for the client's folders",
                   sesame::named<"test_input_required_result_list_roots">>,
      sesame::tool<&questions::several, "Asks several things at once",
                   sesame::named<"test_input_required_result_multiple_inputs">>,
      sesame::tool<&questions::rounds, "Asks in two rounds",
                   sesame::named<"test_input_required_result_multi_round">>,
      sesame::tool<&questions::what_is_possible, "Asks what the client can be asked",
                   sesame::named<"test_input_required_result_capabilities">>,
      sesame::tool<&questions::ask, "Asks who the user is", sesame::named<"test_elicitation">,
                   sesame::elicitation<user, "Who are you?">>,
      sesame::tool<&questions::ask_defaults, "Asks with defaults",
                   sesame::named<"test_elicitation_sep1034_defaults">,
                   sesame::elicitation<defaults>>,
      sesame::tool<&questions::ask_choices, "Asks for choices",
                   sesame::named<"test_elicitation_sep1330_enums">, sesame::elicitation<choices>>,
      sesame::tool<&questions::greet, "Asks for a name",
                   sesame::named<"test_input_required_result_elicitation">,
                   sesame::elicitation<name_form, "What is your name?", "user_name">>,
      sesame::tool<&questions::confirm, "Asks to confirm",
                   sesame::named<"test_input_required_result_request_state">,
                   sesame::elicitation<confirm_form, "Please confirm", "confirm">>,
      sesame::tool<&questions::confirm, "Asks to confirm, and tells if its state was changed",
                   sesame::named<"test_input_required_result_tampered_state">,
                   sesame::elicitation<confirm_form, "Please confirm", "confirm">>>;
};

// Resources.

struct numbered {
  std::string id;
};
// NOLINTBEGIN(readability-identifier-naming)
struct numbered_data {
  std::string id;
  bool templateTest;
  std::string data;
};
// NOLINTEND(readability-identifier-naming)

struct shelf : sesame::service<> {
  std::string text() const { return "This is the content of the static text resource."; }
  sesame::binary picture() const { return {media::png(), "image/png"}; }
  std::string watched() const { return "This is the content of the watched resource."; }
  numbered_data data(const numbered& which) const {
    return {which.id, true, "Data for ID: " + which.id};
  }

  using resources = sesame::resources<
      sesame::resource<&shelf::text, "test://static-text", "A text that is always the same",
                       sesame::named<"static-text">, sesame::mime_type<"text/plain">>,
      sesame::resource<&shelf::picture, "test://static-binary", "A picture that is always the same",
                       sesame::named<"static-binary">, sesame::mime_type<"image/png">>,
      sesame::resource<&shelf::watched, "test://watched-resource", "A text to be watched",
                       sesame::named<"watched-resource">, sesame::mime_type<"text/plain">>,
      sesame::resource_template<&shelf::data, "test://template/{id}/data", "Data under a number",
                                sesame::named<"template">, sesame::mime_type<"application/json">>>;
};

// Prompts.

struct two_arguments {
  std::string arg1;
  std::string arg2;

  using annotations = sesame::annotations<sesame::field<&two_arguments::arg1, "The first">,
                                          sesame::field<&two_arguments::arg2, "The second">>;
};
// NOLINTBEGIN(readability-identifier-naming)
struct resource_argument {
  std::string resourceUri;

  using annotations =
      sesame::annotations<sesame::field<&resource_argument::resourceUri, "What to embed">>;
};
// NOLINTEND(readability-identifier-naming)
struct context_form {
  std::string context;
};

struct scripts : sesame::service<> {
  std::string simple() const { return "This is a simple prompt for testing."; }
  std::string with_arguments(const two_arguments& given) const {
    return "Prompt with arguments: arg1='" + given.arg1 + "', arg2='" + given.arg2 + "'";
  }
  sesame::content_list with_resource(const resource_argument& given) const {
    return {sesame::embedded_resource{given.resourceUri, "text/plain",
                                      "Embedded resource content for testing."},
            sesame::text_content{"Please process the embedded resource above."}};
  }
  sesame::content_list with_image() const {
    return {sesame::image_content{media::png()},
            sesame::text_content{"Please analyze the image above."}};
  }
  std::string with_context(const sesame::elicited<context_form>& form) const {
    return form ? "Use this context: " + form->context : "Use no context.";
  }
  std::vector<std::string> nothing(std::string_view) const { return {}; }

  using prompts = sesame::prompts<
      sesame::prompt<&scripts::simple, "A prompt without arguments",
                     sesame::named<"test_simple_prompt">>,
      sesame::prompt<&scripts::with_arguments, "A prompt with two arguments",
                     sesame::named<"test_prompt_with_arguments">,
                     sesame::completes<"arg1", &scripts::nothing>>,
      sesame::prompt<&scripts::with_resource, "A prompt with a resource in it",
                     sesame::named<"test_prompt_with_embedded_resource">>,
      sesame::prompt<&scripts::with_image, "A prompt with a picture in it",
                     sesame::named<"test_prompt_with_image">>,
      sesame::prompt<&scripts::with_context, "A prompt that asks for its context",
                     sesame::named<"test_input_required_result_prompt">,
                     sesame::elicitation<context_form, "What context should the prompt use?",
                                         "user_context">>>;
};

// Calls that go on as tasks.

struct job {
  double seconds;
  std::optional<std::string> label;
};
struct file {
  std::string filename;
};
struct confirmation {
  bool confirm;
};

struct jobs : sesame::service<> {
  std::string greet(const name_form& who) const { return "Hello, " + who.name + "!"; }
  sesame::task<std::string> slow_compute(job asked) const {
    co_await pause_for(std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::duration<double>{std::clamp(asked.seconds, 0.0, 3600.0)}));
    co_return asked.label.value_or("the job") + " is done";
  }
  sesame::task<std::string> failing_job() const {
    co_await pause_for(50ms);
    throw sesame::tool_error("This job always fails");
  }
  sesame::task<std::string> protocol_error_job() const {
    co_await pause_for(50ms);
    throw std::logic_error("This job breaks");
  }
  sesame::task<std::string> confirm_delete(file which, sesame::context& call) const {
    const auto answer = co_await call.elicit<confirmation>("Delete " + which.filename + "?");
    co_return (answer && answer->confirm ? "Deleted " : "Kept ") + which.filename;
  }
  sesame::task<std::string> multi_input(sesame::context& call) const {
    sesame::elicit_form<name_form> who{"What is your name?", "name"};
    sesame::elicit_form<confirmation> sure{"Are you sure?", "sure"};
    const auto [name, confirmed] = co_await call.ask(std::move(who), std::move(sure));
    co_return (name ? name->name : "somebody") +
        (confirmed && confirmed->confirm ? " is sure" : " is not sure");
  }
  sesame::task<std::string> after_asking(const sesame::elicited<name_form>& who) const {
    co_await pause_for(10ms);
    co_return "Hello, " + (who ? who->name : "nobody") + "!";
  }

  using tools = sesame::tools<
      sesame::tool<&jobs::greet, "Greets somebody">,
      sesame::tool<&jobs::slow_compute, "Takes its time", sesame::optional_task>,
      sesame::tool<&jobs::failing_job, "Fails", sesame::required_task>,
      sesame::tool<&jobs::protocol_error_job, "Breaks", sesame::optional_task>,
      sesame::tool<&jobs::confirm_delete, "Asks before it deletes", sesame::optional_task>,
      sesame::tool<&jobs::multi_input, "Asks two things at once", sesame::optional_task>,
      sesame::tool<&jobs::after_asking, "Asks, and then takes its time",
                   sesame::named<"test_tool_with_task">, sesame::required_task,
                   sesame::elicitation<name_form, "What is your name?", "user_name">>>;
};

}  // namespace

template <>
struct sesame::json::codec<contact> {
  static constexpr void schema(auto& out) {
    out.raw(
        R"("$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",)"
        R"("$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{)"
        R"("street":{"type":"string"},"city":{"type":"string"}}}},"properties":{)"
        R"("name":{"type":"string"},"address":{"$ref":"#/$defs/address"},)"
        R"("contactMethod":{"type":"string","enum":["phone","email"]},)"
        R"("phone":{"type":"string"},"email":{"type":"string"}},)"
        R"("allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],)"
        R"("if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},)"
        R"("then":{"required":["phone"]},"else":{"required":["email"]},)"
        R"("additionalProperties":false)");
  }
  static bool read_members(const json::object* members, contact& to, json::reader&) {
    const auto name = members != nullptr ? json::find_string(*members, "name") : std::nullopt;
    to.name = name.value_or("nobody");
    return true;
  }
};

// PAGE_SIZE in the environment cuts the lists into pages, for clients that are to be tested with them.
int main(int argc, char** argv) {
  const char* const pages =
      std::getenv("PAGE_SIZE");  // NOLINT(concurrency-mt-unsafe): no threads yet
  sesame::server server{{.name = "everything",
                         .version = "1.0.0",
                         .title = "Everything",
                         .instructions = "Tools, resources and prompts for trying out clients.",
                         .page_size = pages != nullptr ? std::stoul(pages) : 0},
                        contents{},
                        live{},
                        questions{},
                        shelf{},
                        scripts{},
                        jobs{},
                        shop{}};
  return sesame::run(server, argc, argv);
}
