// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/engine.hpp"

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace engine_primitives_test {

using namespace server_test;
using sesame::primitive;
using jwt = sesame::jwt_provider;

struct page_address {
  std::string book;
  std::optional<int> number;
};
struct path_address {
  std::string path;
};
struct greeting {
  std::string whom;
};
struct name_form {
  std::string name;
};

struct library : sesame::service<sesame::authenticated<jwt>, sesame::scopes<"read">> {
  std::string tool() const { return "tool"; }
  std::string readme() const { return "read me"; }
  std::string whose(const sesame::principal& caller) const { return caller.subject; }
  std::optional<std::string> page(const page_address& at, const sesame::principal* caller,
                                  sesame::context& call) const {
    if (at.book == "lost") return std::nullopt;
    return at.book + "/" + std::to_string(at.number.value_or(-1)) + "/" +
           (caller == nullptr ? "nobody" : caller->subject) + (call.cancelled() ? "!" : "");
  }
  sesame::task<std::string> file(path_address at) const {
    asio::steady_timer timer{co_await asio::this_coro::executor, 0ms};
    co_await timer.async_wait(asio::use_awaitable);
    co_return at.path;
  }
  std::string secret(const page_address& at, const sesame::elicited<name_form>& form) const {
    return at.book + " for " + (form ? form->name : "nobody");
  }
  std::string greet(const greeting& g, const sesame::principal& caller) const {
    return g.whom + " from " + caller.subject;
  }
  std::string sampling() const { return "can sample"; }

  using tools = sesame::tools<sesame::tool<&library::tool, "-">>;
  using resources = sesame::resources<
      sesame::resource<&library::readme, "docs://readme", "-", sesame::anonymous>,
      sesame::resource<&library::whose, "docs://whose", "-">,
      sesame::resource<&library::sampling, "docs://sampling", "-", sesame::anonymous,
                       sesame::requires_client<sesame::client_capabilities::sampling>>,
      sesame::resource_template<&library::page, "docs://books/{book}/{number}", "-",
                                sesame::anonymous>,
      sesame::resource_template<&library::file, "docs://files/{+path}", "-", sesame::anonymous>,
      sesame::resource_template<&library::secret, "docs://secret/{book}", "-", sesame::anonymous,
                                sesame::elicitation<name_form>>,
      sesame::resource_template<&library::page, "docs://closed/{book}", "-">>;
  using prompts = sesame::prompts<
      sesame::prompt<&library::greet, "-">,
      sesame::prompt<&library::readme, "-", sesame::named<"open">, sesame::anonymous>>;
};

struct fixture {
  explicit fixture(sesame::server_options options = {})
      : server{with_name(std::move(options)), library{}, issuer.provider()} {}
  static sesame::server_options with_name(sesame::server_options options) {
    options.name = "library";
    options.version = "1";
    options.on_error = [](std::string_view) {};
    return options;
  }
  sesame::test_issuer issuer;
  sesame::server<library, jwt> server;
  direct client{server.engine()};

  std::string read(std::string_view uri, std::string_view with = {}, std::string_view more = "") {
    std::string members = R"("uri":)" + json_string(uri);
    if (!more.empty()) members.append(",").append(more);
    return client(stateless(1, "resources/read", members, with));
  }
  std::string text(std::string_view uri) { return text_at(read(uri), "/result/contents/0/text"); }
  std::string signed_in(std::string_view scopes) const {
    return meta("{}", authorization(issuer.mint({.scopes = std::string{scopes}})));
  }
};

TEST_CASE_FIXTURE(fixture, "a resource is read by its URI, and a template by what it makes") {
  CHECK(text("docs://readme") == "read me");
  CHECK(text("docs://books/war/12") == "war/12/nobody");
  CHECK(text("docs://books/war/") == "war/-1/nobody");
  CHECK(text("docs://files/a/b%20c?d") == "a/b c?d");
  CHECK(at(read("docs://books/w%C3%A9/1"), "/result/contents/0/uri") ==
        "\"docs://books/w%C3%A9/1\"");
}

TEST_CASE_FIXTURE(fixture, "what leads nowhere is not found, in the words of the revision") {
  for (const auto uri :
       {"docs://none", "docs://readme/", "DOCS://readme", "docs://books/war",
        "docs://books/war/twelve", "docs://books/war/1/2", "docs://books//1", "docs://books/lost/1",
        "docs://files/", "docs://books/war/99999999999", "docs://books/{book}/{number}"}) {
    const bool is_uri = std::string_view{uri}.find('{') == std::string_view::npos;
    const auto refused = read(uri);
    CHECK_MESSAGE(at(refused, "/error/code") == "-32602", uri);
    CHECK(text_at(refused, "/error/data/uri") == uri);
    CHECK(text_at(refused, "/error/message") ==
          (is_uri ? "Resource not found" : "Invalid params: uri must be a URI"));
  }
  for (const auto revision : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
    client(initialize(revision));
    const auto refused = client(request(1, "resources/read", R"({"uri":"docs://none"})"));
    CHECK(at(refused, "/error/code") == "-32002");
    CHECK(at(refused, "/error/data") == R"({"uri":"docs://none"})");
  }
}

TEST_CASE_FIXTURE(fixture, "parameters that are missing or of another type are refused") {
  for (const auto members :
       {"", R"("uri":1)", R"("uri":null)", R"("uri":"docs://a","uri":"docs://b")",
        R"("uri":"no uri")", R"("uri":"")", R"("uri":"docs://a\u0000")"})
    CHECK(at(client(stateless(1, "resources/read", members)), "/error/code") == "-32602");
  for (const auto members :
       {"", R"("name":1)", R"("name":"none")", R"("name":"open","arguments":1)",
        R"("name":"open","arguments":{"a":"b"})"})
    CHECK(at(client(stateless(1, "prompts/get", members)), "/error/code") == "-32602");
  CHECK(at(client(stateless(1, "prompts/get", R"("name":"open")")), "/error").empty());
}

TEST_CASE_FIXTURE(fixture, "resources and prompts are guarded as tools are") {
  CHECK(at(read("docs://whose"), "/error/code") == "401");
  CHECK(at(read("docs://closed/war"), "/error/code") == "401");
  CHECK(at(read("docs://whose", signed_in("write")), "/error/code") == "403");
  CHECK(text_at(read("docs://whose", signed_in("read")), "/result/contents/0/text") == "alice");
  CHECK(text_at(read("docs://closed/war", signed_in("read")), "/result/contents/0/text") ==
        "war/-1/alice");
  const auto greet = R"("name":"greet","arguments":{"whom":"bob"})";
  CHECK(at(client(stateless(1, "prompts/get", greet)), "/error/code") == "401");
  CHECK(at(client(stateless(1, "prompts/get", greet, signed_in(""))), "/error/code") == "403");
  CHECK(text_at(client(stateless(1, "prompts/get", greet, signed_in("read"))),
                "/result/messages/0/content/text") == "bob from alice");
  CHECK(server.engine().opens_to_anonymous());
  CHECK(server.engine().scopes() == std::vector<std::string_view>{"read"});
}

TEST_CASE_FIXTURE(fixture, "a resource may need a client that can do something") {
  CHECK(at(read("docs://sampling"), "/error/data") ==
        R"({"requiredCapabilities":{"sampling":{}}})");
  CHECK(text_at(read("docs://sampling", meta(R"({"sampling":{}})")), "/result/contents/0/text") ==
        "can sample");
  client(initialize());
  const auto refused = client(request(1, "resources/read", R"({"uri":"docs://sampling"})"));
  CHECK(text_at(refused, "/error/message").find("sampling") != std::string::npos);
}

TEST_CASE_FIXTURE(fixture,
                  "a resource asks the user as a tool does, and keeps the answer to itself") {
  const auto able = meta(R"({"elicitation":{}})");
  const auto question = read("docs://secret/war", able);
  CHECK(at(question, "/result/inputRequests/form/method") == "\"elicitation/create\"");
  CHECK(at(question, "/result/ttlMs").empty());
  const auto state = text_at(question, "/result/requestState");
  const auto answered = [&](std::string_view uri, std::string_view with_state) {
    return read(uri, able,
                R"("inputResponses":{"form":{"action":"accept","content":{"name":"ada"}}},)"
                R"("requestState":)" +
                    json_string(with_state));
  };
  CHECK(text_at(answered("docs://secret/war", state), "/result/contents/0/text") == "war for ada");
  // The state is good for this resource, with these variables.
  CHECK(at(answered("docs://secret/peace", state), "/error/code") == "-32602");
  CHECK(at(answered("docs://secret/war", state + "x"), "/error/code") == "-32602");
}

TEST_CASE_FIXTURE(fixture, "a session is asked on its own stream before a resource is read") {
  client(initialize("2025-11-25", R"({"elicitation":{}})"));
  std::optional<std::string> question;
  client.on_send = [&](std::string_view message) {
    question = message;
    direct other{server.engine()};
    other.peer.session = client.peer.session;
    other(R"({"jsonrpc":"2.0","id":)" + at(message, "/id") +
          R"(,"result":{"action":"accept","content":{"name":"ada"}}})");
  };
  CHECK(text_at(client(request(1, "resources/read", R"({"uri":"docs://secret/war"})")),
                "/result/contents/0/text") == "war for ada");
  CHECK(at(question, "/method") == "\"elicitation/create\"");
}

struct shelves : sesame::service<sesame::authenticated<jwt>> {
  std::string text() const { return "text"; }
  using tools = sesame::tools<
      sesame::tool<&shelves::text, "-", sesame::named<"look">, sesame::scopes<"look">>,
      sesame::tool<&shelves::text, "-", sesame::named<"both">, sesame::scopes<"look", "lend">>,
      sesame::tool<&shelves::text, "-", sesame::named<"own">, sesame::scopes<"look">,
                   sesame::scope_includes<"guest", "look">>>;
};

TEST_CASE("a scope may include others, and what these include") {
  using rules =
      sesame::policies<sesame::scope_includes<"librarian", "lend", "reader">,
                       sesame::scope_includes<"reader", "look">,
                       sesame::scope_includes<"head", "librarian">,
                       sesame::scope_includes<"look", "reader">>;  // a circle harms nobody
  const sesame::test_issuer issuer;
  sesame::server server{{.name = "shelves", .version = "1"}, shelves{}, issuer.provider(), rules{}};
  direct client{server.engine()};
  const auto may = [&](std::string_view tool, std::string scopes) {
    const auto with = meta("{}", authorization(issuer.mint({.scopes = scopes})));
    return at(client(call(1, tool, "{}", with)), "/error/code").empty();
  };
  for (const auto scopes : {"look", "reader", "librarian", "head", "other head"})
    CHECK_MESSAGE(may("look", scopes), scopes);
  for (const auto scopes : {"", "lend", "Reader", "read", "guest"})
    CHECK_MESSAGE(!may("look", scopes), scopes);
  for (const auto scopes : {"look lend", "reader lend", "librarian", "head"})
    CHECK_MESSAGE(may("both", scopes), scopes);
  for (const auto scopes : {"look", "lend", "reader"}) CHECK_MESSAGE(!may("both", scopes), scopes);
  // The nearest list decides alone.
  CHECK(may("own", "guest"));
  CHECK(!may("own", "head"));
}

enum class colour { red, green };
struct painting {
  colour in;
};
struct limited : sesame::service<sesame::rate_limit<2, 3600>> {
  std::string often() const { return "often"; }
  std::string seldom() const { return "seldom"; }
  std::string own() const { return "own"; }
  std::string read() const { return "read"; }
  std::string paint(const painting&) const { return "paint"; }
  using tools = sesame::tools<sesame::tool<&limited::seldom, "-">, sesame::tool<&limited::own, "-">,
                              sesame::tool<&limited::often, "-", sesame::rate_limit<100>>,
                              sesame::tool<&limited::read, "-", sesame::named<"closed">,
                                           sesame::authenticated<jwt>, sesame::scopes<"read">>>;
  using resources = sesame::resources<sesame::resource<&limited::read, "docs://limited", "-">>;
  using prompts = sesame::prompts<sesame::prompt<&limited::paint, "-">>;
};

TEST_CASE("what is asked for too often is refused for a while, to each caller by itself") {
  const sesame::test_issuer issuer;
  sesame::server server{{.name = "limited", .version = "1"}, limited{}, issuer.provider()};
  direct client{server.engine()};
  const auto called = [&](std::string_view tool, std::string_view with = {}) {
    return at(client(call(1, tool, "{}", with)), "/error/code");
  };
  const auto who = [&](std::string subject, std::string scopes = "read") {
    return meta("{}", authorization(issuer.mint({.subject = subject, .scopes = scopes})));
  };
  CHECK(called("seldom").empty());
  CHECK(called("seldom").empty());
  CHECK(called("seldom") == "429");
  CHECK(client.x.status() == 429);
  CHECK(text_at(client.out, "/error/message") == "Too many requests");
  const auto wait = std::stoi(at(client.out, "/error/data/retryAfter"));
  CHECK(wait > 1'790);
  CHECK(wait <= 1'800);
  // Nothing else is any nearer to its end by that, for nobody.
  CHECK(called("own").empty());
  CHECK(called("seldom", who("ann")).empty());
  CHECK(called("seldom", who("ann")).empty());
  CHECK(called("seldom", who("ann")) == "429");
  CHECK(called("seldom", who("bob")).empty());
  for (int i = 0; i < 10; ++i) CHECK(called("often").empty());
  // Who may not call at all is told that, and not that it was too often.
  for (int i = 0; i < 3; ++i) CHECK(called("closed", who("ann", "")) == "403");
  CHECK(called("closed", who("ann")).empty());

  const auto asked = [&](std::string_view method, std::string_view members) {
    return at(client(stateless(1, method, members)), "/error/code");
  };
  const auto complete =
      R"("ref":{"type":"ref/prompt","name":"paint"},"argument":{"name":"in","value":"r"})";
  for (const auto& [method, members] :
       {std::pair{"resources/read", R"("uri":"docs://limited")"},
        std::pair{"prompts/get", R"("name":"paint","arguments":{"in":"red"})"},
        std::pair{"completion/complete", complete}}) {
    CHECK(asked(method, members).empty());
    CHECK(asked(method, members).empty());
    CHECK(asked(method, members) == "429");
  }
}

TEST_CASE("what is read may be kept as long, and by whom, the options say") {
  fixture shared{
      {.name = "", .version = "", .read_ttl = 5s, .read_scope = sesame::cache_scope::everybody}};
  CHECK(at(shared.read("docs://readme"), "/result/ttlMs") == "5000");
  CHECK(at(shared.read("docs://readme"), "/result/cacheScope") == "\"public\"");
  const auto answered =
      shared.read("docs://secret/war", meta(R"({"elicitation":{}})"),
                  R"("inputResponses":{"form":{"action":"accept","content":{"name":"ada"}}})");
  CHECK(at(answered, "/result/ttlMs") == "0");
  CHECK(at(answered, "/result/cacheScope") == "\"private\"");
  fixture closed;
  CHECK(at(closed.read("docs://readme"), "/result/ttlMs") == "0");
  CHECK(at(closed.read("docs://readme"), "/result/cacheScope") == "\"private\"");
}

TEST_CASE_FIXTURE(fixture, "the headers of a reading say what is read") {
  const auto body = stateless(1, "resources/read", R"("uri":"docs://readme")");
  CHECK(text_at(client(body, fields::of("resources/read", "docs://readme")),
                "/result/contents/0/text") == "read me");
  CHECK(refused(client, body, fields::of("resources/read", "docs://whose")) ==
        refusal{400, "-32020"});
  CHECK(refused(client, body, fields::of("resources/read")) == refusal{400, "-32020"});
  CHECK(refused(client, stateless(1, "prompts/get", R"("name":"open")"),
                fields::of("prompts/get", "greet")) == refusal{400, "-32020"});
}

// What a server says that it has, and what it answers to the rest.
template <class Part>
std::string offered(Part part) {
  sesame::server made{{.name = "x", .version = "1"}, std::move(part)};
  direct client{made.engine()};
  std::string all;
  for (const auto method :
       {"tools/list", "tools/call", "resources/list", "resources/templates/list", "resources/read",
        "prompts/list", "prompts/get", "completion/complete"}) {
    const auto [status, code] = refused(client, stateless(1, method), fields::of(method, "x"));
    if (code == "-32601" && status == 404) continue;
    all += method;
    all += ' ';
  }
  client(initialize());
  const auto declared = at(client(initialize()), "/result/capabilities");
  CHECK(at(client(stateless(1, "server/discover")), "/result/capabilities") == declared);
  return all + declared;
}
struct only_tools : sesame::service<> {
  std::string a() const { return ""; }
  using tools = sesame::tools<sesame::tool<&only_tools::a, "-">>;
};
struct only_resources : sesame::service<> {
  std::string a() const { return ""; }
  using resources = sesame::resources<sesame::resource<&only_resources::a, "a:b", "-">>;
};
struct only_templates : sesame::service<> {
  std::string a(const path_address&) const { return ""; }
  using resources =
      sesame::resources<sesame::resource_template<&only_templates::a, "a:{path}", "-">>;
};
enum class mood { good, bad };
struct mood_argument {
  mood m;
};
struct only_prompts : sesame::service<> {
  std::string a(const mood_argument&) const { return ""; }
  using prompts = sesame::prompts<sesame::prompt<&only_prompts::a, "-">>;
};

TEST_CASE("a server has the methods and the capabilities of what it is made of") {
  CHECK(offered(only_tools{}) ==
        R"(tools/list tools/call {"logging":{},"tools":{"listChanged":true}})");
  const auto resources = R"(resources/list resources/templates/list resources/read )"
                         R"({"logging":{},"resources":{"subscribe":true,"listChanged":true}})";
  CHECK(offered(only_resources{}) == resources);
  CHECK(offered(only_templates{}) == resources);
  CHECK(offered(only_prompts{}) ==
        R"(prompts/list prompts/get completion/complete )"
        R"({"logging":{},"completions":{},"prompts":{"listChanged":true}})");
  CHECK(offered(sesame::policies<>{}) == R"({"logging":{}})");
}

// One who wants to hear of all lists.
struct listening {
  explicit listening(sesame::engine& engine) : client{engine} {
    client.begin(stateless(1, "subscriptions/listen",
                           R"("notifications":{"toolsListChanged":true,"promptsListChanged":true,)"
                           R"("resourcesListChanged":true})"));
    asio::co_spawn(client.io, client.x.finish(), asio::detached);
    take();
  }
  // The methods of what it was told since the last time.
  std::vector<std::string> take() {
    client.io.restart();
    client.io.poll();
    std::vector<std::string> methods;
    for (const auto& one : client.sent) methods.push_back(text_at(one, "/method"));
    client.sent.clear();
    return methods;
  }
  direct client;
};

TEST_CASE("what everybody may keep is still not given to everybody") {
  sesame::server_options options;
  options.list_scope = options.read_scope = sesame::cache_scope::everybody;
  fixture f{std::move(options)};
  CHECK(at(f.read("docs://readme"), "/result/cacheScope") == "\"public\"");
  CHECK(at(f.read("docs://whose"), "/error/code") == "401");
  CHECK(at(f.read("docs://whose", f.signed_in("write")), "/error/code") == "403");
  CHECK(text_at(f.read("docs://whose", f.signed_in("read")), "/result/contents/0/text") == "alice");
}

TEST_CASE_FIXTURE(fixture, "what is switched off is not there, until it is switched on") {
  listening told{server.engine()};
  const auto get = [&] {
    return at(client(stateless(1, "prompts/get", R"("name":"open")")), "/error/code");
  };

  CHECK(server.enable(primitive::resource, "docs://readme", false));
  CHECK(server.enable(primitive::resource_template, "docs://files/{+path}", false));
  CHECK(server.enable(primitive::prompt, "open", false));
  CHECK(server.enable(primitive::tool, "tool", false));
  // Equal changes that wait are one.
  CHECK(told.take() == std::vector<std::string>{"notifications/tools/list_changed",
                                                "notifications/prompts/list_changed",
                                                "notifications/resources/list_changed"});
  CHECK(at(read("docs://readme"), "/error/code") == "-32602");
  CHECK(at(read("docs://files/a"), "/error/code") == "-32602");
  CHECK(get() == "-32602");
  CHECK(text_at(client(call(1, "tool", "{}", signed_in("read"))), "/error/message") ==
        "Invalid params: unknown tool");
  CHECK(at(client(stateless(1, "resources/list")), "/result/resources/0/uri") ==
        "\"docs://whose\"");
  CHECK(at(client(stateless(1, "tools/list")), "/result/tools") == "[]");
  CHECK(at(client(stateless(1, "prompts/list")), "/result/prompts/1").empty());

  CHECK(server.enable(primitive::resource, "docs://readme"));
  CHECK(server.enable(primitive::prompt, "open"));
  CHECK(text("docs://readme") == "read me");
  CHECK(get().empty());
  CHECK(told.take().size() == 2);
}

TEST_CASE_FIXTURE(fixture, "switching tells of changes alone, and of what is there alone") {
  listening told{server.engine()};
  CHECK(server.enable(primitive::prompt, "open", true));
  CHECK(told.take().empty());
  CHECK_FALSE(server.enable(primitive::prompt, "none", false));
  CHECK_FALSE(server.enable(primitive::tool, "open", false));
  CHECK_FALSE(server.enable(primitive::resource, "docs://files/{+path}", false));
  CHECK(told.take().empty());
}

TEST_CASE_FIXTURE(fixture, "things may be switched while they are asked for") {
  std::jthread other{[&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      server.enable(primitive::resource, "docs://readme", false);
      server.enable(primitive::resource, "docs://readme", true);
    }
  }};
  for (int i = 0; i < 500; ++i) {
    const auto answered = read("docs://readme");
    CHECK((at(answered, "/error/code") == "-32602" ||
           text_at(answered, "/result/contents/0/text") == "read me"));
    const auto listed = at(client(stateless(1, "resources/list")), "/result/resources");
    CHECK(listed.starts_with('['));
  }
}

}  // namespace engine_primitives_test
