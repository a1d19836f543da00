// SPDX-License-Identifier: BSL-1.0

#include "sesame/protocol/message.hpp"

#include <array>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace message_test {

namespace json = sesame::json;
using namespace sesame::protocol;
using namespace std::literals;

// A message with the document that it points into.
struct parsed {
  explicit parsed(std::string_view text) {
    const auto root = document.parse(text);
    REQUIRE(root);
    error = read_message(*root, read);
  }

  const message* operator->() const {
    REQUIRE_FALSE(error);
    return &read;
  }
  bool refused_as(error_kind kind) const { return error && error->kind == kind; }
  std::string why() const { return error ? error->message() : std::string{}; }
  std::string id() const { return read.id.key(); }

  json::document document;
  message read;
  std::optional<rpc_error> error;
};

TEST_CASE("a request has an id and a method") {
  const parsed request{
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","_meta":{"k":1}}})"};
  CHECK(request->kind == message_kind::request);
  CHECK(request->method == "tools/call");
  CHECK(request.id() == "1");
  REQUIRE(request->params);
  CHECK(json::find_string(*request->params, "name") == "x");
  REQUIRE(request->meta);
  CHECK(json::find(*request->meta, "k"));
  CHECK_FALSE(request->result);
  CHECK_FALSE(request->error);
}

TEST_CASE("a message without an id is a notification") {
  const parsed notification{R"({"method":"notifications/initialized","jsonrpc":"2.0"})"};
  CHECK(notification->kind == message_kind::notification);
  CHECK_FALSE(notification->id.present());
  CHECK_FALSE(notification->params);
  CHECK_FALSE(notification->meta);
}

TEST_CASE("a response has a result or an error, and an id") {
  const parsed result{R"({"jsonrpc":"2.0","id":"a","result":{"x":1}})"};
  CHECK(result->kind == message_kind::response);
  CHECK(result.id() == "\"a\"");
  CHECK(result->result);
  CHECK_FALSE(result->error);
  const parsed error{R"({"jsonrpc":"2.0","id":2,"error":{"code":-1,"message":"no"}})"};
  CHECK(error->kind == message_kind::response);
  CHECK(error->error);
  const parsed null{R"({"jsonrpc":"2.0","id":2,"result":null})"};
  CHECK(null->result);
}

TEST_CASE("an id is a string or an integer, and is given back as it came") {
  for (const auto& [id, key] : std::array<std::pair<std::string_view, std::string_view>, 10>{
           {{"0", "0"},
            {"-1", "-1"},
            {"9223372036854775807", "9223372036854775807"},
            {"-9223372036854775808", "-9223372036854775808"},
            {"18446744073709551615", "18446744073709551615"},
            {R"("1")", R"("1")"},
            {R"("")", R"("")"},
            {R"("a\u0000\"b")", R"("a\u0000\"b")"},
            {R"("\u00e4")", "\"\u00e4\""},
            {R"("null")", R"("null")"}}}) {
    const parsed request{R"({"jsonrpc":"2.0","method":"m","id":)" + std::string{id} + "}"};
    CAPTURE(id);
    CHECK(request->kind == message_kind::request);
    CHECK(request.id() == key);
  }
}

TEST_CASE("any other id is refused, and answered without one") {
  for (const auto id : {"null", "1.5", "1.0", "1e3", "true", "[1]", "{}"}) {
    const parsed request{R"({"jsonrpc":"2.0","method":"m","id":)"s + id + "}"};
    CAPTURE(id);
    CHECK(request.refused_as(error_kind::invalid_request));
    CHECK(request.why() == "Invalid request: id must be a string or an integer");
    CHECK_FALSE(request.read.id.present());
  }
}

