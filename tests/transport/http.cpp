// SPDX-License-Identifier: BSL-1.0

#include "sesame/transport/http.hpp"

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include "transport/support.hpp"
#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <doctest/doctest.h>
#include <fstream>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace http_test {

using namespace transport_test;

TEST_CASE("only the endpoint's path is served, and only its methods") {
  open_server server;
  for (const auto path : {"/", "/mcp/", "/MCP", "/mcp2", "/.well-known/oauth-protected-resource"}) {
    const auto got = server.ask(net_test::get(path));
    CHECK(got.status == 404);
    CHECK(at(got.body, "/error/code") == "-32600");
  }
  for (const auto method : {"PUT", "PATCH", "HEAD", "BREW"}) {
    const auto got = server.ask(std::string{method} +
                                " /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    CHECK(got.status == 405);
    CHECK(got.field("Allow") == "GET, POST, DELETE, OPTIONS");
  }
  const auto options = server.ask("OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n");
  CHECK(options.status == 204);
  CHECK(options.field("Allow") == "GET, POST, DELETE, OPTIONS");
  CHECK(!options.field("Access-Control-Allow-Origin"));
  // The query is nobody's.
  const auto body = call(1, "echo", R"({"text":"tea"})");
  auto with_query = http_post(body, modern("tools/call", "echo"));
  with_query.replace(0, 9, "POST /mcp?x=1");
  CHECK(said(server.ask(with_query).body) == "tea");
}

TEST_CASE("a message is JSON, and its answer may be JSON or a stream") {
  open_server server;
  const auto body = call(1, "echo", R"({"text":"tea"})");
  const auto fields = modern("tools/call", "echo");
  const auto status = [&](std::string_view type, std::string_view accept) {
    return server.ask(http_post(body, fields, type, accept)).status;
  };
  CHECK(status("application/json", both) == 200);
  CHECK(status("Application/JSON; charset=utf-8", both) == 200);
  CHECK(status("", both) == 415);
  CHECK(status("text/plain", both) == 415);
  CHECK(status("application/jsonx", both) == 415);
  CHECK(status("application/x-www-form-urlencoded", both) == 415);

  CHECK(status("application/json", "") == 200);
  CHECK(status("application/json", "*/*") == 200);
  CHECK(status("application/json", "text/event-stream;q=0.5 , application/json;q=0.1") == 200);
  CHECK(status("application/json", "application/*, text/*") == 200);
  CHECK(status("application/json", "application/json") == 406);
  CHECK(status("application/json", "text/event-stream") == 406);
  CHECK(status("application/json", "application/json, text/event-stream;q=0") == 406);
  CHECK(status("application/json", "application/json, text/html") == 406);
  // A list over several fields is one list.
  CHECK(server
            .ask(http_post(body, fields + "Accept: text/event-stream\r\n", "application/json",
                           "application/json"))
            .status == 200);
}

TEST_CASE("an answer is one line of JSON, with its status") {
  open_server server;
  const auto good = server.ask(http_call("echo", R"({"text":"two\nlines"})"));
  CHECK(good.status == 200);
  CHECK(good.field("Content-Type") == "application/json");
  CHECK(good.body.find('\n') == std::string::npos);
  CHECK(said(good.body) == "two\nlines");
  CHECK(!good.field("Mcp-Session-Id"));
  CHECK(server.ask(http_post("{")).status == 400);
  CHECK(server.ask(http_post("")).status == 400);
  CHECK(server.ask(http_post(stateless(1, "unknown"), modern("unknown"))).status == 404);
  CHECK(server.ask(http_post(stateless(1, "tools/list"), modern("tools/call"))).status == 400);
  CHECK(server.ask(http_call("missing")).status == 200);
  const auto taken = server.ask(
      http_post(notification("anything", R"({"_meta":)" + meta() + "}"), modern("anything")));
  CHECK(taken.status == 202);
  CHECK(taken.body.empty());
}

TEST_CASE("a page elsewhere, or a name that was bound anew, does not get through") {
  open_server server;
  const auto body = call(1, "echo", R"({"text":"tea"})");
  const auto fields = modern("tools/call", "echo");
  const auto with = [&](std::string_view host, std::string origin) {
    if (!origin.empty()) origin = "Origin: " + origin + "\r\n";
    return server.ask(http_post(body, fields + origin, "application/json", both, host));
  };
  for (const auto host : {"localhost", "localhost:1234", "127.0.0.1", "[::1]:80"})
    CHECK(with(host, "").status == 200);
  for (const auto host : {"evil.example", "localhost.evil.example", "127.0.0.2", "0.0.0.0"}) {
    CHECK(with(host, "").status == 403);
    CHECK(with(host, "http://" + std::string{host}).status == 403);
  }
  for (const auto origin : {"http://localhost", "http://localhost:6274", "http://127.0.0.1:1"}) {
    const auto got = with("localhost", origin);
    CHECK(got.status == 200);
    CHECK(!got.field("Access-Control-Allow-Origin"));
  }
  for (const auto origin : {"http://evil.example", "null", "file://", "http://localhost.evil",
                            "http://localhost, http://localhost", "http://localhost/"}) {
    const auto got = with("localhost", origin);
    CHECK(got.status == 403);
    CHECK(at(got.body, "/id").empty());
    CHECK(!got.field("Access-Control-Allow-Origin"));
  }
  CHECK(with("localhost", "http://localhost\r\nOrigin: http://localhost").status == 403);
  // For other paths and methods, too.
  CHECK(server.ask("GET /x HTTP/1.1\r\nHost: evil.example\r\n\r\n").status == 403);
  CHECK(
      server.ask("DELETE /mcp HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil\r\n\r\n").status ==
      403);
}

TEST_CASE("pages of the named origins may call, and learn what they may send and read") {
  open_server server{{.origins = {"https://app.example"}}};
  const auto origin = "Origin: https://app.example\r\n"s;
  const auto got = server.ask(http_call("echo", R"({"text":"tea"})", origin));
  CHECK(got.status == 200);
  CHECK(got.field("Access-Control-Allow-Origin") == "https://app.example");
  CHECK(got.field("Vary") == "Origin");
  CHECK(got.field("Access-Control-Expose-Headers") ==
        "WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version");
  CHECK(!got.field("Access-Control-Allow-Credentials"));

  const auto preflight = [&](std::string_view asked) {
    return server.ask("OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\n" + origin +
                      "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: " +
                      std::string{asked} + "\r\n\r\n");
  };
  const auto plain = preflight("authorization,content-type");
  CHECK(plain.status == 204);
  CHECK(plain.field("Access-Control-Allow-Origin") == "https://app.example");
  CHECK(plain.field("Access-Control-Allow-Methods") == "GET, POST, DELETE");
  const std::string fixed =
      "authorization, content-type, accept, mcp-protocol-version, mcp-method, mcp-name, "
      "mcp-session-id, last-event-id";
  CHECK(plain.field("Access-Control-Allow-Headers") == fixed);
  CHECK(preflight("mcp-param-region, x-other,Mcp-Param-Zone-Id ,mcp-param-, mcp-param-a b,")
            .field("Access-Control-Allow-Headers") ==
        fixed + ", mcp-param-region, Mcp-Param-Zone-Id");
  CHECK(server.ask("OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil\r\n\r\n")
            .status == 403);
}

TEST_CASE("a protected server says where to get a token, at both places") {
  mixed_server server{
      {.public_url = "https://mcp.example/base/mcp", .origins = {"https://app.example"}}};
  const auto first = server.ask(net_test::get("/.well-known/oauth-protected-resource/base/mcp"));
  const auto second = server.ask(
      net_test::get("/.well-known/oauth-protected-resource", "Origin: https://app.example\r\n"));
  for (const auto& got : {first, second}) {
    CHECK(got.status == 200);
    CHECK(got.field("Content-Type") == "application/json");
    CHECK(got.field("Access-Control-Allow-Origin") == "*");
    CHECK(at(got.body, "/resource") == "\"https://mcp.example/base/mcp\"");
    CHECK(at(got.body, "/authorization_servers") == R"(["https://issuer.example"])");
    CHECK(at(got.body, "/scopes_supported") == R"(["me","records:read"])");
    CHECK(at(got.body, "/bearer_methods_supported") == R"(["header"])");
    CHECK(at(got.body, "/resource_name") == "\"http\"");
  }
  CHECK(server
            .ask("HEAD /.well-known/oauth-protected-resource HTTP/1.1\r\nHost: localhost\r\n"
                 "Connection: close\r\n\r\n")
            .status == 200);
  CHECK(server.ask(net_test::post("/.well-known/oauth-protected-resource", "{}")).status == 405);
  const auto preflight = server.ask(
      "OPTIONS /.well-known/oauth-protected-resource HTTP/1.1\r\nHost: localhost\r\n"
      "Origin: https://app.example\r\nAccess-Control-Request-Method: GET\r\n"
      "Access-Control-Request-Headers: mcp-protocol-version\r\n\r\n");
  CHECK(preflight.status == 204);
  CHECK(preflight.field("Access-Control-Allow-Origin") == "*");
  CHECK(preflight.field("Access-Control-Allow-Headers") == "mcp-protocol-version");
  CHECK(server.ask(net_test::get("/.well-known/oauth-protected-resource/other")).status == 404);
}

TEST_CASE("a caller who is not let in is told how to get in, and no more") {
  mixed_server server;
  const auto place =
      R"(Bearer resource_metadata="https://mcp.example/.well-known/oauth-protected-resource/base/mcp")"s;
  const auto none = server.ask(http_call("read"));
  CHECK(none.status == 401);
  CHECK(none.field("WWW-Authenticate") == place + R"(, scope="me records:read")");
  CHECK(at(none.body, "/error/code") == "401");
  CHECK(at(none.body, "/id") == "1");

  const auto few =
      server.ask(http_call("read", "{}", bearer(server.issuer.mint({.scopes = "me"}))));
  CHECK(few.status == 403);
  CHECK(few.field("WWW-Authenticate") ==
        place + R"(, scope="me records:read", error="insufficient_scope")"
                R"(, error_description="The access token lacks a required scope")");
  CHECK(at(few.body, "/error/data/code") == "\"INSUFFICIENT_SCOPE\"");

  // A bad token is refused at once, for open tools and broken messages too.
  const auto expired = server.issuer.mint({.expires_in = -3600s});
  for (const auto& request :
       {http_call("read", "{}", bearer(expired)),
        http_call("echo", R"({"text":"tea"})", bearer(expired)), http_post("{", bearer(expired)),
        "GET /mcp HTTP/1.1\r\nHost: localhost\r\n" + bearer(expired) + "\r\n"}) {
    const auto got = server.ask(request);
    CHECK(got.status == 401);
    CHECK(got.field("WWW-Authenticate") ==
          place + R"(, error="invalid_token")"
                  R"(, error_description="The access token is malformed or expired")");
    CHECK(got.body.find(expired) == std::string::npos);
    CHECK(got.body.find("issuer") == std::string::npos);
  }
  const auto foreign = sesame::test_issuer{}.mint();
  CHECK(server.ask(http_call("echo", "{}", bearer(foreign)))
            .field("WWW-Authenticate")
            ->find("error=\"invalid_token\"") != std::string::npos);
  CHECK(server.log.mention("a token was refused"));

  const auto good = server.issuer.mint({.subject = "ann", .scopes = "records:read me"});
  CHECK(said(server.ask(http_call("read", "{}", bearer(good))).body) == "ann");
  CHECK(said(server.ask(http_call("who", "{}", bearer(good))).body) == "ann");
  CHECK(said(server.ask(http_call("who")).body) == "nobody");
}

TEST_CASE("a caller who comes too often is told when to come again") {
  open_server server;
  CHECK(server.ask(http_call("seldom")).status == 200);
  const auto got = server.ask(http_call("seldom"));
  CHECK(got.status == 429);
  const auto wait = got.field("Retry-After");
  REQUIRE(wait);
  CHECK(std::stoi(*wait) > 3'590);
  CHECK(at(got.body, "/error/code") == "429");
  CHECK(at(got.body, "/error/data/retryAfter") == *wait);
  // In a session, too; and others go on.
  const http_session in{server};
  const auto refused = in.post(session_call(1, "seldom"));
  CHECK(refused.status == 429);
  CHECK(refused.field("Retry-After"));
  CHECK(!server.ask(http_call("echo", R"({"text":"tea"})")).field("Retry-After"));
}

TEST_CASE("the Authorization field is one token, in its own scheme") {
  mixed_server server;
  const auto good = server.issuer.mint({.subject = "ann"});
  const auto with = [&](const std::string& field) {
    const auto got = server.ask(http_call("who", "{}", field));
    return got.status == 200 ? said(got.body) : std::to_string(got.status);
  };
  CHECK(with("authorization: bearer   " + good + "\r\n") == "ann");
  CHECK(with("Authorization: Bearer\r\n") == "401");
  CHECK(with("Authorization: Bearer " + good + " x\r\n") == "401");
  CHECK(with("Authorization: Bearer " + good + "," + good + "\r\n") == "401");
  CHECK(with(bearer(good) + bearer(good)) == "400");
  CHECK(server.ask(http_call("who", "{}", bearer(good) + bearer(good)))
            .field("WWW-Authenticate")
            ->find("error=\"invalid_request\"") != std::string::npos);
  CHECK(with("Authorization: \r\n") == "401");
  // Another scheme is nothing that is looked at.
  CHECK(with("Authorization: Basic YTpi\r\n") == "nobody");
  // Nor is a token elsewhere.
  auto in_query = http_call("who");
  in_query.replace(0, 9, "POST /mcp?access_token=" + good);
  CHECK(said(server.ask(in_query).body) == "nobody");
  CHECK(said(server.ask(http_call("who", "{}", "", meta("{}", authorization(good)))).body) ==
        "nobody");
}

// Tells only later whose a token is, or that it cannot tell.
struct slow_provider : sesame::jwt_provider {
  using jwt_provider::jwt_provider;
  using decided = sesame::result<sesame::principal, sesame::auth_failure>;

  decided verify(std::string_view, std::chrono::system_clock::time_point) const {
    return sesame::failure<sesame::auth_failure>{{sesame::auth_error::unavailable, "not yet"}};
  }
  asio::awaitable<decided> look_up(std::string token,
                                   std::chrono::system_clock::time_point now) const {
    co_await asio::post(asio::use_awaitable);
    if (token == "away") co_return verify(token, now);
    co_return jwt_provider::verify(token, now);
  }
};
struct slow_tools : sesame::service<sesame::authenticated<slow_provider>> {
  std::string read(const sesame::principal& caller) const { return caller.subject; }
  sesame::task<std::string> read_later(const sesame::principal& caller) const {
    const auto name = caller.subject;
    co_await asio::post(asio::use_awaitable);
    co_return name;
  }
  using tools = sesame::tools<sesame::tool<&slow_tools::read, "-">,
                              sesame::tool<&slow_tools::read_later, "-">>;
};

TEST_CASE("a request waits for a provider that has to ask, and is refused as any other") {
  const sesame::test_issuer issuer;
  running<slow_tools, slow_provider> server{
      {.public_url = "https://mcp.example/mcp"},
      {},
      slow_provider{issuer.settings("https://mcp.example/mcp")}};
  client peer{server.http.port()};
  const auto ask = [&](std::string_view tool, const std::string& token) {
    return peer.ask(http_post(
        call(1, tool), modern("tools/call", tool) + "Authorization: Bearer " + token + "\r\n"));
  };
  const auto good = issuer.mint({.subject = "ann", .audience = "https://mcp.example/mcp"});
  for (const auto tool : {"read", "read_later", "read"}) {
    const auto answer = ask(tool, good);
    CHECK(answer.status == 200);
    CHECK(said(answer.body) == "ann");
  }
  const auto bad = ask("read", issuer.mint({.audience = "https://other.example"}));
  CHECK(bad.status == 401);
  CHECK(text_at(bad.body, "/error/data/code") == "VERIFICATION_FAILED");
  CHECK(bad.field("WWW-Authenticate").value_or("").find("invalid_token") != std::string::npos);
  const auto away = ask("read", "away");
  CHECK(away.status == 503);
  CHECK(away.field("Retry-After") == "5");
  CHECK(!away.field("WWW-Authenticate"));
  // Whoever is gone by then harms nobody.
  for (int i = 0; i < 20; ++i) {
    client gone{server.http.port()};
    gone.send(http_post(call(1, "read"), modern("tools/call", "read") + "Authorization: Bearer " +
                                             issuer.mint({.subject = "x" + std::to_string(i)}) +
                                             "\r\n"));
  }
  CHECK(ask("read", good).status == 200);
}

TEST_CASE("where nothing is open, a token is asked for before anything is read") {
  const sesame::test_issuer issuer;
  running<closed_tools, sesame::jwt_provider> server{
      {.public_url = "https://mcp.example/mcp"}, closed_tools{}, issuer.provider()};
  for (const auto& request :
       {http_post("{"), http_post("{}", "", "text/plain"), http_call("read"),
        http_post(initialize()), "GET /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n"s,
        "DELETE /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n"s}) {
    const auto got = server.ask(request);
    CHECK(got.status == 401);
    CHECK(
        got.field("WWW-Authenticate") ==
        "Bearer resource_metadata=\"https://mcp.example/.well-known/oauth-protected-resource/mcp\""
        ", scope=\"me records:read\"");
    CHECK(at(got.body, "/error/data/code") == "\"MISSING_TOKEN\"");
  }
  CHECK(server.ask(net_test::get("/other")).status == 404);
  CHECK(server.ask("OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 204);
  const auto good = issuer.mint({.subject = "ann", .scopes = "records:read me"});
  CHECK(said(server.ask(http_call("read", "{}", bearer(good))).body) == "ann");
}

// Knows one word, which nobody issues.
struct word_provider {
  sesame::result<sesame::principal, sesame::auth_failure> verify(
      std::string_view token, std::chrono::system_clock::time_point) const {
    if (token == "later")
      return sesame::failure{sesame::auth_failure{sesame::auth_error::unavailable, "no keys"}};
    if (token != "word")
      return sesame::failure{sesame::auth_failure{sesame::auth_error::invalid_token, "not it"}};
    sesame::principal caller;
    caller.issuer = "us";
    caller.subject = "friend";
    caller.expires = std::chrono::sys_seconds::max();
    return caller;
  }
  std::vector<std::string> issuers() const { return {}; }
};
struct word_tools : sesame::service<sesame::authenticated<word_provider>> {
  std::string greet(const sesame::principal& caller) const { return caller.subject; }
  using tools = sesame::tools<sesame::tool<&word_tools::greet, "-">>;
};

TEST_CASE("tokens are verified also where no authorization server issues them") {
  running<word_tools, word_provider> server{
      {.public_url = "https://mcp.example/mcp"}, word_tools{}, word_provider{}};
  CHECK(said(server.ask(http_call("greet", "{}", bearer("word"))).body) == "friend");
  const auto none = server.ask(http_call("greet"));
  CHECK(none.status == 401);
  CHECK(none.field("WWW-Authenticate") == "Bearer");
  CHECK(server.ask(http_call("greet", "{}", bearer("other"))).status == 401);
  CHECK(server.ask(net_test::get("/.well-known/oauth-protected-resource")).status == 404);
  const auto later = server.ask(http_call("greet", "{}", bearer("later")));
  CHECK(later.status == 503);
  CHECK(later.field("Retry-After"));
  CHECK(!later.field("WWW-Authenticate"));
}

TEST_CASE("a session is opened, used and ended by its header") {
  open_server server;
  const auto opened = server.ask(http_post(initialize()));
  CHECK(opened.status == 200);
  REQUIRE(opened.field("Mcp-Session-Id"));
  const auto in = "Mcp-Session-Id: " + *opened.field("Mcp-Session-Id") + "\r\n";
  CHECK(server.ask(http_post(notification("notifications/initialized"), in)).status == 202);
  const auto got = server.ask(http_post(session_call(1, "echo", R"({"text":"tea"})"),
                                        in + "MCP-Protocol-Version: 2025-11-25\r\n"));
  CHECK(said(got.body) == "tea");
  CHECK(!got.field("Mcp-Session-Id"));
  // Of no account in the stateless era.
  CHECK(said(server.ask(http_call("echo", R"({"text":"tea"})", in)).body) == "tea");
  CHECK(said(server.ask(http_call("echo", R"({"text":"tea"})", "Mcp-Session-Id: x\r\n")).body) ==
        "tea");

  const auto end = [&](const std::string& fields) {
    return server.ask("DELETE /mcp HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n").status;
  };
  CHECK(end("") == 400);
  CHECK(end("Mcp-Session-Id: x\r\n") == 404);
  CHECK(end(in) == 204);
  CHECK(end(in) == 404);
  CHECK(server.ask(http_post(request(1, "ping"), in)).status == 404);
}

TEST_CASE("a session is ended by its owner alone") {
  mixed_server server;
  const auto ann = bearer(server.issuer.mint({.subject = "ann"}));
  const auto bob = bearer(server.issuer.mint({.subject = "bob"}));
  const auto opened = server.ask(http_post(initialize(), ann));
  const auto in = "Mcp-Session-Id: " + *opened.field("Mcp-Session-Id") + "\r\n";
  const auto end = [&](const std::string& fields) {
    return server.ask("DELETE /mcp HTTP/1.1\r\nHost: localhost\r\n" + in + fields + "\r\n").status;
  };
  CHECK(end(bob) == 404);
  CHECK(end("") == 404);
  CHECK(server.ask(http_post(request(1, "ping"), in + bob)).status == 404);
  CHECK(server.ask(http_post(request(1, "ping"), in + ann)).status == 200);
  // With a new token, too.
  CHECK(end(bearer(server.issuer.mint({.subject = "ann", .expires_in = 100s}))) == 204);
}

TEST_CASE("what a plain function sends comes before its answer, in one stream") {
  open_server server;
  const auto got = server.ask(http_call("tell", "{}", "", meta("{}", listening)));
  CHECK(got.status == 200);
  CHECK(got.field("Content-Type") == "text/event-stream");
  CHECK(got.field("Cache-Control") == "no-store");
  const auto all = messages(got.body);
  REQUIRE(all.size() == 3);
  CHECK(at(all[0], "/params/progress") == "1");
  CHECK(text_at(all[1], "/params/data") == "two\nlines");
  CHECK(said(all[2]) == "told");
  // And plain JSON where nothing was wanted.
  const auto plain = server.ask(http_call("tell"));
  CHECK(plain.field("Content-Type") == "application/json");
  CHECK(said(plain.body) == "told");
}

TEST_CASE("what a task sends comes while it works") {
  open_server server;
  client one{server.http.port()};
  one.send(http_call("tell_later", "{}", "", meta("{}", listening)));
  const auto head = read_head(one);
  CHECK(head.find("200") != std::string::npos);
  CHECK(head.find("text/event-stream") != std::string::npos);
  CHECK(head.find("X-Accel-Buffering: no") != std::string::npos);
  CHECK(at(next_message(one), "/params/progress") == "1");
  server.seen->go_on = true;
  CHECK(at(next_message(one), "/params/progress") == "2");
  const auto last = next_message(one);
  CHECK(said(last) == "told");
  CHECK(at(last, "/id") == "1");
  CHECK(!one.read_chunk());
  // The connection goes on.
  CHECK(said(one.ask(http_call("echo", R"({"text":"tea"})")).body) == "tea");
}

TEST_CASE("a task that sends nothing is answered in JSON") {
  open_server server;
  const auto got = server.ask(http_call("later", R"({"text":"tea"})"));
  CHECK(got.field("Content-Type") == "application/json");
  CHECK(said(got.body) == "tea");
  CHECK(at(server.ask(http_call("later", "{}")).body, "/result/isError") == "true");
}

TEST_CASE("a client that leaves cancels its request in the stateless era") {
  for (const bool streaming : {false, true}) {
    CAPTURE(streaming);
    open_server server;
    {
      client one{server.http.port()};
      one.send(http_call(streaming ? "tell_later" : "wait", "{}", "", meta("{}", listening)));
      CHECK(server.seen->begun.await());
      if (streaming) {
        read_head(one);
        next_message(one);
      }
    }
    if (!streaming) CHECK(server.seen->ended.await());
    CHECK(said(server.ask(http_call("echo", R"({"text":"tea"})")).body) == "tea");
  }
}

TEST_CASE("a client that leaves does not cancel its request in a session, but may say so") {
  open_server server;
  const auto opened = server.ask(http_post(initialize()));
  const auto in = "Mcp-Session-Id: " + *opened.field("Mcp-Session-Id") + "\r\n";
  {
    client one{server.http.port()};
    one.send(http_post(session_call(1, "wait"), in));
    CHECK(server.seen->begun.await());
  }
  // Well after the server has seen it.
  for (int i = 0; i < 20; ++i)
    CHECK(said(server.ask(http_call("later", R"({"text":"tea"})")).body) == "tea");
  CHECK(server.seen->ended.count() == 0);

  client two{server.http.port()};
  two.send(http_post(session_call(2, "wait"), in));
  CHECK(server.seen->begun.await(2));
  CHECK(server.ask(http_post(cancelled(2), in)).status == 202);
  CHECK(server.seen->ended.await());
  // Its stream ends and says nothing.
  CHECK(read_head(two).find("text/event-stream") != std::string::npos);
  CHECK(!two.read_chunk());
  server.seen->go_on = true;
  CHECK(server.seen->ended.await(2));
}

TEST_CASE("the end of a session ends what is served in it") {
  open_server server;
  const auto opened = server.ask(http_post(initialize()));
  const auto in = "Mcp-Session-Id: " + *opened.field("Mcp-Session-Id") + "\r\n";
  client one{server.http.port()};
  one.send(http_post(session_call(1, "wait"), in));
  CHECK(server.seen->begun.await());
  CHECK(server.ask("DELETE /mcp HTTP/1.1\r\nHost: localhost\r\n" + in + "\r\n").status == 204);
  CHECK(server.seen->ended.await());
}

TEST_CASE("a question is asked on the stream of its request, and answered by another one") {
  open_server server;
  const auto opened = server.ask(http_post(initialize("2025-11-25", R"({"elicitation":{}})")));
  const auto other = server.ask(http_post(initialize("2025-11-25", R"({"elicitation":{}})")));
  const auto in = "Mcp-Session-Id: " + *opened.field("Mcp-Session-Id") + "\r\n";
  client one{server.http.port()};
  one.send(http_post(session_call(7, "ask"), in));
  CHECK(read_head(one).find("text/event-stream") != std::string::npos);
  const auto question = next_message(one);
  CHECK(at(question, "/method") == "\"elicitation/create\"");
  const auto response = R"({"jsonrpc":"2.0","id":)" + at(question, "/id") +
                        R"(,"result":{"action":"accept","content":{"name":"Ann"}}})";
  // Another session's answer is taken, and is nothing.
  CHECK(
      server.ask(http_post(response, "Mcp-Session-Id: " + *other.field("Mcp-Session-Id") + "\r\n"))
          .status == 202);
  CHECK(server.ask(http_post(response, in)).status == 202);
  const auto last = next_message(one);
  CHECK(said(last) == "Hello, Ann");
  CHECK(at(last, "/id") == "7");
  CHECK(!one.read_chunk());
}

TEST_CASE("nothing follows a question on its stream in the stateless era") {
  open_server server;
  client one{server.http.port()};
  const auto with = meta(R"({"elicitation":{"form":{}}})", listening);
  one.send(http_call("tell_and_ask", "{}", "", with));
  CHECK(read_head(one).find("text/event-stream") != std::string::npos);
  CHECK(at(next_message(one), "/params/progress") == "1");
  const auto asked = next_message(one);
  CHECK(text_at(asked, "/result/resultType") == "input_required");
  CHECK(at(asked, "/id") == "1");
  CHECK(!one.read_chunk());
  // The same connection brings the answer, and the request goes to its end.
  const auto state = at(asked, "/result/requestState");
  one.send(http_post(
      call(2, "tell_and_ask", "{}", with,
           R"("inputResponses":{"question-1":{"action":"accept","content":{"name":"Ann"}}},)"
           R"("requestState":)" +
               state),
      modern("tools/call", "tell_and_ask")));
  read_head(one);
  CHECK(at(next_message(one), "/params/progress") == "1");
  CHECK(said(next_message(one)) == "Hello, Ann");
  CHECK(!one.read_chunk());
}

TEST_CASE("an answer may be larger than what a stream holds back, also for a slow peer") {
  sesame::http_transport_options options;
  options.server.stream_buffer = 4096;
  open_server server{options};
  client one{server.http.port(), 4096};
  one.send(http_call("much", R"({"bytes":300000})", "", meta("{}", listening)));
  read_head(one);
  std::string stream;
  while (const auto chunk = one.read_chunk()) stream += *chunk;
  const auto all = messages(stream);
  REQUIRE(all.size() == 2);
  CHECK(said(all[1]).size() == 300'000);
  CHECK(!one.ended);
}

TEST_CASE("a peer that leaves amid a large answer harms nobody") {
  sesame::http_transport_options options;
  options.server.stream_buffer = 4096;
  open_server server{options};
  {
    client one{server.http.port(), 4096};
    one.send(http_call("much", R"({"bytes":3000000})", "", meta("{}", listening)));
    read_head(one);
    one.read_chunk();
    one.reset();
  }
  CHECK(said(server.ask(http_call("echo", R"({"text":"tea"})")).body) == "tea");
}

std::string listening_for(std::string_view wanted, int id = 1) {
  return http_post(
      stateless(id, "subscriptions/listen", R"("notifications":)" + std::string{wanted}),
      modern("subscriptions/listen"));
}
constexpr std::string_view subscription_id =
    "/params/_meta/io.modelcontextprotocol~1subscriptionId";

TEST_CASE("a subscription is a stream, from its acknowledgement on") {
  open_server server;
  event_stream one{server.http.port(), listening_for(R"({"toolsListChanged":true})", 5)};
  CHECK(one.head().status == 200);
  CHECK(one.head().field("Content-Type") == "text/event-stream");
  const auto first = one.next();
  REQUIRE(first);
  CHECK(first->id.empty());
  CHECK(text_at(first->data, "/method") == "notifications/subscriptions/acknowledged");
  CHECK(at(first->data, subscription_id) == "5");
  for (const bool by_tool : {true, false}) {
    server.server.prompts_changed();
    if (by_tool)
      CHECK(said(server.ask(http_call("change")).body) == "changed");
    else
      server.server.tools_changed();
    const auto told = one.message();
    CHECK(text_at(told, "/method") == "notifications/tools/list_changed");
    CHECK(at(told, subscription_id) == "5");
  }
  // One that is refused is no stream.
  CHECK(server.ask(listening_for("[]")).field("Content-Type") == "application/json");
}

TEST_CASE("a client that leaves ends its subscription") {
  open_server server{{}, {}, {.name = "http", .version = "1", .max_subscriptions = 1}};
  {
    event_stream one{server.http.port(), listening_for("{}")};
    CHECK(one.next());
    CHECK(server.ask(listening_for("{}")).status == 429);
  }
  // The server sees it some time.
  for (int i = 0; i < 1000; ++i) {
    event_stream next{server.http.port(), listening_for("{}")};
    if (next.head().status == 200) return;
  }
  FAIL("the subscription stays");
}

TEST_CASE("a server that stops says the last words of its subscriptions") {
  sesame::http_transport_options options;
  options.server.timeouts.stop_grace = 10s;
  open_server server{options};
  event_stream one{server.http.port(), listening_for("{}", 5)};
  CHECK(one.next());
  server.http.server.stop();
  const auto last = one.message();
  CHECK(at(last, "/id") == "5");
  CHECK(at(last, "/result/_meta/io.modelcontextprotocol~1subscriptionId") == "5");
  CHECK(one.ended());
  CHECK(server.http.ended.await());
}

// In KiB, of this whole process.
std::size_t resident() {
  std::ifstream status{"/proc/self/status"};
  std::string line;
  while (std::getline(status, line))
    if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6));
  return 0;
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true;
#elif defined(__has_feature)
constexpr bool is_sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool is_sanitized = false;
#endif

TEST_CASE("two thousand idle subscriptions cost little, and a slow one delays nobody") {
  // Every event visits every subscription, and a sanitizer looks at each step of that.
  constexpr std::size_t count = is_sanitized ? 500 : 2'000;
  constexpr int events = is_sanitized ? 5'000 : 20'000;
  sesame::http_transport_options options;
  options.server.max_connections = count + 50;
  options.server.threads = 2;
  options.server.stream_buffer = std::size_t{8} << 10;
  open_server server{options};
  const auto wanted = R"({"toolsListChanged":true,"resourceSubscriptions":["a:1"]})";
  // This one asks to be told much, and reads none of it.
  event_stream slow{server.http.port(), listening_for(R"({"promptsListChanged":true})"), 4096};
  CHECK(slow.next());

  const auto before = resident();
  std::deque<event_stream> all;
  for (std::size_t i = 0; i < count; ++i)
    all.emplace_back(server.http.port(), listening_for(wanted, static_cast<int>(i)));
  for (auto& each : all) CHECK(each.next());
  const auto after = resident();
  MESSAGE("an idle subscription takes ", (after - before) * 1024 / count,
          " bytes, with its client");
  // A sanitizer takes several times as much, for itself.
  CHECK(after - before < count * (is_sanitized ? 512 : 48));

  for (int i = 0; i < events; ++i) {
    server.server.prompts_changed();
    if (i % 100 == 0) std::this_thread::yield();
  }
  server.server.tools_changed();
  server.server.resource_updated("a:1");
  std::size_t told = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto list = all[i].message();
    const auto resource = all[i].message();
    if (at(list, subscription_id) == std::to_string(i) &&
        at(resource, subscription_id) == std::to_string(i) &&
        text_at(resource, "/params/uri") == "a:1")
      ++told;
  }
  CHECK(told == count);
  CHECK(said(server.ask(http_call("echo", R"({"text":"tea"})")).body) == "tea");
}

TEST_CASE("requests on one connection are answered in their order") {
  open_server server;
  client one{server.http.port()};
  std::string all;
  for (int i = 0; i < 10; ++i)
    all += http_call(i % 2 == 0 ? "later" : "echo", R"({"text":"tea"})", "", {}, i);
  one.send(all);
  for (int i = 0; i < 10; ++i) CHECK(at(one.read().body, "/id") == std::to_string(i));
}

TEST_CASE("a server that stops cancels what does not end") {
  auto tools = open_tools{};
  {
    sesame::http_transport_options options;
    options.server.timeouts.stop_grace = 50ms;
    open_server server{options, tools};
    client one{server.http.port()};
    one.send(http_call("wait"));
    CHECK(tools.seen->begun.await());
    server.http.server.stop();
    CHECK(server.http.ended.await());
    CHECK(tools.seen->ended.count() == 1);
  }
}

TEST_CASE("many clients on several threads get their own answers") {
  sesame::http_transport_options options{.public_url = "https://mcp.example/mcp"};
  options.server.threads = 3;
  mixed_server server{options};
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      client one{server.http.port()};
      client two{server.http.port()};
      const auto name = "user" + std::to_string(t);
      const auto token = bearer(server.issuer.mint({.subject = name, .scopes = "me records:read"}));
      const auto opened = one.ask(http_post(initialize(), token));
      const auto in = "Mcp-Session-Id: " + opened.field("Mcp-Session-Id").value_or("") + "\r\n";
      for (int i = 0; i < 40; ++i) {
        const auto text = name + "/" + std::to_string(i);
        const auto arguments = R"({"text":")" + text + "\"}";
        auto& from = i % 2 == 0 ? one : two;
        if (said(from.ask(http_call("read", "{}", token)).body) != name) ++wrong;
        if (said(from.ask(http_call("later", arguments)).body) != text) ++wrong;
        if (said(from.ask(http_post(session_call(i, "later", arguments), in + token)).body) != text)
          ++wrong;
        const auto told =
            messages(from.ask(http_call("tell", "{}", token, meta("{}", listening))).body);
        if (told.size() != 3) ++wrong;
        if (i % 8 == 0) {
          client leaving{server.http.port()};
          leaving.send(http_call("tell_later", "{}", token, meta("{}", listening)));
        }
      }
    });
  for (auto& each : threads) each.join();
  CHECK(wrong == 0);
}

TEST_CASE("clients that leave at any moment harm nobody") {
  sesame::http_transport_options options{.public_url = "https://mcp.example/mcp"};
  options.server.threads = 3;
  options.server.stream_buffer = 4096;
  options.server.timeouts.stop_grace = 50ms;
  const sesame::test_issuer issuer;
  running<open_tools, closed_tools, sesame::jwt_provider> server{
      options,
      {.name = "http", .version = "1", .max_sessions = 3},
      open_tools{},
      closed_tools{},
      issuer.provider()};
  const auto serve = [&](unsigned t) {
    std::minstd_rand chance{t + 1};
    const auto name = "user" + std::to_string(t);
    const auto token = bearer(issuer.mint({.subject = name, .scopes = "me records:read"}));
    std::string in;
    for (int i = 0; i < 60; ++i) {
      client one{server.http.port()};
      if (in.empty() || chance() % 10 == 0) {
        const auto opened =
            one.ask(http_post(initialize("2025-11-25", R"({"elicitation":{}})"), token));
        in = "Mcp-Session-Id: " + opened.field("Mcp-Session-Id").value_or("") + "\r\n" + token;
      }
      switch (chance() % 7) {
        case 0:
          one.send(http_call("wait", "{}", token));
          break;
        case 1:
          one.send(http_call("tell_later", "{}", token, meta("{}", listening)));
          if (chance() % 2 == 0) read_head(one);
          break;
        case 2:
          one.send(http_call("much", R"({"bytes":200000})", token, meta("{}", listening)));
          if (chance() % 2 == 0) one.read_until("progress");
          break;
        case 3: {
          one.send(http_post(session_call(7, "ask"), in));
          if (read_head(one).find("event-stream") == std::string::npos) break;
          const auto id = at(next_message(one), "/id");
          if (chance() % 3 == 0) break;
          client{server.http.port()}.ask(http_post(
              R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":{"action":"cancel"}})", in));
          break;
        }
        case 4: {
          one.send(http_post(session_call(3, "wait"), in));
          client two{server.http.port()};
          if (chance() % 2 == 0)
            two.ask(http_post(cancelled(3), in));
          else
            two.ask("DELETE /mcp HTTP/1.1\r\nHost: localhost\r\n" + in + "\r\n");
          break;
        }
        case 5:
          one.send(http_call("echo", R"({"text":"tea"})").substr(0, chance() % 200));
          break;
        default:
          one.send(http_call("later", R"({"text":"x"})") + http_call("wait"));
          break;
      }
      if (chance() % 2 == 0) one.reset();
    }
  };
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t) threads.emplace_back(serve, t);
  for (auto& each : threads) each.join();
  const auto token = bearer(issuer.mint({.subject = "ann", .scopes = "me records:read"}));
  CHECK(said(server.ask(http_call("read", "{}", token)).body) == "ann");
  CHECK(server.server.engine().sessions().size() <= 3);
}

