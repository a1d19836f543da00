// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/https_client.hpp"

#include "sesame/net/http_server.hpp"
#include "sesame/net/tls.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/read.hpp>
#include <asio/ssl/context.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/this_coro.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include "certificate.hpp"
#include "support.hpp"
#include <atomic>
#include <chrono>
#include <cstddef>
#include <doctest/doctest.h>
#include <exception>
#include <functional>
#include <openssl/ssl.h>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace https_client_test {

using namespace sesame;
using namespace net_test;
using namespace std::chrono_literals;
using namespace std::string_literals;
using asio::ip::tcp;
using net::fetch_error_code;
using net::http_request;
using net::http_response;

/// A peer that does what a server should not: `play` has one connection, and then it is closed.
class peer {
 public:
  using script = std::function<void(tcp::socket&)>;

  explicit peer(script play)
      : acceptor_(context_, {asio::ip::address_v4::loopback(), 0}),
        port_(acceptor_.local_endpoint().port()),
        thread_([this, play = std::move(play)] {
          std::error_code failed;
          tcp::socket socket(context_);
          acceptor_.accept(socket, failed);
          if (failed || leaving_) return;
          accepted.raise();
          try {
            play(socket);
          } catch (const std::system_error&) {  // the client has gone
          }
        }) {}
  ~peer() {
    leaving_ = true;
    std::error_code ignored;
    tcp::socket(context_).connect({asio::ip::address_v4::loopback(), port_}, ignored);
    thread_.join();
  }
  [[nodiscard]] std::string url(std::string_view scheme,
                                std::string_view host = "127.0.0.1") const {
    return std::string(scheme) + "://" + std::string(host) + ':' + std::to_string(port_) + "/path";
  }

  happening accepted;

 private:
  asio::io_context context_;
  tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::atomic<bool> leaving_ = false;
  std::thread thread_;
};

std::string read_head(tcp::socket& socket) {
  std::string held;
  while (held.find("\r\n\r\n") == std::string::npos) {
    char some[4096];
    held.append(some, socket.read_some(asio::buffer(some)));
  }
  return held;
}

/// Waits until the other side closes.
template <class Stream>
void await_end(Stream& stream) {
  char some[4096];
  std::error_code ended;
  while (!ended) stream.read_some(asio::buffer(some), ended);
}

/// Reads a request, sends `bytes`, and ends its side at once or when the client has.
peer::script answer(std::string bytes, bool ends = true) {
  return [bytes = std::move(bytes), ends](tcp::socket& socket) {
    read_head(socket);
    asio::write(socket, asio::buffer(bytes));
    if (ends) socket.shutdown(tcp::socket::shutdown_send);
    await_end(socket);
  };
}

/// Sends `head`, then `piece` again and again until the client has had enough.
peer::script answer_without_end(std::string head, std::string piece) {
  return [head = std::move(head), piece = std::move(piece)](tcp::socket& socket) {
    read_head(socket);
    asio::write(socket, asio::buffer(head));
    for (;;) asio::write(socket, asio::buffer(piece));
  };
}

/// What may talk to this machine.
net::http_client_options inside() {
  net::http_client_options options;
  options.deadline = 10s;
  options.private_hosts = {"127.0.0.1", "localhost", "[::1]"};
  options.allow_plain_http = true;
  return options;
}

net::outgoing_request get_of(std::string_view url) {
  return {.target = *net::url::parse(url)};
}

asio::awaitable<void> keep(net::http_fetch send, net::outgoing_request request,
                           std::optional<net::fetch_result>& got) {
  got = co_await send(std::move(request));
}

net::fetch_result fetch(const net::https_client& client, net::outgoing_request request) {
  asio::io_context context;
  std::optional<net::fetch_result> got;
  std::exception_ptr thrown;
  asio::co_spawn(context, keep(net::fetch_with(client), std::move(request), got),
                 [&](std::exception_ptr failed) { thrown = std::move(failed); });
  context.run();
  if (thrown) std::rethrow_exception(thrown);
  return std::move(*got);
}
net::fetch_result fetch(net::http_client_options options, std::string_view url) {
  return fetch(net::https_client(std::move(options)), get_of(url));
}

