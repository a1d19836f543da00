// SPDX-License-Identifier: BSL-1.0

#include "sesame/transport/stdio.hpp"

// What it is tried with:
#include "sesame/auth/any_provider.hpp"
#include "sesame/auth/custom_provider.hpp"
#include "sesame/auth/test_issuer.hpp"
#include "sesame/configuration.hpp"

#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include "auth/support.hpp"
#include "server/support.hpp"
#include <array>
#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <utility>

namespace stdio_token_env_test {

using namespace server_test;
using sesame::auth_error;
using answer = sesame::result<sesame::principal, sesame::auth_failure>;
using moment = std::chrono::system_clock::time_point;

constexpr auto variable = "SESAME_TEST_TOKEN";

struct rooms : sesame::service<sesame::authenticated<sesame::any_provider>> {
  std::string who(const sesame::principal& caller) const { return caller.subject; }
  std::string status() const { return "up"; }
  using tools = sesame::tools<sesame::tool<&rooms::who, "-">,
                              sesame::tool<&rooms::status, "-", sesame::anonymous>>;
};
struct open_rooms : sesame::service<> {
  std::string status() const { return "up"; }
  using tools = sesame::tools<sesame::tool<&open_rooms::status, "-">>;
};

/// A server on two pipes, each question a line and its answer the next.
template <class Server>
class talking_to {
 public:
  explicit talking_to(Server& server) {
    REQUIRE(::pipe(in_.data()) == 0);
    REQUIRE(::pipe(out_.data()) == 0);
    sesame::stdio_options options;
    options.input = in_[0];
    options.output = out_[1];
    options.token_env = variable;
    try {
      transport_.emplace(server.engine(), options);
    } catch (...) {
      close();
      throw;
    }
    thread_ = std::thread{[this] { transport_->run(); }};
  }
  ~talking_to() { close(); }
  talking_to(const talking_to&) = delete;
  talking_to& operator=(const talking_to&) = delete;

  std::string operator()(std::string line) {
    line += '\n';
    REQUIRE(::write(in_[1], line.data(), line.size()) == static_cast<ssize_t>(line.size()));
    std::string got;
    char c = 0;
    while (::read(out_[0], &c, 1) == 1 && c != '\n') got += c;
    return got;
  }

 private:
  void close() {
    ::close(in_[1]);
    if (thread_.joinable()) thread_.join();
    for (const int end : {in_[0], out_[0], out_[1]}) ::close(end);
  }

  std::array<int, 2> in_{-1, -1}, out_{-1, -1};
  std::optional<sesame::stdio_transport> transport_;
  std::thread thread_;
};

std::string refused(const std::string& answered) {
  return text_at(answered, "/error/data/code");
}

/// Decides as a test says, and is asked each time.
struct whim {
  std::atomic<int> asked = 0;
  std::atomic<bool> away = false;
  std::atomic<bool> revoked = false;

