// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/listing.hpp"

#include "server/support.hpp"
#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <vector>

namespace listing_test {

using namespace server_test;
using sesame::primitive;

struct id_of {
  int id;
};

struct many : sesame::service<> {
  std::string f() const { return ""; }
  std::string g(const id_of&) const { return ""; }
  using tools = sesame::tools<sesame::tool<&many::f, "-", sesame::named<"a">>,
                              sesame::tool<&many::f, "-", sesame::named<"b">>,
                              sesame::tool<&many::f, "-", sesame::named<"c">>,
                              sesame::tool<&many::f, "-", sesame::named<"d">>,
                              sesame::tool<&many::f, "-", sesame::named<"e">>>;
  using resources =
      sesame::resources<sesame::resource<&many::f, "x:a", "-", sesame::named<"a">>,
                        sesame::resource<&many::f, "x:b", "-", sesame::named<"b">>,
                        sesame::resource<&many::f, "x:c", "-", sesame::named<"c">>,
                        sesame::resource_template<&many::g, "y:{id}", "-", sesame::named<"a">>,
                        sesame::resource_template<&many::g, "z:{id}", "-", sesame::named<"b">>,
                        sesame::resource_template<&many::g, "w:{id}", "-", sesame::named<"c">>>;
  using prompts = sesame::prompts<sesame::prompt<&many::f, "-", sesame::named<"a">>,
                                  sesame::prompt<&many::f, "-", sesame::named<"b">>,
                                  sesame::prompt<&many::f, "-", sesame::named<"c">>>;
};

struct list {
  std::string method;
  std::string member;
};
const std::vector<list> lists{{"tools/list", "tools"},
                              {"resources/list", "resources"},
                              {"resources/templates/list", "resourceTemplates"},
                              {"prompts/list", "prompts"}};

struct fixture {
  explicit fixture(std::size_t page_size = 2, std::string key = std::string(32, 'k'))
      : server{{.name = "many",
                .version = "1",
                .page_size = page_size,
                .request_state_key = sesame::secret{std::move(key)}},
               many{}} {}
  sesame::server<many> server;
  direct client{server.engine()};

  std::string page(std::string_view method, std::string_view cursor) {
    return client(stateless(1, method, R"("cursor":)" + json_string(cursor)));
  }
  // The names of an answer, and a "+" if there are more pages.
  static std::string names(const list& of, const std::string& answer) {
    std::string all;
    for (int i = 0;; ++i) {
      const auto name = at(answer, "/result/" + of.member + "/" + std::to_string(i) + "/name");
      if (name.empty()) break;
      all += name.substr(1, name.size() - 2);
    }
    return all + (at(answer, "/result/nextCursor").empty() ? "" : "+");
  }
  static std::string next(const std::string& answer) {
    return text_at(answer, "/result/nextCursor");
  }
};

TEST_CASE_FIXTURE(fixture, "a list comes in pages, in the order of its declaration") {
  for (const auto& of : lists) {
    const auto first = client(stateless(1, of.method));
    CHECK(names(of, first) == "ab+");
    const auto second = page(of.method, next(first));
    CHECK(names(of, second) == (of.member == "tools" ? "cd+" : "c"));
    if (of.member == "tools") CHECK(names(of, page(of.method, next(second))) == "e");
    // The same cursor gives the same page, as often as it is used.
    CHECK(page(of.method, next(first)).substr(0, 60) == second.substr(0, 60));
  }
}

TEST_CASE("without a page size a list is one page, and it has no cursor") {
  fixture all{0};
  for (const auto& of : lists)
    CHECK(fixture::names(of, all.client(stateless(1, of.method))) ==
          (of.member == "tools" ? "abcde" : "abc"));
  fixture exact{5};
  CHECK(fixture::names(lists[0], exact.client(stateless(1, "tools/list"))) == "abcde");
}

TEST_CASE_FIXTURE(fixture, "a cursor that is not the server's own for this list is refused") {
  const auto cursor = next(client(stateless(1, "tools/list")));
  auto forged = cursor;
  forged[3] = forged[3] == 'A' ? 'B' : 'A';
  for (const std::string_view bad :
       {""sv, "2"sv, "x"sv, std::string_view{forged}, std::string_view{cursor}.substr(1), "\0"sv})
    CHECK(at(page("tools/list", bad), "/error/code") == "-32602");
  for (const auto& of : lists)
    if (of.member != "tools") CHECK(at(page(of.method, cursor), "/error/code") == "-32602");
  for (const auto value : {"null", "1", "[]", "{}"})
    CHECK(at(client(stateless(1, "tools/list", R"("cursor":)"s + value)), "/error/code") ==
          "-32602");
  client(initialize());
  CHECK(at(client(request(1, "tools/list", R"({"cursor":""})")), "/error/code") == "-32602");
}

TEST_CASE_FIXTURE(fixture, "a cursor is good at any server with the same key, and at no other") {
  const auto cursor = next(client(stateless(1, "tools/list")));
  fixture twin;
  CHECK(names(lists[0], twin.page("tools/list", cursor)) == "cd+");
  fixture stranger{2, std::string(32, 'x')};
  CHECK(at(stranger.page("tools/list", cursor), "/error/code") == "-32602");
}

TEST_CASE_FIXTURE(fixture, "a cursor stays good when something before it or behind it goes") {
  const auto cursor = next(client(stateless(1, "tools/list")));
  server.enable(primitive::tool, "a", false);
  server.enable(primitive::tool, "c", false);
  CHECK(names(lists[0], client(stateless(1, "tools/list"))) == "bd+");
  CHECK(names(lists[0], page("tools/list", cursor)) == "de");
  server.enable(primitive::tool, "d", false);
  server.enable(primitive::tool, "e", false);
  CHECK(names(lists[0], page("tools/list", cursor)).empty());
  CHECK(names(lists[0], client(stateless(1, "tools/list"))) == "b");
}

TEST_CASE_FIXTURE(fixture, "a list is the same on every connection and after every request") {
  direct other{server.engine()};
  other(initialize());
  other(session_call(1, "a"));
  for (const auto& of : lists) {
    const auto place = "/result/" + of.member;
    const auto first = at(client(stateless(1, of.method)), place);
    REQUIRE(!first.empty());
    CHECK(at(other(stateless(1, of.method)), place) == first);
    CHECK(at(other(request(1, of.method)), place) == first);
  }
}

TEST_CASE("hints on keeping a list go with each of its pages") {
  sesame::server server{{.name = "many",
                         .version = "1",
                         .list_ttl = 3s,
                         .list_scope = sesame::cache_scope::everybody,
                         .page_size = 1},
                        many{}};
  direct client{server.engine()};
  for (const auto& of : lists) {
    const auto first = client(stateless(1, of.method));
    const auto second = client(stateless(
        1, of.method, R"("cursor":)" + json_string(text_at(first, "/result/nextCursor"))));
    for (const auto& answer : {first, second}) {
      CHECK(at(answer, "/result/ttlMs") == "3000");
      CHECK(at(answer, "/result/cacheScope") == "\"public\"");
    }
    client(initialize());
    CHECK(at(client(request(1, of.method)), "/result/ttlMs").empty());
  }
}

}  // namespace listing_test
