// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/engine.hpp"
#include "sesame/server/server.hpp"

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <vector>

namespace engine_guards_test {

using namespace server_test;
using sesame::principal;
using provider = sesame::jwt_provider;

struct transfer {
  std::string from;
  int amount;
};
struct page {
  std::string owner;
};

bool owns_account(const principal& caller, const transfer& what) {
  return what.from == caller.subject;
}
bool owns_page(const principal& caller, const page& what) {
  return what.owner == caller.subject;
}

// For staff, but for what says otherwise.
struct bank : sesame::service<sesame::authenticated<provider>, sesame::any_role<"staff", "boss">> {
  std::string plain() const { return "done"; }
  std::string move(const transfer& what) const { return "moved " + std::to_string(what.amount); }
  sesame::task<std::string> move_later(const transfer& what) const { co_return what.from; }
  std::string show(const page& what) const { return "page of " + what.owner; }
  std::vector<std::string> owners(std::string_view) const { return {"ann"}; }

  using own_account = sesame::allowed_if<owns_account>;
  using own_page = sesame::allowed_if<owns_page>;
  using tools = sesame::tools<
      sesame::tool<&bank::plain, "-", sesame::named<"for_staff">>,
      sesame::tool<&bank::plain, "-", sesame::named<"for_boss">, sesame::roles<"boss">>,
      sesame::tool<&bank::plain, "-", sesame::named<"open">, sesame::anonymous>,
      sesame::tool<&bank::plain, "-", sesame::named<"permitted">, sesame::permissions<"a", "b">>,
      sesame::tool<&bank::plain, "-", sesame::named<"paid">, sesame::entitlement<"plan", "pro">>,
      sesame::tool<&bank::plain, "-", sesame::named<"scoped">, sesame::scopes<"write">,
                   sesame::any_scope<"mail", "phone">>,
      sesame::tool<&bank::move, "-", own_account>,
      sesame::tool<&bank::move_later, "-", own_account, sesame::optional_task>>;
  using resources =
      sesame::resources<sesame::resource<&bank::plain, "bank:news", "-", sesame::roles<"boss">>,
                        sesame::resource_template<&bank::show, "page:{owner}", "-", own_page,
                                                  sesame::completes<"owner", &bank::owners>>>;
  using prompts =
      sesame::prompts<sesame::prompt<&bank::show, "-", sesame::named<"write">, own_page>>;
};

// A text of an answer; empty where there is none.
std::string text_or_none(std::string_view answer, std::string_view pointer) {
  return at(answer, pointer).empty() ? std::string{} : text_at(answer, pointer);
}

struct fixture {
  explicit fixture(sesame::server_options options = {.name = "bank", .version = "1"})
      : server{std::move(options), bank{}, issuer.provider()} {}

  std::string token(std::string more = R"("roles":["staff"])", std::string scopes = "") {
    return issuer.mint({.subject = "ann", .scopes = std::move(scopes), .claims = "{" + more + "}"});
  }
  std::string ask(std::string_view method, std::string_view members, std::string_view as) {
    return client(stateless(1, method, members, meta(can, as.empty() ? "" : authorization(as))));
  }
  std::string call_as(std::string_view as, std::string_view tool,
                      std::string_view arguments = "{}") {
    return client(call(1, tool, arguments, meta("{}", as.empty() ? "" : authorization(as))));
  }
  // What became of a call: done, or the code of the refusal.
  std::string outcome(std::string_view as, std::string_view tool,
                      std::string_view arguments = "{}") {
    const auto answer = call_as(as, tool, arguments);
    const auto code = text_or_none(answer, "/error/data/code");
    return code.empty() ? said(answer) : code;
  }
  std::vector<std::string> list(std::string_view method, std::string_view member,
                                std::string_view as) {
    std::vector<std::string> names;
    const auto answer = ask(method, "", as);
    for (int i = 0;; ++i) {
      auto name = text_or_none(
          answer, "/result/" + std::string{member} + "/" + std::to_string(i) + "/name");
      if (name.empty()) return names;
      names.push_back(std::move(name));
    }
  }