/// How a fetch ended: the code and what the log says, or the status.
struct ending {
  std::optional<fetch_error_code> code;
  std::string detail;
  int status = 0;
};
ending ending_of(const net::fetch_result& got) {
  if (got) return {{}, {}, got->status};
  return {got.error().code, got.error().detail, 0};
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

TEST_CASE("what is sent is one request, with the fields that are the client's own") {
  std::string seen;
  {
    peer server([&](tcp::socket& socket) {
      seen = read_head(socket);
      if (!seen.ends_with("hello")) {
        char rest[5];
        seen.append(rest, asio::read(socket, asio::buffer(rest)));
      }
      asio::write(socket, asio::buffer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"s));
      await_end(socket);
    });
    auto request = get_of(server.url("http") + "?q=1");
    request.method = "POST";
    request.fields = {{"Accept", "application/json"}, {"Authorization", "Basic eDp5"}};
    request.body = "hello";
    const auto got = fetch(net::https_client(inside()), request);
    REQUIRE(got);
    CHECK(got->status == 200);
    CHECK(got->body == "ok");
    CHECK(seen == "POST /path?q=1 HTTP/1.1\r\nHost: " + request.target.host_and_port() +
                      "\r\nUser-Agent: sesame/" SESAME_VERSION
                      "\r\nAccept-Encoding: identity\r\nConnection: close\r\n"
                      "Accept: application/json\r\nAuthorization: Basic eDp5\r\n"
                      "Content-Length: 5\r\n\r\nhello");
  }
}

pending variety(const http_request& request, http_response& response) {
  response.add("X-Method", request.method);
  if (request.path == "/moved") {
    response.status = 302;
    response.add("Location", "/elsewhere");
  } else if (request.path == "/nothing") {
    response.status = 204;
  } else if (request.path == "/stream") {
    return [](http_response& r) -> asio::awaitable<void> {
      r.begin_stream("text/plain");
      for (int i = 0; i < 100; ++i) {
        r.write(std::string(1000, 'x'));
        co_await asio::post(r.executor(), asio::use_awaitable);
      }
    }(response);
  } else {
    response.body = std::string(request.target) + ' ' + std::string(request.body);
  }
  return {};
}

TEST_CASE("the project's own server is understood, with TLS and without") {
  const certificate trusted;
  for (const bool secure : {false, true}) {
    CAPTURE(secure);
    net::http_options options;
    if (secure) options.tls = trusted.files();
    running<net::tls_http_server<handler>> server(options, variety);
    auto settings = inside();
    settings.ca_file = trusted.files().certificate_chain;
    const net::https_client client(settings);
    const auto base =
        (secure ? "https://localhost:"s : "http://localhost:"s) + std::to_string(server.port());
    const auto ask = [&](std::string method, std::string_view path, std::string body = {}) {
      auto request = get_of(base + std::string(path));
      request.method = std::move(method);
      request.body = std::move(body);
      return fetch(client, request);
    };
    const auto plain = ask("GET", "/a?b");
    REQUIRE(plain);
    CHECK(plain->status == 200);
    CHECK(plain->body == "/a?b ");
    CHECK(plain->field("x-method") == "GET");
    CHECK(ask("POST", "/p", std::string(100'000, 'y'))->body == "/p " + std::string(100'000, 'y'));
    CHECK(ask("POST", "/p")->body == "/p ");
    CHECK(ask("GET", "/stream")->body == std::string(100'000, 'x'));
    const auto head = ask("HEAD", "/a");
    REQUIRE(head);
    CHECK(head->field("Content-Length") == "3");
    CHECK(head->body.empty());
    CHECK(ask("GET", "/nothing")->status == 204);
    const auto moved = ask("GET", "/moved");
    REQUIRE(moved);
    CHECK(moved->status == 302);
    CHECK(moved->field("location") == "/elsewhere");
  }
}

TEST_CASE("an answer is complete as soon as its framing says so") {
  for (const auto* bytes :
       {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokay"}) {
    CAPTURE(bytes);
    peer server(answer(bytes, false));
    const auto got = fetch(inside(), server.url("http"));
    REQUIRE(got);
    CHECK(got->body == "ok");
  }
  peer server(answer("HTTP/1.0 200 OK\r\n\r\nto the end"));
  const auto got = fetch(inside(), server.url("http"));
  REQUIRE(got);
  CHECK(got->body == "to the end");
}

TEST_CASE("an answer that is malformed, ambiguous or cut is an error") {
  const struct {
    const char* bytes;
    fetch_error_code code;
    const char* detail;
  } cases[] = {
      {"", fetch_error_code::closed, "End of file"},
      {"HTTP/1.1 200 OK\r\nContent-Le", fetch_error_code::closed, "End of file"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", fetch_error_code::closed, "End of file"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", fetch_error_code::closed,
       "End of file"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
       fetch_error_code::closed, "End of file"},
      {"\x16\x03\x01 garbage", fetch_error_code::malformed, "malformed status line"},
      {"HTTP/2 200\r\n\r\n", fetch_error_code::malformed, "malformed status line"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
       fetch_error_code::malformed, "malformed or ambiguous Content-Length"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       fetch_error_code::malformed, "malformed or ambiguous Content-Length"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", fetch_error_code::malformed,
       "transfer coding not implemented"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", fetch_error_code::malformed,
       "malformed chunked body"},
      {"HTTP/1.1 200 OK\r\nA : 1\r\n\r\n", fetch_error_code::malformed, "malformed header field"},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", fetch_error_code::malformed,
       "malformed status line"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 262145\r\n\r\n", fetch_error_code::too_large,
       "body too large"},
  };
  for (const auto& [bytes, code, detail] : cases) {
    CAPTURE(bytes);
    peer server(answer(bytes));
    const auto got = ending_of(fetch(inside(), server.url("http")));
    CHECK(got.code == code);
    CHECK(got.detail == "127.0.0.1: "s + detail);
  }
}

TEST_CASE("an answer without end is left at the limit") {
  const struct {
    const char* head;
    std::string piece;
  } cases[] = {
      {"", "HTTP/1.1 100 Continue\r\n\r\n"},
      {"HTTP/1.1 200 ", "x"},
      {"HTTP/1.1 200 OK\r\nA: ", std::string(1000, 'x')},
      {"HTTP/1.1 200 OK\r\n", "A: 1\r\n"},
      {"HTTP/1.1 200 OK\r\n\r\n", std::string(1000, 'x')},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "A: 1\r\n"},
  };
  for (const auto& [head, piece] : cases) {
    CAPTURE(head);
    auto options = inside();
    options.max_body = 5000;
    peer server(answer_without_end(head, piece));
    CHECK(ending_of(fetch(options, server.url("http"))).code == fetch_error_code::too_large);
  }
}

TEST_CASE("the limits are the options'") {
  const auto with = [](auto change) {
    auto options = inside();
    change(options);
    peer server(answer("HTTP/1.1 200 OK\r\nA: " + std::string(100, 'a') + "\r\nB: 1\r\n\r\nbody"));
    return ending_of(fetch(options, server.url("http"))).code;
  };
  CHECK(with([](auto& o) { o.max_body = 4; }) == std::nullopt);
  CHECK(with([](auto& o) { o.max_body = 3; }) == fetch_error_code::too_large);
  CHECK(with([](auto& o) { o.max_fields = 2; }) == std::nullopt);
  CHECK(with([](auto& o) { o.max_fields = 1; }) == fetch_error_code::too_large);
  CHECK(with([](auto& o) { o.max_head = 128; }) == std::nullopt);
  CHECK(with([](auto& o) { o.max_head = 127; }) == fetch_error_code::too_large);
}

TEST_CASE("one deadline is over everything") {
  const auto silent = [](tcp::socket& socket) { await_end(socket); };
  const auto drip = [](tcp::socket& socket) {
    read_head(socket);
    asio::write(socket, asio::buffer("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"s));
    pollfd gone{socket.native_handle(), POLLRDHUP, 0};
    while (poll(&gone, 1, 10) == 0) asio::write(socket, asio::buffer("x", 1));
  };
  const struct {
    peer::script play;
    const char* scheme;
    const char* stage;
  } cases[] = {
      {silent, "http", "reading"}, {silent, "https", "shaking hands"}, {drip, "http", "reading"}};
  for (const auto& [play, scheme, stage] : cases) {
    CAPTURE(stage);
    auto options = inside();
    options.deadline = 200ms;
    peer server(play);
    const auto began = std::chrono::steady_clock::now();
    const auto got = ending_of(fetch(options, server.url(scheme)));
    const auto took = std::chrono::steady_clock::now() - began;
    CHECK(got.code == fetch_error_code::timeout);
    CHECK(got.detail == "127.0.0.1: not done within 200 ms, while "s + stage);
    CHECK(took >= 200ms);
    CHECK(took < 5s);
  }
}

TEST_CASE("a peer that takes nothing more of a request does not outlast the deadline") {
  auto options = inside();
  options.deadline = 300ms;
  happening over;
  peer server([&](tcp::socket&) { over.await(); });
  auto request = get_of(server.url("http"));
  request.method = "POST";
  request.body.assign(std::size_t{32} << 20, 'x');
  const auto got = ending_of(fetch(net::https_client(options), std::move(request)));
  over.raise();
  CHECK(got.code == fetch_error_code::timeout);
  CHECK(contains(got.detail, "while sending"));
}

TEST_CASE("a port that nobody listens on is an error of the connection") {
  asio::io_context context;
  tcp::acceptor taken(context, {asio::ip::address_v4::loopback(), 0});
  const auto port = taken.local_endpoint().port();
  taken.close();
  const auto got = ending_of(fetch(inside(), "http://127.0.0.1:" + std::to_string(port) + "/"));
  CHECK(got.code == fetch_error_code::connect);
}

TEST_CASE("a host without an address is an error of the resolution") {
  // A label of more than 63 letters is asked of nobody.
  const auto host = std::string(64, 'a') + ".example";
  const auto got = ending_of(fetch(inside(), "https://" + host + "/secret?token=1"));
  CHECK(got.code == fetch_error_code::resolve);
  CHECK(got.detail.starts_with(host + ": "));
  CHECK_FALSE(contains(got.detail, "secret"));
}

TEST_CASE("addresses inside the network are refused unless the host may have them") {
  peer server([](tcp::socket&) {});
  for (const auto* host :
       {"localhost", "127.0.0.1", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1", "[::1]",
        "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "0.0.0.0", "[::]", "169.254.169.254", "10.0.0.1",
        "[fd00:ec2::254]", "224.0.0.1"}) {
    CAPTURE(host);
    const auto got = ending_of(fetch({}, server.url("https", host)));
    CHECK(got.code == fetch_error_code::address_refused);
  }
  CHECK(server.accepted.count() == 0);
  CHECK(contains(ending_of(fetch({}, server.url("https", "127.0.0.1"))).detail,
                 "127.0.0.1 is loopback (RFC 1122)"));

  net::http_client_options other;
  other.private_hosts = {"keycloak.internal"};
  CHECK(ending_of(fetch(other, server.url("https"))).code == fetch_error_code::address_refused);
  CHECK(server.accepted.count() == 0);
  // Nowhere is nowhere, even where all of the network is allowed.
  net::http_client_options all;
  all.allow_private_addresses = true;
  CHECK(ending_of(fetch(all, server.url("https", "0.0.0.0"))).code ==
        fetch_error_code::address_refused);
  CHECK(server.accepted.count() == 0);
  CHECK(ending_of(fetch(all, server.url("https"))).code == fetch_error_code::tls);
  CHECK(server.accepted.await());
}

TEST_CASE("a host may be allowed by name, in any case") {
  net::http_client_options options;
  options.private_hosts = {"LocalHost"};
  peer server([](tcp::socket&) {});
  CHECK(ending_of(fetch(options, server.url("https", "LOCALHOST"))).code == fetch_error_code::tls);
  CHECK(server.accepted.await());
}

TEST_CASE("plain http is for this machine and private hosts, where it is allowed") {
  const auto of = [](net::http_client_options options, std::string_view url) {
    return ending_of(fetch(std::move(options), url)).code;
  };
  net::http_client_options listed;
  listed.private_hosts = {"localhost", "10.0.0.1"};
  CHECK(of(listed, "http://localhost:1/") == fetch_error_code::request_refused);
  net::http_client_options allowed;
  allowed.allow_plain_http = true;
  CHECK(of(allowed, "http://a.example/") == fetch_error_code::request_refused);
  CHECK(of(allowed, "http://10.0.0.1/") == fetch_error_code::request_refused);
  // The address is another question.
  CHECK(of(allowed, "http://localhost:1/") == fetch_error_code::address_refused);
  listed.allow_plain_http = true;
  listed.deadline = 100ms;
  CHECK(of(listed, "http://10.0.0.1:1/") != fetch_error_code::request_refused);
  CHECK(of(listed, "http://10.0.0.2:1/") == fetch_error_code::request_refused);
}

TEST_CASE(
    "a request that is no request is not sent, and what is wrong is said without repeating it") {
  peer server([](tcp::socket&) {});
  const net::https_client client(inside());
  const auto refused = [&](auto change) {
    auto request = get_of(server.url("http") + "?secret");
    request.fields = {{"Authorization", "Bearer secret"}};
    change(request);
    const auto got = ending_of(fetch(client, request));
    CHECK_FALSE(contains(got.detail, "secret"));
    CHECK_FALSE(contains(got.detail, "\n"));
    return got.code == fetch_error_code::request_refused;
  };
  CHECK(refused([](auto& r) { r.method = ""; }));
  CHECK(refused([](auto& r) { r.method = "GET / HTTP/1.1\r\nX:"; }));
  CHECK(refused([](auto& r) { r.method = "CONNECT"; }));
  CHECK(refused([](auto& r) { r.fields.push_back({"", "x"}); }));
  CHECK(refused([](auto& r) { r.fields.push_back({"X Y", "x"}); }));
  CHECK(refused([](auto& r) { r.fields.push_back({"X\r\nY", "x"}); }));
  CHECK(refused([](auto& r) { r.fields.push_back({"X", "secret\r\nY: secret"}); }));
  CHECK(refused([](auto& r) { r.fields.push_back({"X", "secret\n"}); }));
  CHECK(refused([](auto& r) { r.fields.push_back({"X", "a\0b"s}); }));
  for (const auto* name : {"Host", "content-length", "Transfer-Encoding", "CONNECTION", "Expect",
                           "Upgrade", "TE", "Trailer", "Accept-Encoding", "User-Agent"})
    CHECK(refused([&](auto& r) { r.fields.push_back({name, "secret"}); }));
  CHECK(refused([](auto& r) { r.target = {}; }));
  CHECK(refused([](auto& r) { r.target.scheme = "ftp"; }));
  CHECK(refused([](auto& r) { r.target.host = "a b"; }));
  CHECK(refused([](auto& r) { r.target.host += "\r\nX: secret"; }));
  CHECK(refused([](auto& r) { r.target.host = "secret@localhost"; }));
  CHECK(refused([](auto& r) { r.target.path = "no/slash"; }));
  CHECK(refused([](auto& r) { r.target.path = "/ HTTP/1.1\r\nX: secret"; }));
  CHECK(refused([](auto& r) { r.target.query = "a#b"; }));
  CHECK(server.accepted.count() == 0);
}

// TLS

/// A peer that speaks TLS with `files` and then does as it is told.
peer::script over_tls(net::tls_files files,
                      std::function<void(asio::ssl::stream<tcp::socket&>&)> play,
                      int most = TLS1_3_VERSION) {
  return [files = std::move(files), play = std::move(play), most](tcp::socket& socket) {
    asio::ssl::context context(asio::ssl::context::tls_server);
    context.use_certificate_chain_file(files.certificate_chain);
    context.use_private_key_file(files.private_key, asio::ssl::context::pem);
    SSL_CTX_set_security_level(context.native_handle(), 0);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.native_handle(), most);
    asio::ssl::stream<tcp::socket&> stream(socket, context);
    stream.handshake(asio::ssl::stream_base::server);
    play(stream);
  };
}

net::http_client_options trusting(const certificate& one) {
  auto options = inside();
  options.ca_file = one.files().certificate_chain;
  return options;
}

TEST_CASE("a certificate has to be trusted, in time, and the host's") {
  const certificate good, other, for_name({.names = "DNS:localhost"}),
      for_address({.names = "IP:127.0.0.1"}), for_neither({.names = "DNS:a.example"}),
      for_nobody({.names = nullptr}), partial({.names = "DNS:local*"}),
      old({.valid_from = -7200, .valid_until = -3600}),
      early({.valid_from = 3600, .valid_until = 7200});
  const struct {
    const char* what;
    const certificate& served;
    const certificate& trusted;
    const char* host;
    const char* problem;  // nullptr: none
  } cases[] = {
      {"good by name", good, good, "localhost", nullptr},
      {"good by address", good, good, "127.0.0.1", nullptr},
      {"unknown", good, other, "localhost", "self-signed certificate"},
      {"another name", for_neither, for_neither, "localhost", "hostname mismatch"},
      {"an address for a name", for_address, for_address, "localhost", "hostname mismatch"},
      {"a name for an address", for_name, for_name, "127.0.0.1", "IP address mismatch"},
      {"only a common name", for_nobody, for_nobody, "localhost", "hostname mismatch"},
      {"a partial wildcard", partial, partial, "localhost", "hostname mismatch"},
      {"expired", old, old, "localhost", "certificate has expired"},
      {"not yet valid", early, early, "localhost", "certificate is not yet valid"},
  };
  for (const auto& [what, served, trusted, host, problem] : cases) {
    CAPTURE(what);
    std::atomic<bool> asked = false;
    peer server(over_tls(served.files(), [&](auto& stream) {
      asio::write(stream, asio::buffer("HTTP/1.1 204 No Content\r\n\r\n"s));
      char some[4096];
      asked = stream.read_some(asio::buffer(some)) > 0;
      await_end(stream);
    }));
    const auto got = ending_of(fetch(trusting(trusted), server.url("https", host)));
    if (problem == nullptr) {
      CHECK(got.status == 204);
    } else {
      CHECK(got.code == fetch_error_code::tls);
      CAPTURE(got.detail);
      CHECK(contains(got.detail, problem));
      CHECK_FALSE(asked);
    }
  }
}

TEST_CASE("without a file, the system's certificates are trusted and no others") {
  const certificate unknown;
  peer server(over_tls(unknown.files(), [](auto& stream) { await_end(stream); }));
  CHECK(ending_of(fetch(inside(), server.url("https"))).code == fetch_error_code::tls);
}

TEST_CASE("the server learns the name and http/1.1, and TLS is no older than 1.2") {
  const certificate one;
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION}) {
    CAPTURE(version);
    for (const auto* host : {"localhost", "127.0.0.1"}) {
      std::string name = "none";
      {
        peer server(over_tls(
            one.files(),
            [&](auto& stream) {
              if (const auto* sent =
                      SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name))
                name = sent;
              char some[4096];
              stream.read_some(asio::buffer(some));
              asio::write(stream, asio::buffer("HTTP/1.1 204 No Content\r\n\r\n"s));
              await_end(stream);
            },
            version));
        const auto got = ending_of(fetch(trusting(one), server.url("https", host)));
        if (version >= TLS1_2_VERSION)
          CHECK(got.status == 204);
        else
          CHECK(got.code == fetch_error_code::tls);
      }
      if (version >= TLS1_2_VERSION) CHECK(name == (host == "localhost"s ? "localhost" : "none"));
    }
  }
}

