// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/http_server.hpp"

#include "sesame/net/detail/spares.hpp"
#include "sesame/net/event.hpp"
#include "sesame/net/sse.hpp"

#include <asio/post.hpp>
#include <asio/this_coro.hpp>

#include "support.hpp"
#include <atomic>
#include <chrono>
#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <list>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace http_server_test {

using namespace sesame;
using namespace net_test;
using namespace std::chrono_literals;
using namespace std::string_literals;
using net::http_options;
using net::http_request;
using net::http_response;

using server = running<net::http_server<handler>>;

/// Says what it was asked.
pending echo(const http_request& request, http_response& response) {
  response.add("Content-Type", "text/plain");
  response.body.append(request.method)
      .append(" ")
      .append(request.target)
      .append(" ")
      .append(request.body);
  return {};
}

asio::awaitable<void> echo_later(const http_request& request, http_response& response) {
  co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
  echo(request, response);
}

/// Answers /later… from a coroutine, the rest at once.
pending echo_both(const http_request& request, http_response& response) {
  if (request.path.starts_with("/later")) return echo_later(request, response);
  return echo(request, response);
}

std::chrono::steady_clock::duration time_of(const std::function<void()>& what) {
  const auto begin = std::chrono::steady_clock::now();
  what();
  return std::chrono::steady_clock::now() - begin;
}

TEST_CASE("a connection serves one request after the other") {
  server running({}, echo);
  client peer(running.port());
  for (int i = 0; i < 3; ++i) {
    const auto got = peer.ask(get("/" + std::to_string(i)));
    CHECK(got.status == 200);
    CHECK(got.body == "GET /" + std::to_string(i) + " ");
    CHECK(got.field("Content-Type") == "text/plain");
    CHECK_FALSE(got.field("Connection"));
    CHECK_FALSE(got.field("Server"));
    const auto date = got.field("Date");
    REQUIRE(date);
    CHECK(date->size() == 29);
    CHECK(date->ends_with(" GMT"));
  }
}

TEST_CASE("a handler knows who asks") {
  server running({}, [](const http_request& request, http_response& response) -> pending {
    response.body = std::string(request.peer.address) + (request.peer.tls ? " tls" : " plain") +
                    (request.peer.port != 0 ? " port" : "");
    return {};
  });
  CHECK(client(running.port()).ask(get("/")).body == "127.0.0.1 plain port");
}

TEST_CASE("the connection closes when either side says so, in order") {
  server running({}, [](const http_request& request, http_response& response) -> pending {
    if (request.path == "/close") response.close();
    return echo(request, response);
  });
  client asked(running.port());
  CHECK(asked.ask(get("/", "Connection: close\r\n")).field("Connection") == "close");
  CHECK(asked.closed_in_order());
  client told(running.port());
  CHECK(told.ask(get("/close")).field("Connection") == "close");
  CHECK(told.closed_in_order());
  client old(running.port());
  CHECK(old.ask("GET / HTTP/1.0\r\n\r\n").field("Connection") == "close");
  CHECK(old.closed_in_order());
  client old_kept(running.port());
  CHECK(old_kept.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").field("Connection") ==
        "keep-alive");
  CHECK(old_kept.ask("GET /again HTTP/1.0\r\n\r\n").body == "GET /again ");
  // What follows a last request is not answered.
  client eager(running.port());
  eager.send(get("/1", "Connection: close\r\n") + get("/2"));
  CHECK(eager.read().status == 200);
  CHECK(eager.rest().empty());
}

TEST_CASE("a connection serves as many requests as it may") {
  server running({.requests_per_connection = 2}, echo);
  client peer(running.port());
  CHECK_FALSE(peer.ask(get("/")).field("Connection"));
  CHECK(peer.ask(get("/")).field("Connection") == "close");
  CHECK(peer.closed_in_order());
}

TEST_CASE("a hundred requests in one write are answered in order, suspended or not") {
  server running({}, echo_both);
  for (const int every : {0, 1, 2, 7}) {
    CAPTURE(every);
    client peer(running.port());
    std::string all;
    const auto target = [every](int i) {
      return (every != 0 && i % every == 0 ? "/later" : "/") + std::to_string(i);
    };
    for (int i = 0; i < 100; ++i)
      all += i % 3 == 0 ? post(target(i), "body " + std::to_string(i)) : get(target(i));
    peer.send(all);
    for (int i = 0; i < 100; ++i) {
      const auto got = peer.read();
      const auto expected = i % 3 == 0 ? "POST " + target(i) + " body " + std::to_string(i)
                                       : "GET " + target(i) + " ";
      REQUIRE(got.body == expected);
    }
    CHECK(peer.held.empty());
  }
}