  static constexpr std::string_view can = R"({"extensions":{"io.modelcontextprotocol/tasks":{}}})";
  sesame::test_issuer issuer;
  sesame::server<bank, provider> server;
  direct client{server.engine()};
};

using names = std::vector<std::string>;

TEST_CASE_FIXTURE(fixture, "the guards of a service hold for all of it, and a nearer one instead") {
  CHECK(outcome(token(), "for_staff") == "done");
  CHECK(outcome(token(R"("roles":["boss"])"), "for_staff") == "done");
  CHECK(outcome(token(R"("roles":["guest"])"), "for_staff") == "FORBIDDEN");
  CHECK(outcome("", "for_staff") == "MISSING_TOKEN");
  CHECK(outcome(token(), "for_boss") == "FORBIDDEN");
  CHECK(outcome(token(R"("roles":["boss"])"), "for_boss") == "done");
  CHECK(outcome("", "open") == "done");
  CHECK(outcome(token(R"("roles":[])"), "open") == "done");
}

TEST_CASE_FIXTURE(fixture, "guards of several kinds have to hold together") {
  CHECK(outcome(token(R"("roles":["staff"],"permissions":["a","b"])"), "permitted") == "done");
  CHECK(outcome(token(R"("roles":["staff"],"permissions":["a"])"), "permitted") == "FORBIDDEN");
  CHECK(outcome(token(R"("permissions":["a","b"])"), "permitted") == "FORBIDDEN");
  CHECK(outcome(token(R"("roles":["staff"],"plan":"pro")"), "paid") == "done");
  CHECK(outcome(token(R"("roles":["staff"],"plan":"free")"), "paid") == "FORBIDDEN");
}

TEST_CASE_FIXTURE(fixture, "a caller who may not is told so once, and no reason") {
  const auto answer = call_as(token(R"("roles":["guest"])"), "for_staff");
  CHECK(text_at(answer, "/error/message") == "Forbidden: The caller may not do this");
  CHECK(at(answer, "/error/data") == R"({"code":"FORBIDDEN"})");
  CHECK(client.x.status() == 403);
  CHECK(client.x.denied()->scopes.empty());
}

TEST_CASE_FIXTURE(fixture, "who lacks scopes is asked for all of them at once") {
  CHECK(outcome(token(R"("roles":["staff"])", "write phone"), "scoped") == "done");
  CHECK(outcome(token(R"("roles":["staff"])", "write"), "scoped") == "INSUFFICIENT_SCOPE");
  CHECK(client.x.denied()->scopes == std::vector<std::string_view>{"write", "mail"});
  CHECK(outcome(token(R"("roles":["staff"])", "mail phone"), "scoped") == "INSUFFICIENT_SCOPE");
  CHECK(client.x.denied()->scopes == std::vector<std::string_view>{"write", "mail"});
  // Nobody is sent for scopes who may not in the end.
  CHECK(outcome(token(R"("roles":["guest"])"), "scoped") == "FORBIDDEN");
  CHECK(server.engine().scopes() == std::vector<std::string_view>{"write", "mail"});
}

TEST_CASE_FIXTURE(fixture, "a condition sees the arguments, before anything is done") {
  CHECK(outcome(token(), "move", R"({"from":"ann","amount":3})") == "moved 3");
  CHECK(outcome(token(), "move", R"({"from":"bob","amount":3})") == "FORBIDDEN");
  CHECK(outcome(token(), "move_later", R"({"from":"ann","amount":3})") == "ann");
  CHECK(outcome(token(), "move_later", R"({"from":"bob","amount":3})") == "FORBIDDEN");
  // What does not fit is a mistake like any other.
  const auto wrong = call_as(token(), "move", R"({"from":"bob"})");
  CHECK(at(wrong, "/result/isError") == "true");
  CHECK(outcome("", "move", R"({"from":"ann","amount":3})") == "MISSING_TOKEN");
}

TEST_CASE_FIXTURE(fixture, "no task is begun for who may not") {
  const auto as = token();
  const auto refused =
      ask("tools/call", R"("name":"move_later","arguments":{"from":"bob","amount":1})", as);
  CHECK(text_at(refused, "/error/data/code") == "FORBIDDEN");
  const auto begun =
      ask("tools/call", R"("name":"move_later","arguments":{"from":"ann","amount":1})", as);
  CHECK(text_at(begun, "/result/resultType") == "task");
}

TEST_CASE_FIXTURE(fixture, "resources, templates, prompts and completions are guarded alike") {
  const auto code = [&](std::string_view method, std::string_view members, std::string_view as) {
    return text_or_none(ask(method, members, as), "/error/data/code");
  };
  const auto staff = token();
  const auto boss = token(R"("roles":["boss"])");
  const auto guest = token(R"("roles":[])");
  CHECK(code("resources/read", R"("uri":"bank:news")", staff) == "FORBIDDEN");
  CHECK(code("resources/read", R"("uri":"bank:news")", boss).empty());
  CHECK(code("resources/read", R"("uri":"page:ann")", staff).empty());
  CHECK(code("resources/read", R"("uri":"page:bob")", staff) == "FORBIDDEN");
  CHECK(code("resources/read", R"("uri":"page:ann")", guest) == "FORBIDDEN");
  CHECK(code("prompts/get", R"("name":"write","arguments":{"owner":"ann"})", staff).empty());
  CHECK(code("prompts/get", R"("name":"write","arguments":{"owner":"bob"})", staff) == "FORBIDDEN");
  constexpr std::string_view completion =
      R"("ref":{"type":"ref/resource","uri":"page:{owner}"},"argument":{"name":"owner","value":""})";
  CHECK(code("completion/complete", completion, staff).empty());
  CHECK(code("completion/complete", completion, guest) == "FORBIDDEN");
}

TEST_CASE_FIXTURE(fixture, "nobody watches what he may not read") {
  const auto honoured = [&](std::string_view uri, std::string_view as) {
    client.begin(
        stateless(1, "subscriptions/listen",
                  R"("notifications":{"resourceSubscriptions":[")" + std::string{uri} + R"("]})",
                  meta("{}", authorization(as))));
    asio::co_spawn(client.io, client.x.finish(), asio::detached);
    client.io.restart();
    client.io.run_for(100ms);
    const auto told = client.sent.empty() ? std::string{} : client.sent.front();
    client.x.stop();
    client.io.restart();
    client.io.run_for(1s);
    return told.find(uri) != std::string::npos;
  };
  const auto staff = token();
  CHECK(honoured("page:ann", staff));
  CHECK_FALSE(honoured("page:bob", staff));
  CHECK_FALSE(honoured("bank:news", staff));
  CHECK(honoured("bank:news", token(R"("roles":["boss"])")));
}

TEST_CASE("by default everybody is told of everything") {
  fixture f;
  CHECK(f.list("tools/list", "tools", "").size() == 8);
  CHECK(f.list("resources/list", "resources", "").size() == 1);
}

TEST_CASE("lists may be made for each caller, who alone may keep them") {
  fixture f({.name = "bank", .version = "1", .list_per_caller = true});
  CHECK(f.list("tools/list", "tools", "") == names{"open"});
  CHECK(f.list("tools/list", "tools", f.token()) ==
        names{"for_staff", "open", "move", "move_later"});
  CHECK(f.list("tools/list", "tools", f.token(R"("roles":["boss"],"plan":"pro")", "write mail")) ==
        names{"for_staff", "for_boss", "open", "paid", "scoped", "move", "move_later"});
  CHECK(f.list("resources/list", "resources", f.token()).empty());
  CHECK(f.list("resources/list", "resources", f.token(R"("roles":["boss"])")).size() == 1);
  CHECK(f.list("resources/templates/list", "resourceTemplates", "").empty());
  CHECK(f.list("resources/templates/list", "resourceTemplates", f.token()).size() == 1);
  CHECK(f.list("prompts/list", "prompts", "").empty());
  CHECK(f.list("prompts/list", "prompts", f.token()) == names{"write"});
  CHECK(text_at(f.ask("tools/list", "", f.token()), "/result/cacheScope") == "private");
}

TEST_CASE("pages of a caller's list have none of what others see") {
  fixture f({.name = "bank", .version = "1", .list_per_caller = true, .page_size = 1});
  const auto as = f.token();
  names seen;
  std::string cursor;
  for (int i = 0; i < 9; ++i) {
    const auto answer = f.ask("tools/list", cursor.empty() ? "" : R"("cursor":)" + cursor, as);
    seen.push_back(text_at(answer, "/result/tools/0/name"));
    cursor = at(answer, "/result/nextCursor");
    if (cursor.empty()) break;
  }
  CHECK(seen == names{"for_staff", "open", "move", "move_later"});
}

TEST_CASE("a list for one caller cannot be for everybody") {
  CHECK_THROWS_WITH_AS(fixture({.name = "bank",
                                .version = "1",
                                .list_scope = sesame::cache_scope::everybody,
                                .list_per_caller = true}),
                       "list_scope: lists that are made for one caller are for no other",
                       sesame::configuration_error);
}

}  // namespace engine_guards_test