TEST_CASE("over TLS, a body without length has to end in order") {
  const certificate one;
  for (const bool orderly : {true, false}) {
    CAPTURE(orderly);
    peer server(over_tls(one.files(), [&](auto& stream) {
      char some[4096];
      stream.read_some(asio::buffer(some));
      asio::write(stream, asio::buffer("HTTP/1.1 200 OK\r\n\r\nall of it?"s));
      std::error_code ignored;
      if (orderly) stream.shutdown(ignored);
      stream.next_layer().shutdown(tcp::socket::shutdown_send, ignored);
      await_end(stream.next_layer());
    }));
    const auto got = ending_of(fetch(trusting(one), server.url("https")));
    if (orderly)
      CHECK(got.status == 200);
    else
      CHECK(got.code == fetch_error_code::closed);
  }
}

TEST_CASE("what is no TLS is an error of TLS") {
  for (const auto* bytes : {"HTTP/1.1 400 Bad Request\r\n\r\n", ""}) {
    peer server([&](tcp::socket& socket) {
      asio::write(socket, asio::buffer(std::string_view(bytes)));
      socket.shutdown(tcp::socket::shutdown_send);
      await_end(socket);
    });
    CHECK(ending_of(fetch(inside(), server.url("https"))).code == fetch_error_code::tls);
  }
}