struct staff_tools : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string read() const { return "read"; }
  using tools = sesame::tools<
      sesame::tool<&staff_tools::read, "-", sesame::roles<"staff">, sesame::scopes<"me">>>;
};

TEST_CASE("who may not, whatever the token, is not sent for another one") {
  const sesame::test_issuer issuer;
  running<staff_tools, sesame::jwt_provider> server{{}, {}, issuer.provider()};
  const auto ask = [&](std::string claims, std::string scopes) {
    return server.ask(
        http_call("read", "{}",
                  bearer(issuer.mint({.scopes = std::move(scopes), .claims = std::move(claims)}))));
  };
  const auto refused = ask(R"({"roles":["guest"]})", "");
  CHECK(refused.status == 403);
  CHECK_FALSE(refused.field("WWW-Authenticate"));
  CHECK(
      refused.body ==
      R"({"jsonrpc":"2.0","id":1,"error":{"code":403,"message":"Forbidden: The caller may not do )"
      R"(this","data":{"code":"FORBIDDEN"}}})");
  CHECK(ask(R"({"roles":["staff"]})", "").field("WWW-Authenticate"));
  CHECK(said(ask(R"({"roles":["staff"]})", "me").body) == "read");
}

struct developing : sesame::service<sesame::authenticated<sesame::development_provider>> {
  std::string read() const { return "read"; }
  using tools = sesame::tools<sesame::tool<&developing::read, "-">>;
};