TEST_CASE("ids of two kinds are never the same") {
  const auto id = [](std::string_view text) {
    json::document document;
    return message_id::read(*document.parse(text))->key();
  };
  CHECK(id("1") != id("\"1\""));
  json::document first;
  json::document second;
  CHECK(*message_id::read(*first.parse("1")) == *message_id::read(*second.parse("1")));
  CHECK(*message_id::read(*first.parse("1")) != *message_id::read(*second.parse("\"1\"")));
  CHECK(*message_id::read(*first.parse("\"a\"")) == *message_id::read(*second.parse("\"a\"")));
  CHECK(message_id{} != *message_id::read(*first.parse("0")));
  CHECK(message_id{}.key() == "null");
  // One that is kept outlives its message.
  std::string storage;
  const auto kept = message_id::read(*first.parse("\"long ago\""))->kept_in(storage);
  CHECK(first.parse("\"something else\""));
  CHECK(kept.key() == "\"long ago\"");
  CHECK(message_id::read(*first.parse("7"))->kept_in(storage).key() == "7");
}

TEST_CASE("what is no object is refused") {
  for (const auto text : {"[]", "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}]", "1", "null",
                          "\"text\"", "true"}) {
    const parsed other{text};
    CHECK(other.refused_as(error_kind::invalid_request));
    CHECK(other.why() == "Invalid request: a message is a JSON object");
  }
}

TEST_CASE("the version is the string 2.0") {
  for (const auto text :
       {R"({"id":1,"method":"m"})", R"({"jsonrpc":2.0,"id":1,"method":"m"})",
        R"({"jsonrpc":"1.0","id":1,"method":"m"})", R"({"jsonrpc":"2.0 ","id":1,"method":"m"})",
        R"({"jsonrpc":null,"id":1,"method":"m"})", R"({"JSONRPC":"2.0","id":1,"method":"m"})"}) {
    const parsed request{text};
    CHECK(request.refused_as(error_kind::invalid_request));
    CHECK(request.why() == "Invalid request: jsonrpc must be \"2.0\"");
    CHECK(request.id() == "1");
  }
}

TEST_CASE("a member of the message that is given twice is refused") {
  for (const auto text : {R"({"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"method":"m"})",
                          R"({"jsonrpc":"2.0","id":1,"method":"m","method":"n"})",
                          R"({"jsonrpc":"2.0","id":1,"method":"m","params":{},"params":{}})",
                          R"({"jsonrpc":"2.0","id":1,"result":{},"result":{}})",
                          R"({"jsonrpc":"2.0","id":1,"error":{},"error":{}})",
                          R"({"jsonrpc":"2.0","id":1,"method":"m","\u006dethod":"n"})"}) {
    const parsed request{text};
    CAPTURE(text);
    CHECK(request.refused_as(error_kind::invalid_request));
    CHECK(request.why() == "Invalid request: a member is given twice");
    CHECK(request.id() == "1");
  }
}

TEST_CASE("of two ids none is answered to") {
  for (const auto text : {R"({"jsonrpc":"2.0","id":1,"id":2,"method":"m"})",
                          R"({"jsonrpc":"2.0","id":1,"id":1,"method":"m"})",
                          R"({"jsonrpc":"2.0","id":1,"id":null,"method":"m"})"}) {
    const parsed request{text};
    CHECK(request.why() == "Invalid request: a member is given twice");
    CHECK_FALSE(request.read.id.present());
  }
}

TEST_CASE("a message is a request or a response, not both and not neither") {
  for (const auto text :
       {R"({"jsonrpc":"2.0"})", R"({"jsonrpc":"2.0","id":1})",
        R"({"jsonrpc":"2.0","id":1,"result":{},"error":{}})", R"({"jsonrpc":"2.0","result":{}})",
        R"({"jsonrpc":"2.0","error":{}})", R"({"jsonrpc":"2.0","id":1,"params":{}})"}) {
    const parsed other{text};
    CAPTURE(text);
    CHECK(other.why() == "Invalid request: neither a request nor a response");
  }
  for (const auto text : {R"({"jsonrpc":"2.0","id":1,"method":"m","result":{}})",
                          R"({"jsonrpc":"2.0","id":1,"method":"m","error":{}})"}) {
    const parsed other{text};
    CHECK(other.why() == "Invalid request: both a request and a response");
    CHECK(other.id() == "1");
  }
}