  answer decide(std::string_view token, moment now) {
    ++asked;
    if (away) return sesame::failure{sesame::auth_failure{auth_error::unavailable, "away"}};
    if (revoked || token != "t0ken")
      return sesame::failure{sesame::auth_failure{auth_error::invalid_token, "unknown"}};
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    return sesame::principal{.issuer = "whim",
                             .subject = "ann",
                             .expires = second + std::chrono::hours{1},
                             .verified_until = second};
  }
  asio::awaitable<answer> decide_later(std::string token, moment now) {
    co_await asio::post(asio::use_awaitable);
    co_return decide(token, now);
  }
};

auto at_once(whim& one) {
  return sesame::custom_provider{
      [&one](std::string_view token, moment now) { return one.decide(token, now); }};
}
auto later(whim& one) {
  return sesame::custom_provider{[&one](std::string_view token, moment now) {
    return one.decide_later(std::string{token}, now);
  }};
}

struct fixture {
  reports log;
  auto serve(sesame::any_provider provider) {
    return sesame::server<rooms, sesame::any_provider>{
        {.name = "rooms", .version = "1", .on_error = log.sink()}, rooms{}, std::move(provider)};
  }
};

TEST_CASE_FIXTURE(fixture, "who starts the program is the caller of all messages") {
  const sesame::test_issuer issuer;
  const auth_test::environment token{{{variable, issuer.mint({.subject = "ann"})}}};
  auto server = serve(issuer.provider());
  talking_to client{server};
  CHECK(said(client(call(1, "who"))) == "ann");
  // What a message brings is not looked at.
  for (const auto& other : {issuer.mint({.subject = "bob"}), std::string{"nonsense"}})
    CHECK(said(client(call(2, "who", "{}", meta("{}", authorization(other))))) == "ann");
}

TEST_CASE_FIXTURE(fixture, "the token of the environment is verified again, as every other") {
  const auth_test::environment token{{{variable, "t0ken"}}};
  whim one;
  const auto check = [&](sesame::any_provider provider) {
    one.revoked = one.away = false;
    auto server = serve(std::move(provider));
    talking_to client{server};
    const auto before = one.asked.load();
    CHECK(before > 0);
    CHECK(said(client(call(1, "who"))) == "ann");
    CHECK(one.asked > before);
    one.revoked = true;
    CHECK(refused(client(call(2, "who"))) == "INVALID_TOKEN");
    // A bad token is refused also where none is needed.
    CHECK(refused(client(call(3, "status"))) == "INVALID_TOKEN");
    // An answer of whoever is not known has none.
    CHECK(at(client(R"({"jsonrpc":"2.0","id":"x","result":{}})"
                    "\n" +
                    call(4, "who")),
             "/id") == "4");
    one.away = true;
    CHECK(refused(client(call(4, "who"))) == "UNAVAILABLE");
    one.revoked = one.away = false;
    CHECK(said(client(call(5, "who"))) == "ann");
    one.asked = 0;
  };
  check(at_once(one));
  check(later(one));
  for (const auto& line : log.all()) CHECK(line.find("t0ken") == std::string::npos);
}

TEST_CASE_FIXTURE(fixture, "an outage when the program starts is told to the client") {
  const auth_test::environment token{{{variable, "t0ken"}}};
  whim one;
  one.away = true;
  auto server = serve(later(one));
  talking_to client{server};
  CHECK(refused(client(call(1, "who"))) == "UNAVAILABLE");
  one.away = false;
  CHECK(said(client(call(2, "who"))) == "ann");
}

template <class Server>
std::string start(Server& server) {
  try {
    const talking_to client{server};
  } catch (const sesame::configuration_error& wrong) {
    CHECK(wrong.setting() == variable);
    return wrong.what();
  }
  return "";
}

TEST_CASE_FIXTURE(fixture, "without a good token in the variable that is named, nothing starts") {
  const sesame::test_issuer issuer;
  auto server = serve(issuer.provider());
  CHECK(start(server).find("has to hold an access token") != std::string::npos);
  {
    const auth_test::environment token{{{variable, ""}}};
    CHECK(start(server).find("has to hold an access token") != std::string::npos);
  }
  {
    const auth_test::environment token{{{variable, "n0nsense"}}};
    const auto told = start(server);
    CHECK(told.find("malformed or expired") != std::string::npos);
    CHECK(told.find("n0nsense") == std::string::npos);
  }
  {
    const auth_test::environment token{
        {{variable, issuer.mint({.audience = "https://other.example"})}}};
    CHECK(start(server).find("not issued for this server") != std::string::npos);
  }
  {
    const auth_test::environment token{
        {{variable, issuer.mint({.claims = R"({"cnf":{"jkt":"0ZcOCORZNYy-DWpqq30j"}})"})}}};
    CHECK(start(server).find("bound to a key") != std::string::npos);
  }
  {
    const auth_test::environment token{{{variable, issuer.mint({})}}};
    CHECK(start(server).empty());
    sesame::server nobody{{.name = "open", .version = "1"}, open_rooms{}};
    CHECK(start(nobody).find("no provider") != std::string::npos);
  }
}

}  // namespace stdio_token_env_test