TEST_CASE("a server with a provider for development does not listen beyond this machine") {
  reports log;
  sesame::server server{{.name = "http", .version = "1", .on_error = log.sink()},
                        developing{},
                        sesame::development_provider{}};
  const auto starts = [&](std::string host, std::string public_url = "") {
    sesame::http_transport_options options{.public_url = std::move(public_url)};
    options.server.host = std::move(host);
    const sesame::http_endpoint endpoint{server.engine(), std::move(options)};
  };
  for (const auto* host : {"127.0.0.1", "::1", "localhost"}) CHECK_NOTHROW(starts(host));
  CHECK(log.mention("a provider for development lets in whoever the program likes"));
  for (const auto* host : {"0.0.0.0", "::", "192.168.1.7", "mcp.example"})
    CHECK_THROWS_WITH_AS(starts(host, "http://127.0.0.1:8080/mcp"), doctest::Contains("host: "),
                         sesame::configuration_error);
  CHECK_THROWS_WITH_AS(starts("127.0.0.1", "https://mcp.example/mcp"),
                       doctest::Contains("public_url: "), sesame::configuration_error);
}

TEST_CASE("settings that make no sense are named") {
  sesame::server server{{.name = "http", .version = "1"}, open_tools{}};
  const auto names = [&](const char* setting, sesame::http_transport_options options) {
    CHECK_THROWS_WITH_AS((sesame::http_endpoint{server.engine(), std::move(options)}),
                         doctest::Contains(setting), sesame::configuration_error);
  };
  names("path", {.path = "mcp"});
  names("path", {.path = ""});
  names("path", {.path = "/mcp?x"});
  names("sse_path", {.sse_path = "sse"});
  names("sse_path", {.sse_path = "/mcp"});
  names("public_url", {.public_url = "mcp.example"});
  names("hosts", {.hosts = {"http://x"}});
  names("origins", {.origins = {"https://app.example/path"}});
}

}  // namespace http_test