TEST_CASE("the method is a string") {
  for (const auto method : {"1", "null", "[]", "{\"a\":1}"}) {
    const parsed request{R"({"jsonrpc":"2.0","id":1,"method":)"s + method + "}"};
    CHECK(request.why() == "Invalid request: method must be a string");
    CHECK(request.id() == "1");
  }
  const parsed empty{R"({"jsonrpc":"2.0","id":1,"method":""})"};
  CHECK(empty->method.empty());
}

TEST_CASE("params are an object, and _meta within them too, once") {
  const auto request = [](std::string_view params) {
    return R"({"jsonrpc":"2.0","id":1,"method":"m","params":)" + std::string{params} + "}";
  };
  for (const auto params : {"[]", "null", "1", "\"x\""}) {
    const parsed wrong{request(params)};
    CHECK(wrong.refused_as(error_kind::invalid_params));
    CHECK(wrong.why() == "Invalid params: params must be an object");
    CHECK(wrong.id() == "1");
  }
  for (const auto meta : {"[]", "null", "1", "\"x\""}) {
    const parsed wrong{request("{\"_meta\":"s + meta + "}")};
    CHECK(wrong.refused_as(error_kind::invalid_params));
    CHECK(wrong.why() == "Invalid params: _meta must be an object");
  }
  const parsed twice{request(R"({"_meta":{},"_meta":{}})")};
  CHECK(twice.why() == "Invalid params: _meta is given twice");
  const parsed empty{request("{}")};
  CHECK(empty->params);
  CHECK_FALSE(empty->meta);
}

TEST_CASE("what the protocol knows of params and _meta is found, and may stand there once") {
  const parsed call{
      R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"arguments":{"name":1},"x":1,"x":2,)"
      R"("_meta":{"y":1,"y":2,"progressToken":7},"name":"n"}})"};
  REQUIRE(call->param.name);
  CHECK(json::as_string(*call->param.name) == "n");
  CHECK(call->param.arguments);
  CHECK_FALSE(call->param.uri);
  CHECK(call->in_meta.progress_token);
  CHECK_FALSE(call->in_meta.protocol_version);
  for (const auto& known : param_table) {
    CAPTURE(known.name);
    const std::string member = '"' + std::string{known.name} + "\":{}";
    const parsed once{R"({"jsonrpc":"2.0","id":1,"method":"m","params":{)" + member + "}}"};
    CHECK((once->param.*known.place).has_value());
    const parsed twice{R"({"jsonrpc":"2.0","id":1,"method":"m","params":{)" + member + ',' +
                       member + "}}"};
    CHECK(twice.refused_as(error_kind::invalid_params));
    CHECK(twice.why() == "Invalid params: " + std::string{known.name} + " is given twice");
    CHECK(twice.id() == "1");
  }
  for (const auto& known : meta_table) {
    CAPTURE(known.name);
    const std::string member = '"' + std::string{known.name} + "\":1";
    const auto request = [](const std::string& meta) {
      return R"({"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{)" + meta + "}}}";
    };
    CHECK((parsed { request(member) } -> in_meta.*known.place).has_value());
    const parsed twice{request(member + ',' + member)};
    CHECK(twice.refused_as(error_kind::invalid_envelope));
    CHECK(twice.why().find(std::string{known.name} + " is given twice") != std::string::npos);
  }
}

TEST_CASE("members that JSON-RPC does not know are ignored") {
  const parsed request{R"({"jsonrpc":"2.0","id":1,"method":"m","extra":1,"extra":2,"":{}})"};
  CHECK(request->method == "m");
}

TEST_CASE("params of a response do not matter") {
  const parsed response{R"({"jsonrpc":"2.0","id":1,"result":{},"params":7})"};
  CHECK(response->kind == message_kind::response);
  CHECK_FALSE(response->params);
}

TEST_CASE("nothing of the message is in the text of a refusal") {
  const parsed request{R"({"jsonrpc":"secret","id":1,"method":{"secret":1},"params":"secret"})"};
  CHECK(request.why().find("secret") == std::string::npos);
}

}  // namespace message_test
