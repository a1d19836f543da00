// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/tls.hpp"

#include "sesame/net/event.hpp"

#include <asio/post.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/this_coro.hpp>

#include "certificate.hpp"
#include "support.hpp"
#include <array>
#include <chrono>
#include <cstdio>
#include <doctest/doctest.h>
#include <memory>
#include <openssl/ssl.h>
#include <string>
#include <string_view>
#include <thread>

namespace tls_test {

using namespace sesame;
using namespace net_test;
using namespace std::chrono_literals;
using namespace std::string_literals;
using net::http_request;
using net::http_response;

using server = running<net::tls_http_server<handler>>;

const certificate& shared_certificate() {
  static const certificate one;
  return one;
}

net::http_options tls_options() {
  net::http_options options;
  options.tls = shared_certificate().files();
  return options;
}

asio::ssl::context client_tls() {
  asio::ssl::context context(asio::ssl::context::tls_client);
  context.load_verify_file(shared_certificate().files().certificate_chain);
  context.set_verify_mode(asio::ssl::verify_peer);
  return context;
}

class tls_client : public basic_client<asio::ssl::stream<asio::ip::tcp::socket>> {
 public:
  explicit tls_client(std::uint16_t port, asio::ssl::context context = client_tls())
      : basic_client(connect_to(port), context) {}
  std::error_code shake_hands() {
    std::error_code failed;
    stream.handshake(asio::ssl::stream_base::client, failed);
    return failed;
  }
};

pending echo(const http_request& request, http_response& response) {
  response.body = std::string(request.target) + (request.peer.tls ? " tls " : " plain ");
  response.body += request.body;
  return {};
}

pending echo_both(const http_request& request, http_response& response) {
  if (!request.path.starts_with("/later")) return echo(request, response);
  return [](const http_request& q, http_response& r) -> asio::awaitable<void> {
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    echo(q, r);
  }(request, response);
}

std::string output_of(const std::string& command) {
  std::string out;
  auto* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> some{};
  while (const auto size = std::fread(some.data(), 1, some.size(), pipe))
    out.append(some.data(), size);
  pclose(pipe);
  return out;
}

TEST_CASE("curl trusts the certificate it is given and keeps the connection") {
  server running(tls_options(), echo_both);
  const auto base = "https://127.0.0.1:" + std::to_string(running.port());
  const auto curl = "curl -sS --max-time 10 --cacert " + tls_options().tls->certificate_chain;
  CHECK(output_of(curl + " --data hello " + base + "/a " + base +
                  "/later -w '%{num_connects}\n'") == "/a tls hello1\n/later tls hello0\n");
  CHECK(output_of(curl + " -o /dev/null -w '%{http_code} %{ssl_verify_result} %{http_version}' " +
                  base + "/") == "200 0 1.1");
  CHECK(output_of("curl -sS --max-time 10 " + base + "/ 2>&1").find("certificate") !=
        std::string::npos);
}

TEST_CASE("requests go over one TLS connection as they would over a plain one") {
  server running(tls_options(), echo_both);
  tls_client peer(running.port());
  REQUIRE_FALSE(peer.shake_hands());
  CHECK(peer.ask(get("/one")).body == "/one tls ");
  std::string all;
  for (int i = 0; i < 100; ++i) all += post((i % 5 == 0 ? "/later" : "/") + std::to_string(i), "x");
  peer.send(all);
  for (int i = 0; i < 100; ++i)
    REQUIRE(peer.read().body == (i % 5 == 0 ? "/later" : "/") + std::to_string(i) + " tls x");
  const std::string large(2'000'000, 'y');
  for (const auto* target : {"/", "/later"}) {
    const auto got = peer.ask(post(target, large));
    const bool same = got.body == target + " tls "s + large;
    CHECK(same);
  }
  CHECK(peer.ask(get("/", "Connection: close\r\n")).status == 200);
  CHECK(peer.rest().empty());
  CHECK(peer.ended == asio::error::eof);  // with close_notify, or it would be stream_truncated
}

TEST_CASE("TLS 1.2 and 1.3 are spoken, nothing older") {
  server running(tls_options(), echo);
  const struct {
    int version;
    bool spoken;
  } cases[] = {{TLS1_VERSION, false},
               {TLS1_1_VERSION, false},
               {TLS1_2_VERSION, true},
               {TLS1_3_VERSION, true}};
  for (const auto& [version, spoken] : cases) {
    CAPTURE(version);
    auto context = client_tls();
    SSL_CTX_set_security_level(context.native_handle(), 0);
    SSL_CTX_set_min_proto_version(context.native_handle(), version);
    SSL_CTX_set_max_proto_version(context.native_handle(), version);
    tls_client peer(running.port(), std::move(context));
    CHECK(!peer.shake_hands() == spoken);
    if (spoken) CHECK(peer.ask(get("/")).status == 200);
  }
}

TEST_CASE("http/1.1 is agreed on, anything else refused") {
  server running(tls_options(), echo);
  const auto offer = [&](std::string_view protocols) {
    auto context = client_tls();
    SSL_CTX_set_alpn_protos(context.native_handle(),
                            reinterpret_cast<const unsigned char*>(protocols.data()),
                            static_cast<unsigned int>(protocols.size()));
    auto peer = std::make_unique<tls_client>(running.port(), std::move(context));
    if (peer->shake_hands()) return "refused"s;
    const unsigned char* chosen = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(peer->stream.native_handle(), &chosen, &size);
    return std::string(reinterpret_cast<const char*>(chosen), size);
  };
  CHECK(offer("\x02h2\x08http/1.1") == "http/1.1");
  CHECK(offer("\x02h2") == "refused");
}

TEST_CASE("what is no TLS, and what never becomes TLS, does no harm") {
  auto options = tls_options();
  options.timeouts.header = 200ms;
  server running(options, echo);
  client plain(running.port());
  plain.send(get("/"));
  CHECK(plain.rest().find("HTTP/") == std::string::npos);
  client silent(running.port());
  CHECK(silent.rest().empty());
  client half(running.port());
  half.send("\x16\x03\x01\x02");
  CHECK(half.rest().empty());
  for (int i = 0; i < 20; ++i) client(running.port()).reset();
  tls_client peer(running.port());
  REQUIRE_FALSE(peer.shake_hands());
  CHECK(peer.ask(get("/")).status == 200);
  tls_client slow(running.port());
  REQUIRE_FALSE(slow.shake_hands());
  slow.send("GET / HT");
  CHECK(slow.read().status == 408);
  tls_client wrong(running.port());
  REQUIRE_FALSE(wrong.shake_hands());
  wrong.send("GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n");
  CHECK(wrong.read().status == 400);
  CHECK(wrong.rest().empty());
}

TEST_CASE("streams go over TLS, and a handler is told when the peer leaves") {
  for (const bool orderly : {true, false}) {
    happening told;
    server running(tls_options(), [&](const http_request&, http_response& response) -> pending {
      return [](http_response& r, happening& t) -> asio::awaitable<void> {
        net::event gone(r.executor());
        r.on_disconnect([&] { gone.set(); });
        r.begin_stream("text/event-stream");
        r.write("data: 1\n\n");
        co_await asio::post(r.executor(), asio::use_awaitable);
        co_await asio::post(r.executor(), asio::use_awaitable);
        r.write("data: 2\n\n");
        co_await gone.wait();
        t.raise();
      }(response, told);
    });
    tls_client peer(running.port());
    REQUIRE_FALSE(peer.shake_hands());
    peer.send(get("/"));
    CHECK(peer.read(true).status == 200);
    CHECK(peer.read_chunk() == "data: 1\n\n");
    CHECK(peer.read_chunk() == "data: 2\n\n");
    if (orderly) {
      std::thread closer([&] {
        std::error_code ignored;
        peer.stream.shutdown(ignored);
      });
      CHECK(told.await());
      closer.join();
    } else {
      peer.stream.next_layer().close();
      CHECK(told.await());
    }
  }
}

TEST_CASE("a graceful stop ends TLS connections too") {
  happening suspended;
  std::unique_ptr<net::event> release;
  server running(tls_options(),
                 [&](const http_request& request, http_response& response) -> pending {
                   if (request.path != "/wait") return echo(request, response);
                   return [](http_response& r, std::unique_ptr<net::event>& made,
                             happening& s) -> asio::awaitable<void> {
                     made = std::make_unique<net::event>(r.executor());
                     s.raise();
                     co_await made->wait();
                     r.body = "finished";
                   }(response, release, suspended);
                 });
  tls_client idle(running.port()), busy(running.port());
  client unshaken(running.port());
  REQUIRE_FALSE(idle.shake_hands());
  REQUIRE_FALSE(busy.shake_hands());
  CHECK(idle.ask(get("/")).status == 200);
  busy.send(get("/wait"));
  REQUIRE(suspended.await());
  running.server.stop();
  idle.rest();
  unshaken.rest();
  release->set();
  CHECK(busy.read().body == "finished");
  busy.rest();
  idle.stream.next_layer().close();
  busy.stream.next_layer().close();
  CHECK(running.ended.await());
}

TEST_CASE("files that cannot be used are told by name") {
  const certificate other;
  const auto good = shared_certificate().files();
  const auto refused = [&](net::tls_files files) -> std::string {
    try {
      net::tls_http_server<handler> never({.port = 0, .tls = std::move(files)}, echo);
    } catch (const configuration_error& thrown) {
      return thrown.setting();
    }
    return "taken";
  };
  CHECK(refused(good) == "taken");
  CHECK(refused({"/no/such/file.pem", good.private_key}) == "tls.certificate_chain");
  CHECK(refused({good.private_key, good.private_key}) == "tls.certificate_chain");
  CHECK(refused({good.certificate_chain, "/no/such/file.pem"}) == "tls.private_key");
  CHECK(refused({good.certificate_chain, good.certificate_chain}) == "tls.private_key");
  CHECK(refused({good.certificate_chain, other.files().private_key}) == "tls.private_key");
}

TEST_CASE("without files the same server speaks plain HTTP") {
  server running({}, echo);
  CHECK(client(running.port()).ask(get("/x")).body == "/x plain ");
}

}  // namespace tls_test