TEST_CASE("bodies arrive whole, however they are sent") {
  server running({}, echo_both);
  client peer(running.port());
  for (const auto* target : {"/now", "/later"}) {
    const auto chunked = "POST "s + target +
                         " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: t\r\n\r\n";
    CHECK(peer.ask(chunked).body == "POST "s + target + " abcde");
    for (const auto& request : {chunked, post(target, "abc")}) {
      for (const char c : request) peer.send({&c, 1});
      CHECK(peer.read().status == 200);
    }
  }
}

TEST_CASE("large bodies go both ways") {
  server running({}, echo_both);
  client peer(running.port());
  std::string large(3 << 20, 'x');
  for (std::size_t i = 0; i < large.size(); i += 1000) large[i] = static_cast<char>('a' + i % 26);
  for (const auto* target : {"/", "/later", "/"}) {
    std::thread sender([&] { peer.send(post(target, large) + get("/next")); });
    const bool same = peer.read().body == "POST "s + target + " " + large;
    CHECK(same);
    CHECK(peer.read().body == "GET /next ");
    sender.join();
  }
}

TEST_CASE("100 Continue is sent when the body is awaited, and only then") {
  server running({.limits = {.body = 100}}, echo);
  client peer(running.port());
  const auto head =
      "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"s;
  CHECK(peer.ask(head).status == 100);
  CHECK(peer.ask("abc").body == "POST / abc");
  CHECK(peer.ask(head + "abc").status == 200);
  CHECK(peer.ask(head).status == 100);
  peer.send("a");
  CHECK(peer.ask("bc").body == "POST / abc");
  CHECK(
      peer.ask("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n")
          .status == 413);
  CHECK(client(running.port()).ask(get("/", "Expect: tea\r\n")).status == 417);
}