// Coroutines and threads

TEST_CASE("cancelling who waits cancels the fetch, and closes the connection") {
  for (const auto* scheme : {"http", "https"})
    for (const auto type : {asio::cancellation_type::terminal, asio::cancellation_type::total}) {
      CAPTURE(scheme);
      happening closed;
      peer server([&](tcp::socket& socket) {
        await_end(socket);
        closed.raise();
      });
      asio::io_context context;
      asio::cancellation_signal cancel;
      std::optional<net::fetch_result> got;
      auto options = inside();
      options.deadline = 1h;
      const net::https_client client(options);
      const auto work = [](const net::https_client& by, net::outgoing_request request,
                           std::optional<net::fetch_result>& out) -> asio::awaitable<void> {
        co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
        out = co_await by.send(std::move(request));
      };
      asio::co_spawn(context, work(client, get_of(server.url(scheme)), got),
                     asio::bind_cancellation_slot(cancel.slot(), asio::detached));
      std::thread canceller([&] {
        server.accepted.await();
        asio::post(context, [&] { cancel.emit(type); });
      });
      context.run_for(30s);
      canceller.join();
      CHECK(closed.await());
      REQUIRE(got);
      CHECK(ending_of(*got).code == fetch_error_code::cancelled);
    }
}

TEST_CASE("a client may go away while it fetches, and a context too") {
  peer server([](tcp::socket& socket) { await_end(socket); });
  std::optional<net::fetch_result> got;
  {
    asio::io_context context;
    asio::co_spawn(
        context,
        keep(net::fetch_with(net::https_client(inside())), get_of(server.url("http")), got),
        asio::detached);
    // Not run_one, which would wait for the answer when the peer is slow to say that it accepted.
    while (server.accepted.count() == 0) context.poll();
  }
  CHECK_FALSE(got);
}