TEST_CASE("HEAD is answered like GET, without the body") {
  server running({}, [](const http_request& request, http_response& response) -> pending {
    if (request.path == "/large") response.body.assign(100'000, 'x');
    return echo(request, response);
  });
  client peer(running.port());
  peer.send("HEAD /x HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(peer.read(true).field("Content-Length") == "8");
  peer.send("HEAD /large HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(peer.read(true).field("Content-Length") == "100012");
  CHECK(peer.ask(get("/y")).body == "GET /y ");
}

TEST_CASE("answers that have no body say nothing of one") {
  server running({}, [](const http_request& request, http_response& response) -> pending {
    response.status = request.path == "/204" ? 204 : 304;
    response.body = "not sent";
    return {};
  });
  client peer(running.port());
  for (const auto* target : {"/204", "/304"}) {
    const auto got = peer.ask(get(target));
    CHECK(got.status == std::stoi(target + 1));
    CHECK_FALSE(got.field("Content-Length"));
    CHECK_FALSE(got.field("Transfer-Encoding"));
  }
  CHECK(peer.held.empty());
}

TEST_CASE("what is refused has its status, a text that says nothing of the request, and an end") {
  std::atomic<int> handled = 0;
  server running(
      {.limits = {.request_line = 100, .field_count = 10, .fields_size = 500, .body = 50}},
      [&](const http_request& request, http_response& response) -> pending {
        ++handled;
        return echo(request, response);
      });
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";
  const auto with = [&](std::string_view fields, std::string_view body) {
    return "POST / HTTP/1.1\r\nHost: h\r\n"s.append(fields) + "\r\n" + std::string(body) + smuggled;
  };
  const struct {
    int status;
    std::string request;
  } cases[] = {
      // smuggling shapes
      {400, with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},  // CL.TE
      {400, with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n")},  // TE.CL
      {400, with("Content-Length: 5\r\nContent-Length: 6\r\n", "hello")},               // CL.CL
      {400, with("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")},
      {400, with("Content-Length: 5, 5\r\n", "hello")},
      {400, with("Content-Length: +5\r\n", "hello")},
      {400, with("Content-Length : 5\r\n", "hello")},
      {400, with("Content-Length: 5\r\n\t0\r\n", "hello")},  // obs-fold
      {400, with("X: y\r\n Transfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {400, with("Transfer-Encoding : chunked\r\n", "0\r\n\r\n")},
      {400, with("Transfer-Encoding:\x0b"
                 "chunked\r\n",
                 "0\r\n\r\n")},
      {400, with("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", "0\r\n\r\n")},
      {400, with("X: y\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},  // bare LF
      {400, with("X: y\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},  // bare CR
      {400, with("Transfer-Encoding: chunked\r\n", "1\nx\r\n0\r\n\r\n")},
      {400, with("Transfer-Encoding: chunked\r\n", "1;\nx\r\n0\r\n\r\n")},
      {400, with("Transfer-Encoding: chunked\r\n", "1\r\nxy\r\n0\r\n\r\n")},
      {400, with("Transfer-Encoding: chunked\r\n", "0x1\r\nx\r\n0\r\n\r\n")},
      {501, with("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")},
      {501, with("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n")},
      {501, with("Transfer-Encoding: identity\r\n", "")},
      {400, "POST / HTTP/1.0\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled},
      // the rest
      {400, "GET / HTTP/1.1\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"},
      {400, "GET / HTTP/1.1\r\nHost: u@h\r\n\r\n"},
      {400, "GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n"s},
      {400, "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n"},
      {400, "GET x HTTP/1.1\r\nHost: h\r\n\r\n"},
      {400, "GET * HTTP/1.1\r\nHost: h\r\n\r\n"},
      {400, get("/", "X: a\0b\r\n"s)},
      {400, get("/", "X: a\x07\r\n")},
      {400, "\x16\x03\x01\x02"},  // TLS
      {501, "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n"},
      {505, "GET / HTTP/2.0\r\nHost: h\r\n\r\n"},
      {505, "GET / HTTP/1.2\r\nHost: h\r\n\r\n"},
      {505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
      {414, "GET /" + std::string(200, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n"},
      {414, std::string(200, 'x')},
      {431, get("/", "X: " + std::string(600, 'x') + "\r\n")},
      {431, "GET / HTTP/1.1\r\nX: " + std::string(600, 'x')},
      {431,
       get("/",
           "A: 1\r\nB: 1\r\nC: 1\r\nD: 1\r\nE: 1\r\nF: 1\r\nG: 1\r\nH: 1\r\nI: 1\r\nJ: 1\r\n")},
      {413, with("Content-Length: 51\r\n", "")},
      {413, with("Transfer-Encoding: chunked\r\n", "33\r\n")},
      {417, get("/", "Expect: x\r\n")},
  };
  for (const auto& [status, request] : cases) {
    CAPTURE(request);
    client peer(running.port());
    peer.send(request);
    const auto got = peer.read();
    CHECK(got.status == status);
    CHECK(got.field("Connection") == "close");
    CHECK(got.field("Content-Type") == "text/plain");
    CHECK(got.body.size() < 64);
    CHECK(peer.rest().empty());
    CHECK(peer.ended == asio::error::eof);
  }
  CHECK(handled == 0);
  CHECK(client(running.port()).ask(get("/")).status == 200);
}

TEST_CASE("an answer to a refused upload arrives though the client is still sending") {
  server running({.limits = {.body = 10}}, echo);
  client peer(running.port());
  peer.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4000000\r\n\r\n");
  std::error_code failed;
  asio::write(peer.stream, asio::buffer(std::string(4'000'000, 'x')), failed);
  CHECK_FALSE(failed);
  CHECK(peer.read().status == 413);
  peer.stop_sending();
  CHECK(peer.closed_in_order());
}

TEST_CASE(
    "a slow head, a slow body and a long silence come to an end, and dripping does not help") {
  http_options options;
  options.timeouts = {.header = 150ms, .body = 150ms, .idle = 150ms};
  server running(options, echo);
  const auto drip = [](client& peer, std::string_view bytes) {
    std::error_code failed;
    for (const char c : bytes) {
      if (failed) return;
      asio::write(peer.stream, asio::buffer(&c, 1), failed);
      std::this_thread::sleep_for(20ms);  // this client is slow, it does not wait for anything
    }
  };
  const auto elapsed = time_of([&] {
    client head(running.port());
    std::thread slow([&] { drip(head, get("/", "X: " + std::string(200, 'x') + "\r\n")); });
    CHECK(head.read().status == 408);
    head.rest();
    head.stream.shutdown(asio::socket_base::shutdown_both);
    slow.join();
  });
  CHECK(elapsed < 5s);
  client body(running.port());
  std::thread slow([&] {
    body.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 200\r\n\r\n");
    drip(body, std::string(25, 'x'));
  });
  CHECK(body.read().status == 408);
  slow.join();
  client silent(running.port());
  CHECK(silent.rest().empty());
  CHECK(silent.ended == asio::error::eof);
  client idle(running.port());
  CHECK(idle.ask(get("/")).status == 200);
  CHECK(idle.rest().empty());
  CHECK(idle.ended == asio::error::eof);
}

TEST_CASE("two hundred fifty-six idle connections delay nobody and cost no threads") {
  server running({}, echo);
  const auto threads = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
  };
  std::list<client> idle;
  idle.emplace_back(running.port());
  CHECK(idle.back().ask(get("/")).status == 200);
  const auto before = threads();
  while (idle.size() < 256) {
    idle.emplace_back(running.port());
    REQUIRE(idle.back().ask(get("/")).status == 200);
  }
  CHECK(threads() == before);
  CHECK(time_of([&] { CHECK(client(running.port()).ask(get("/")).status == 200); }) < 1s);
  for (auto& each : idle) REQUIRE(each.ask(get("/again")).status == 200);
}

TEST_CASE("connections are spread over the threads and stay where they are") {
  server running({.threads = 2}, [](const http_request&, http_response& response) -> pending {
    response.body = std::to_string(std::hash<std::thread::id>{}(std::this_thread::get_id()));
    return {};
  });
  std::set<std::string> seen;
  std::list<client> peers;
  for (int i = 0; i < 8; ++i) {
    auto& peer = peers.emplace_back(running.port());
    const auto first = peer.ask(get("/")).body;
    seen.insert(first);
    for (int again = 0; again < 5; ++again) CHECK(peer.ask(get("/")).body == first);
  }
  CHECK(seen.size() == 2);
}

TEST_CASE("beyond the limit of connections idle ones make room, busy ones are waited for") {
  happening busy;
  std::unique_ptr<net::event> release;
  std::mutex guard;
  http_options options{.max_connections = 2};
  options.timeouts.write = 100ms;  // the sweep looks often
  server running(options, [&](const http_request& request, http_response& response) -> pending {
    if (request.path != "/busy") return echo(request, response);
    return [](http_response& r, std::unique_ptr<net::event>& made, std::mutex& m,
              happening& s) -> asio::awaitable<void> {
      {
        const std::lock_guard lock(m);
        made = std::make_unique<net::event>(r.executor());
      }
      s.raise();
      co_await made->wait();
      r.body = "done";
    }(response, release, guard, busy);
  });
  client working(running.port());
  working.send(get("/busy"));
  REQUIRE(busy.await());
  client idle(running.port());
  CHECK(idle.ask(get("/")).status == 200);
  client third(running.port());
  CHECK(third.ask(get("/third")).body == "GET /third ");
  CHECK(idle.rest().empty());
  {
    const std::lock_guard lock(guard);
    release->set();
  }
  CHECK(working.read().body == "done");
  working.close();
}

TEST_CASE("running out of file descriptors stops nothing for good") {
  reports told;
  http_options options;
  options.on_error = told.sink();
  server running(options, echo);
  rlimit limits{};
  getrlimit(RLIMIT_NOFILE, &limits);
  asio::ip::tcp::socket socket(client_context());
  socket.open(asio::ip::tcp::v4());
  const int highest = dup(0);
  ::close(highest);
  rlimit low = limits;
  low.rlim_cur = static_cast<rlim_t>(highest);
  setrlimit(RLIMIT_NOFILE, &low);
  std::vector<int> taken;
  for (int one = dup(0); one >= 0; one = dup(0)) taken.push_back(one);
  std::error_code failed;
  socket.connect({asio::ip::address_v4::loopback(), running.port()}, failed);
  CHECK_FALSE(failed);
  const bool reported = told.came.await();
  setrlimit(RLIMIT_NOFILE, &limits);
  for (const int one : taken) ::close(one);
  REQUIRE(reported);
  CHECK(told.all()[0].starts_with("cannot accept"));
  asio::write(socket, asio::buffer(get("/")));
  std::string got(15, '\0');
  asio::read(socket, asio::buffer(got));
  CHECK(got == "HTTP/1.1 200 OK");
}

TEST_CASE("what a handler throws is reported, masked, and survived") {
  reports told;
  http_options options;
  options.on_error = told.sink();
  server running(options, [](const http_request& request, http_response& response) -> pending {
    response.add("X-Secret", "half-made");
    response.body = "half-made";
    if (request.path == "/odd") throw 7;
    if (request.path == "/later")
      return []() -> asio::awaitable<void> {
        co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
        throw std::runtime_error("secret later");
      }();
    throw std::runtime_error("secret");
  });
  client peer(running.port());
  for (const auto* target : {"/", "/odd", "/later"}) {
    const auto got = peer.ask(get(target));
    CHECK(got.status == 500);
    CHECK(got.body == "internal server error\n");
    CHECK(got.head.find("half-made") == std::string::npos);
  }
  CHECK(told.all() ==
        std::vector<std::string>{"secret", "a handler threw something that is no std::exception",
                                 "secret later"});
}

TEST_CASE("a client may leave at any point of its request") {
  std::atomic<int> handled = 0;
  server running({}, [&](const http_request& request, http_response& response) -> pending {
    ++handled;
    return echo_both(request, response);
  });
  const auto request = post("/x", "0123456789");
  for (std::size_t size = 0; size < request.size(); ++size)
    for (const int way : {0, 1, 2}) {
      client peer(running.port());
      peer.send(std::string_view(request).substr(0, size));
      if (way == 0) peer.close();
      if (way == 1) peer.reset();
      if (way == 2) {
        peer.stop_sending();
        CHECK(peer.rest().empty());
      }
    }
  CHECK(handled == 0);
  // A whole request before the end is answered, though the client will send no more.
  client half(running.port());
  half.send(request + request);
  half.stop_sending();
  CHECK(half.read().status == 200);
  CHECK(half.read().status == 200);
  CHECK(half.closed_in_order());
}

/// A handler that waits until its peer is gone and then looks at its request once more.
struct left_alone {
  happening suspended, told, looked, stopping;
  std::string seen;
  bool streaming = false;

  asio::awaitable<void> wait(const http_request& request, http_response& response) {
    net::event gone(response.executor());
    response.on_disconnect([&] {
      told.raise();
      gone.set();
    });
    response.on_stop([&] { stopping.raise(); });
    if (streaming) {
      response.begin_stream("text/event-stream");
      response.write("data: 1\n\n");
    }
    suspended.raise();
    co_await gone.wait();
    CHECK(response.disconnected());
    CHECK_FALSE(response.write("more"));
    seen = std::string(request.target) + std::string(request.body);
    response.body = "nobody reads this";
    looked.raise();
  }
  handler answer() {
    return [this](const http_request& request, http_response& response) -> pending {
      if (request.path == "/wait") return wait(request, response);
      return echo(request, response);
    };
  }
};

TEST_CASE("a suspended handler is told once that its peer is gone, and keeps its request") {
  for (const bool streaming : {false, true})
    for (const int way : {0, 1, 2}) {
      CAPTURE(streaming);
      CAPTURE(way);
      left_alone state;
      state.streaming = streaming;
      server running({}, state.answer());
      client peer(running.port());
      peer.send(post("/wait", "body"));
      REQUIRE(state.suspended.await());
      if (streaming) peer.read_until("data: 1\n\n\r\n");
      // Bytes of a next request do not hide that the peer leaves, nor disturb the first.
      peer.send(std::string(5000, 'x'));
      if (way == 0) peer.close();
      if (way == 1) peer.reset();
      if (way == 2) peer.stop_sending();
      REQUIRE(state.looked.await());
      CHECK(state.seen == "/waitbody");
      CHECK(client(running.port()).ask(get("/")).status == 200);
      CHECK(state.told.count() == 1);
    }
}

TEST_CASE("who asks late to be told of a disconnect is told too") {
  happening told, suspended;
  server running({}, [&](const http_request&, http_response& response) -> pending {
    return [](http_response& r, happening& s, happening& t) -> asio::awaitable<void> {
      net::event gone(r.executor());
      r.on_disconnect([&] { gone.set(); });
      s.raise();
      co_await gone.wait();
      net::event again(r.executor());
      r.on_disconnect([&] {
        t.raise();
        again.set();
      });
      CHECK(t.count() == 0);
      co_await again.wait();
    }(response, suspended, told);
  });
  client peer(running.port());
  peer.send(get("/"));
  REQUIRE(suspended.await());
  peer.close();
  CHECK(told.await());
}

TEST_CASE("what arrives while a handler is suspended is answered after it") {
  happening suspended;
  std::unique_ptr<net::event> release;
  server running({}, [&](const http_request& request, http_response& response) -> pending {
    if (request.path != "/wait") return echo_both(request, response);
    return [](const http_request& q, http_response& r, std::unique_ptr<net::event>& made,
              happening& s) -> asio::awaitable<void> {
      made = std::make_unique<net::event>(r.executor());
      s.raise();
      co_await made->wait();
      r.body = std::string(q.body);
    }(request, response, release, suspended);
  });
  client peer(running.port());
  peer.send(post("/wait", "first"));
  REQUIRE(suspended.await());
  std::string later;
  for (int i = 0; i < 100; ++i)
    later += post((i % 4 == 0 ? "/later" : "/") + std::to_string(i), std::string(500, 'x'));
  std::thread sender([&] { peer.send(later); });  // more than is read ahead
  release->set();
  CHECK(peer.read().body == "first");
  for (int i = 0; i < 100; ++i) REQUIRE(peer.read().body.ends_with(std::string(500, 'x')));
  sender.join();
}

/// Streams one event for each time it is woken from outside, until told to end.
struct stream_on_demand {
  std::string content_type = "text/event-stream";
  happening begun;
  std::optional<asio::any_io_executor> executor;
  http_response* response = nullptr;
  std::unique_ptr<net::event> end;

  handler answer() {
    return [this](const http_request& request, http_response& r) -> pending {
      if (request.path != "/stream") return echo(request, r);
      return run(r);
    };
  }
  asio::awaitable<void> run(http_response& r) {
    response = &r;
    executor = r.executor();
    end = std::make_unique<net::event>(r.executor());
    r.on_stop([this] {
      response->write("data: goodbye\n\n");
      end->set();
    });
    r.on_disconnect([this] { end->set(); });
    r.begin_stream(content_type);
    begun.raise();
    co_await end->wait();
  }
  void write(std::string bytes) {
    asio::post(*executor, [this, bytes] { response->write(bytes); });
  }
};

TEST_CASE("a stream is sent while its handler is suspended") {
  stream_on_demand state;
  server running({}, state.answer());
  client peer(running.port());
  peer.send(get("/stream"));
  const auto head = peer.read(true);
  CHECK(head.status == 200);
  CHECK(head.field("Transfer-Encoding") == "chunked");
  CHECK(head.field("Content-Type") == "text/event-stream");
  CHECK(head.field("Cache-Control") == "no-store");
  CHECK(head.field("X-Accel-Buffering") == "no");
  CHECK_FALSE(head.field("Content-Length"));
  REQUIRE(state.begun.await());
  for (const auto* data : {"data: 1\n\n", "data: 2\n\n"}) {
    state.write(data);
    CHECK(peer.read_chunk() == data);
  }
  // The connection is kept, and so is what came meanwhile.
  peer.send(get("/next"));
  state.end->set();
  CHECK_FALSE(peer.read_chunk());
  CHECK_FALSE(peer.ended);
  CHECK(peer.read().body == "GET /next ");
}

TEST_CASE("a stream to HTTP/1.0 ends with its connection, one to HEAD has no body") {
  server running({}, [](const http_request&, http_response& response) -> pending {
    response.begin_stream("text/event-stream");
    response.write("data: 1\n\n");
    return []() -> asio::awaitable<void> { co_return; }();
  });
  client old(running.port());
  old.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto head = old.read(true);
  CHECK(head.field("Connection") == "close");
  CHECK_FALSE(head.field("Transfer-Encoding"));
  CHECK(old.rest() == "data: 1\n\n");
  client peer(running.port());
  peer.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(peer.read(true).field("Transfer-Encoding") == "chunked");
  CHECK(peer.ask(get("/")).body == "data: 1\n\n");
}

TEST_CASE("a handler may stream without suspending") {
  server running({}, [](const http_request&, http_response& response) -> pending {
    response.status = 202;
    response.begin_stream("text/plain");
    response.write("a");
    response.write("");
    response.write("b");
    return {};
  });
  client peer(running.port());
  for (int i = 0; i < 2; ++i) {
    const auto got = peer.ask(get("/"));
    CHECK(got.status == 202);
    CHECK(got.body == "ab");
  }
}

TEST_CASE("a stream that fails breaks off, so that nobody takes it for whole") {
  reports told;
  http_options options;
  options.on_error = told.sink();
  server running(options, [](const http_request&, http_response& response) -> pending {
    return [](http_response& r) -> asio::awaitable<void> {
      r.begin_stream("text/plain");
      r.write("part");
      co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
      co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
      throw std::runtime_error("broken");
    }(response);
  });
  client peer(running.port());
  peer.send(get("/"));
  peer.read(true);
  CHECK(peer.rest().find("0\r\n") == std::string::npos);
  CHECK(peer.ended);
  REQUIRE(told.came.await());
  CHECK(told.all()[0] == "broken");
}

TEST_CASE("a silent event stream gets comments, other streams do not") {
  http_options options;
  options.timeouts.keep_alive_comment = 50ms;
  {
    stream_on_demand state;
    server running(options, state.answer());
    client peer(running.port());
    peer.send(get("/stream"));
    peer.read(true);
    CHECK(peer.read_chunk() == ":\n\n");
    CHECK(peer.read_chunk() == ":\n\n");
    state.end->set();
    while (const auto chunk = peer.read_chunk()) CHECK(*chunk == ":\n\n");
    CHECK_FALSE(peer.ended);
    // none between requests
    peer.patience = 200ms;
    CHECK(peer.rest().empty());
  }
  {
    stream_on_demand state;
    state.content_type = "text/plain";
    server running(options, state.answer());
    client peer(running.port());
    peer.patience = 300ms;
    peer.send(get("/stream"));
    peer.read(true);
    CHECK(peer.rest().empty());
  }
}

TEST_CASE("a stream to a slow reader is bounded, and ends when nothing is taken any more") {
  happening refused, told;
  std::atomic<std::size_t> accepted = 0;
  http_options options{.stream_buffer = 64 << 10};
  options.timeouts.write = 300ms;
  server running(options, [&](const http_request&, http_response& response) -> pending {
    return [](http_response& r, std::atomic<std::size_t>& count, happening& no,
              happening& lost) -> asio::awaitable<void> {
      net::event gone(r.executor());
      r.on_disconnect([&] {
        lost.raise();
        gone.set();
      });
      r.begin_stream("text/event-stream");
      const std::string event = "data: " + std::string(8000, 'x') + "\n\n";
      CHECK_FALSE(r.write(std::string(64 << 10, 'x')));
      while (r.write(event)) {
        ++count;
        co_await asio::post(r.executor(), asio::use_awaitable);
        co_await asio::post(r.executor(), asio::use_awaitable);
      }
      no.raise();
      co_await gone.wait();
    }(response, accepted, refused, told);
  });
  client peer(running.port(), 4096);
  peer.send(get("/"));
  REQUIRE(refused.await());
  REQUIRE(told.await());
  CHECK(accepted > 7);
  CHECK(accepted * 8000 < std::size_t{32} << 20);  // the kernel's buffers and ours
}

TEST_CASE("a slow reader that does read gets everything") {
  server running({.stream_buffer = 16 << 10},
                 [&](const http_request&, http_response& response) -> pending {
                   return [](http_response& r) -> asio::awaitable<void> {
                     r.begin_stream("text/plain");
                     for (int i = 0; i < 2000;) {
                       if (r.write(std::string(1000, static_cast<char>('a' + i % 26))))
                         ++i;
                       else if (r.disconnected())
                         co_return;
                       co_await asio::post(r.executor(), asio::use_awaitable);
                     }
                   }(response);
                 });
  client peer(running.port(), 4096);
  const auto got = peer.ask(get("/"));
  CHECK(got.body.size() == 2'000'000);
  bool in_order = true;
  for (std::size_t i = 0; i < got.body.size(); ++i)
    in_order = in_order && got.body[i] == static_cast<char>('a' + i / 1000 % 26);
  CHECK(in_order);
}

TEST_CASE("a graceful stop finishes what is in flight and closes what is idle") {
  for (const std::size_t threads : {1U, 2U}) {
    happening suspended;
    std::unique_ptr<net::event> release;
    server running({.threads = threads},
                   [&](const http_request& request, http_response& response) -> pending {
                     if (request.path != "/wait") return echo(request, response);
                     return [](http_response& r, std::unique_ptr<net::event>& made,
                               happening& s) -> asio::awaitable<void> {
                       made = std::make_unique<net::event>(r.executor());
                       net::event stopped(r.executor());
                       r.on_stop([&] { stopped.set(); });
                       s.raise();
                       co_await stopped.wait();
                       CHECK(r.stopping());
                       co_await made->wait();
                       r.body = "finished";
                     }(response, release, suspended);
                   });
    client idle(running.port()), fresh(running.port()), busy(running.port()),
        partial(running.port());
    CHECK(idle.ask(get("/")).status == 200);
    CHECK(partial.ask(get("/")).status == 200);
    const auto request = post("/x", "0123456789");
    partial.send(request.substr(0, request.size() - 5));
    busy.send(get("/wait"));
    REQUIRE(suspended.await());
    running.server.stop();
    CHECK(idle.closed_in_order());
    CHECK(fresh.closed_in_order());
    CHECK_THROWS_AS(client{running.port()}, std::system_error);
    CHECK(running.ended.count() == 0);
    partial.send(request.substr(request.size() - 5));
    const auto last = partial.read();
    CHECK(last.body == "POST /x 0123456789");
    CHECK(last.field("Connection") == "close");
    release->set();
    const auto got = busy.read();
    CHECK(got.body == "finished");
    CHECK(got.field("Connection") == "close");
    busy.close();
    partial.close();
    CHECK(running.ended.await());
  }
}

TEST_CASE("streams are told of a stop and may say their last words") {
  stream_on_demand state;
  server running({}, state.answer());
  client peer(running.port());
  peer.send(get("/stream"));
  peer.read(true);
  REQUIRE(state.begun.await());
  running.server.stop();
  CHECK(peer.read_chunk() == "data: goodbye\n\n");
  CHECK_FALSE(peer.read_chunk());
  CHECK(peer.closed_in_order());
  peer.close();
  CHECK(running.ended.await());
}

TEST_CASE("who does not end within the grace is cut off, told, and destroyed with the server") {
  happening suspended, told;
  auto alive = std::make_shared<int>(0);
  http_options options;
  options.timeouts.stop_grace = 100ms;
  {
    server running(options, [&](const http_request&, http_response& response) -> pending {
      return [](http_response& r, happening& s, happening& t,
                std::shared_ptr<int>) -> asio::awaitable<void> {
        net::event never(r.executor());
        r.on_disconnect([&] { t.raise(); });
        s.raise();
        co_await never.wait();
      }(response, suspended, told, alive);
    });
    client peer(running.port());
    peer.send(get("/"));
    REQUIRE(suspended.await());
    running.server.stop();
    CHECK(peer.rest().empty());
    CHECK(running.ended.await());
    CHECK(told.count() == 1);
    CHECK(alive.use_count() == 2);
  }
  CHECK(alive.use_count() == 1);
}

TEST_CASE("a server that was told to stop before it ran does not run") {
  net::http_server<handler> never({.port = 0}, echo);
  never.stop();
  never.run();
  net::http_server<handler> unused({.port = 0}, echo);
}

TEST_CASE("a signal stops gracefully, a second one at once") {
  http_options options{.stop_on_signals = true};
  {
    server running(options, echo);
    CHECK(client(running.port()).ask(get("/")).status == 200);
    ::kill(getpid(), SIGTERM);
    CHECK(running.ended.await());
  }
  {
    left_alone state;
    server running(options, state.answer());
    client peer(running.port());
    peer.send(get("/wait"));
    REQUIRE(state.suspended.await());
    ::kill(getpid(), SIGINT);
    REQUIRE(state.stopping.await());
    CHECK(running.ended.count() == 0);
    ::kill(getpid(), SIGINT);
    CHECK(running.ended.await());
  }
}

TEST_CASE(
    "the memory of a large message is there for the next one, and given back after a moment") {
  using namespace net::detail;
  bool texts = false, blocks = false;
  server running({.timeouts = {.header = 2s}},
                 [&](const http_request& request, http_response& response) {
                   if (auto spare = spares<std::string>::local().take()) {
                     texts = true;
                     spares<std::string>::local().keep(*std::move(spare), heavy);
                   } else if (request.path == "/small") {
                     texts = false;
                   }
                   if (auto spare = spares<block>::local().take()) {
                     blocks = true;
                     give_back(*std::move(spare));
                   } else if (request.path == "/small") {
                     blocks = false;
                   }
                   return echo(request, response);
                 });
  client peer(running.port());
  const std::string large(4 * heavy, 'x');
  for (int i = 0; i < 8; ++i) CHECK(peer.ask(post("/", large)).body == "POST / " + large);
  CHECK(texts);
  CHECK(blocks);
  const auto until = std::chrono::steady_clock::now() + 30s;
  while ((texts || blocks) && std::chrono::steady_clock::now() < until)
    CHECK(peer.ask(get("/small")).status == 200);
  CHECK(!texts);
  CHECK(!blocks);
}

TEST_CASE("an address that cannot be listened on is told by name") {
  net::http_server<handler> first({.port = 0}, echo);
  CHECK_THROWS_WITH_AS((net::http_server<handler>({.port = first.port()}, echo)),
                       doctest::Contains("host/port: cannot listen on 127.0.0.1:"),
                       configuration_error);
  CHECK_THROWS_AS((net::http_server<handler>({.host = "no.such.host.invalid", .port = 0}, echo)),
                  configuration_error);
  CHECK_THROWS_AS((net::http_server<handler>({.host = "192.0.2.1", .port = 0}, echo)),
                  configuration_error);
  CHECK_THROWS_WITH_AS((net::http_server<handler>({.threads = 0}, echo)),
                       doctest::Contains("threads"), configuration_error);
  CHECK_THROWS_WITH_AS(
      (net::http_server<handler>({.port = 0, .tls = net::tls_files{"a", "b"}}, echo)),
      doctest::Contains("tls"), configuration_error);
  net::http_server<handler> named({.host = "localhost", .port = 0}, echo);
  CHECK(named.port() != 0);
}

}  // namespace http_server_test