TEST_CASE("threads share a client") {
  const certificate trusted;
  running<net::tls_http_server<handler>> server({.tls = trusted.files()}, variety);
  const net::https_client client(trusting(trusted));
  asio::thread_pool pool(4);
  constexpr std::size_t count = 40;
  std::vector<std::optional<net::fetch_result>> got(count);
  for (std::size_t i = 0; i < count; ++i)
    asio::co_spawn(
        pool,
        keep(net::fetch_with(client),
             get_of("https://localhost:" + std::to_string(server.port()) + "/" + std::to_string(i)),
             got[i]),
        asio::detached);
  pool.join();
  for (std::size_t i = 0; i < count; ++i) {
    REQUIRE(got[i]);
    REQUIRE(*got[i]);
    CHECK((**got[i]).body == "/" + std::to_string(i) + " ");
  }
}

TEST_CASE("settings that make no sense are told by name") {
  const auto refused = [](auto change) -> std::string {
    net::http_client_options options;
    change(options);
    try {
      const net::https_client made(options);
    } catch (const configuration_error& thrown) {
      return thrown.setting();
    }
    return "taken";
  };
  CHECK(refused([](auto&) {}) == "taken");
  CHECK(refused([](auto& o) { o.deadline = 0ms; }) == "deadline");
  CHECK(refused([](auto& o) { o.deadline = 2h; }) == "deadline");
  CHECK(refused([](auto& o) { o.max_head = 0; }) == "max_head");
  CHECK(refused([](auto& o) { o.max_fields = 0; }) == "max_fields");
  CHECK(refused([](auto& o) { o.max_body = static_cast<std::size_t>(-1); }) == "max_body");
  CHECK(refused([](auto& o) { o.user_agent = ""; }) == "user_agent");
  CHECK(refused([](auto& o) { o.user_agent = "a\r\nb"; }) == "user_agent");
  CHECK(refused([](auto& o) { o.private_hosts = {"a.example:443"}; }) == "private_hosts");
  CHECK(refused([](auto& o) { o.private_hosts = {"::1"}; }) == "private_hosts");
  CHECK(refused([](auto& o) { o.private_hosts = {"[::1]"}; }) == "taken");
  CHECK(refused([](auto& o) { o.ca_file = "/no/such/file.pem"; }) == "ca_file");
  CHECK(refused([](auto& o) { o.ca_file = "/dev/null"; }) == "ca_file");
}

}  // namespace https_client_test
