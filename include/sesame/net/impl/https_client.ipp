// What net/https_client.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/address_guard.hpp"
#include "sesame/net/authority.hpp"
#include "sesame/net/detail/characters.hpp"
#include "sesame/net/detail/input_buffer.hpp"
#include "sesame/net/doorbell.hpp"
#include "sesame/net/http_client.hpp"
#include "sesame/net/http_error.hpp"
#include "sesame/net/http_options.hpp"
#include "sesame/net/http_response_parser.hpp"
#include "sesame/net/https_client.hpp"
#include "sesame/net/url.hpp"
#include "sesame/result.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/buffer.hpp>
#include <asio/cancellation_state.hpp>
#include <asio/cancellation_type.hpp>
#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/ssl/context.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/steady_timer.hpp>
#include <asio/strand.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace sesame::inline v0::net::detail {

/// What the copies of a client share.
struct https_client_state {
  explicit https_client_state(http_client_options settings);

  [[nodiscard]] bool is_private(std::string_view host) const noexcept {
    return std::any_of(options.private_hosts.begin(), options.private_hosts.end(),
                       [&](const auto& each) { return same_host(each, host); });
  }
  [[nodiscard]] bool allows(address_reach reach, std::string_view host) const noexcept {
    return reach == address_reach::everywhere ||
           (reach == address_reach::inside &&
            (options.allow_private_addresses || is_private(host)));
  }
  [[nodiscard]] bool allows_plain(std::string_view host) const noexcept {
    return options.allow_plain_http && (is_loopback(host) || is_private(host));
  }

  /// Why a request cannot be sent, if so. Nothing in it is repeated but the host.
  [[nodiscard]] std::optional<std::string> problem_of(const outgoing_request& request) const;

  http_client_options options;
  mutable asio::ssl::context tls;  // only connections are made of it, which threads may do at once
};

/// One request on its way. Besides its coroutine, the watchdog and the resolver hold it, and may do
/// so for longer. Everything happens on one strand.
class https_exchange : public std::enable_shared_from_this<https_exchange> {
 public:
  https_exchange(const asio::any_io_executor& strand,
                 std::shared_ptr<const https_client_state> client, outgoing_request request)
      : client_(std::move(client)),
        request_(std::move(request)),
        deadline_(std::chrono::steady_clock::now() + client_->options.deadline),
        watchdog_(strand, deadline_),
        resolver_(strand),
        resolved_(strand),
        stream_(strand, client_->tls) {}

  /// Fetches, and then has an `outcome`.
  asio::awaitable<void> run();

  std::optional<fetch_result> outcome;

 private:
  using step = asio::awaitable<result<void, fetch_error>>;

  asio::awaitable<fetch_result> fetch();

  /// Finds the addresses of the host.
  step resolve();

  /// Connects to the first address that may be connected to and answers. What was looked at is what
  /// is connected to.
  step connect();

  step shake_hands();

  /// Sends the request and reads the answer.
  template <class Stream>
  asio::awaitable<fetch_result> ask(Stream& stream);

  [[nodiscard]] asio::ip::tcp::socket& socket() { return stream_.next_layer(); }

  [[nodiscard]] failure<fetch_error> failed(fetch_error_code code, std::string_view why) const {
    return failure{fetch_error{code, request_.target.host + ": " + std::string(why)}};
  }
  [[nodiscard]] failure<fetch_error> failed(fetch_error_code code, std::error_code why) const {
    return failed(code, why.message());
  }
  [[nodiscard]] failure<fetch_error> failed(http_error why) const;

  /// The host as it stands in no URL: without brackets.
  [[nodiscard]] std::string_view bare_host() const {
    const std::string_view host = request_.target.host;
    return host.starts_with('[') ? host.substr(1, host.size() - 2) : host;
  }

  std::shared_ptr<const https_client_state> client_;
  outgoing_request request_;
  std::chrono::steady_clock::time_point deadline_;
  asio::steady_timer watchdog_;
  bool late_ = false;
  std::string_view stage_;  // what is being done, should it take too long
  asio::ip::tcp::resolver resolver_;
  doorbell resolved_;
  std::error_code resolve_failure_;
  asio::ip::tcp::resolver::results_type addresses_;
  asio::ssl::stream<asio::ip::tcp::socket> stream_;  // of plain http, only its socket is used
};

SESAME_INLINE https_client_state::https_client_state(http_client_options settings)
    : options(std::move(settings)), tls(asio::ssl::context::tls_client) {
  const auto demand = [](bool fine, const char* setting, std::string_view problem) {
    if (!fine) throw configuration_error(setting, problem);
  };
  demand(options.deadline.count() > 0 && options.deadline <= std::chrono::hours(1), "deadline",
         "it has to be positive and an hour at most");
  constexpr auto most = std::size_t{1} << 30;
  demand(options.max_head >= 64 && options.max_head <= most, "max_head",
         "it has to be at least 64 bytes and 1 GiB at most");
  demand(options.max_fields >= 1, "max_fields", "it has to be at least 1");
  demand(options.max_body <= most, "max_body", "it has to be 1 GiB at most");
  demand(!options.user_agent.empty() && is_field_value(options.user_agent), "user_agent",
         "it is empty or has control characters");
  for (const auto& host : options.private_hosts) {
    const auto read = authority::parse(host);
    demand(read && !read->port, "private_hosts",
           "\"" + host + "\" is no host; write a name or address, an IPv6 address in brackets");
  }

  auto* native = tls.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!eNULL");
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  // Names are in the subjectAltName or nowhere, and a wildcard is a whole label (RFC 9525).
  X509_VERIFY_PARAM_set_hostflags(
      SSL_CTX_get0_param(native),
      X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  constexpr std::string_view spoken = "\x08http/1.1";
  SSL_CTX_set_alpn_protos(native, reinterpret_cast<const unsigned char*>(spoken.data()),
                          static_cast<unsigned int>(spoken.size()));
  SSL_CTX_set_default_verify_paths(native);
  if (options.ca_file.empty()) return;
  std::error_code failed;
  tls.load_verify_file(options.ca_file, failed);
  demand(!failed, "ca_file",
         "cannot use " + options.ca_file + " (" + failed.message() + "); it has to be a PEM file");
}

/// The fields that the client writes itself.
inline constexpr std::string_view own_fields[] = {"Accept-Encoding",
                                                  "Connection",
                                                  "Content-Length",
                                                  "Expect",
                                                  "Host",
                                                  "Keep-Alive",
                                                  "Proxy-Connection",
                                                  "TE",
                                                  "Trailer",
                                                  "Transfer-Encoding",
                                                  "Upgrade",
                                                  "User-Agent"};

SESAME_INLINE std::optional<std::string> https_client_state::problem_of(
    const outgoing_request& request) const {
  if (request.method.empty() || !all_are(request.method, token_character) ||
      request.method == "CONNECT")
    return "the method is malformed or CONNECT";
  // Whoever fills in a URL by hand is checked as the one who writes it.
  const auto read = url::parse(request.target.to_string());
  if (!read || *read != request.target) return "the URL is malformed";
  if (!read->secure() && !allows_plain(read->host))
    return read->host + ": plain http is not allowed (allow_plain_http)";
  for (const auto& [name, value] : request.fields) {
    if (name.empty() || !all_are(name, token_character) || !is_field_value(value))
      return read->host + ": a header field is malformed";
    if (std::any_of(std::begin(own_fields), std::end(own_fields),
                    [&](std::string_view own) { return equal_ignoring_case(own, name); }))
      return read->host + ": the field " + name + " is the client's own";
  }
  return std::nullopt;
}

[[nodiscard]] SESAME_INLINE std::string bytes_of(const outgoing_request& request,
                                                 std::string_view user_agent) {
  std::string out = request.method + ' ' + request.target.target() + " HTTP/1.1\r\n";
  const auto add = [&](std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
  };
  add("Host", request.target.host_and_port());
  add("User-Agent", user_agent);
  add("Accept-Encoding", "identity");
  add("Connection", "close");
  for (const auto& [name, value] : request.fields) add(name, value);
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT" ||
      request.method == "PATCH")
    add("Content-Length", std::to_string(request.body.size()));
  return out.append("\r\n").append(request.body);
}

SESAME_INLINE https_exchange::step https_exchange::resolve() {
  stage_ = "resolving";
  resolver_.async_resolve(bare_host(), std::to_string(request_.target.effective_port()),
                          asio::ip::tcp::resolver::numeric_service,
                          [kept = shared_from_this()](std::error_code failed,
                                                      asio::ip::tcp::resolver::results_type found) {
                            kept->resolve_failure_ = failed;
                            kept->addresses_ = std::move(found);
                            kept->resolved_.ring();
                          });
  late_ = !co_await resolved_.rung(deadline_);
  if (late_) co_return failed(fetch_error_code::timeout, "no address in time");
  if (resolve_failure_) co_return failed(fetch_error_code::resolve, resolve_failure_);
  co_return result<void, fetch_error>();
}

SESAME_INLINE https_exchange::step https_exchange::connect() {
  stage_ = "connecting";
  std::string refused;
  std::error_code why;
  bool tried = false;
  for (const auto& each : addresses_) {
    const auto endpoint = each.endpoint();
    const auto& block = block_of(endpoint.address());
    if (!client_->allows(block.reach, request_.target.host)) {
      refused = endpoint.address().to_string() + " is " + std::string(block.name);
      continue;
    }
    tried = true;
    socket().close(why);
    co_await socket().async_connect(endpoint, asio::redirect_error(asio::use_awaitable, why));
    if (late_) break;
    if (why) continue;
    socket().set_option(asio::ip::tcp::no_delay(true), why);
    co_return result<void, fetch_error>();
  }
  if (!tried) co_return failed(fetch_error_code::address_refused, refused);
  co_return failed(fetch_error_code::connect, why);
}

SESAME_INLINE https_exchange::step https_exchange::shake_hands() {
  stage_ = "shaking hands";
  auto* native = stream_.native_handle();
  std::string host(bare_host());
  bool set = false;
  if (host != request_.target.host || parse_ipv4(host)) {
    set = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(native), host.c_str()) == 1;
  } else {
    // The dot of an absolute name is in no certificate (RFC 6066, section 3).
    if (host.ends_with('.')) host.pop_back();
    set = SSL_set1_host(native, host.c_str()) == 1 &&
          SSL_set_tlsext_host_name(native, host.c_str()) == 1;
  }
  if (!set) co_return failed(fetch_error_code::tls, "no certificate can be for such a host");
  std::error_code why;
  co_await stream_.async_handshake(asio::ssl::stream_base::client,
                                   asio::redirect_error(asio::use_awaitable, why));
  if (!why) co_return result<void, fetch_error>();
  auto text = why.message();
  if (const auto verified = SSL_get_verify_result(native); verified != X509_V_OK)
    text.append(": ").append(X509_verify_cert_error_string(verified));
  co_return failed(fetch_error_code::tls, text);
}

SESAME_INLINE failure<fetch_error> https_exchange::failed(http_error why) const {
  const bool large = why == http_error::start_line_size || why == http_error::fields_size ||
                     why == http_error::body_size;
  // The texts are those of a server that refuses a request, each a line.
  auto text = describe(why).text;
  text.remove_suffix(1);
  if (why == http_error::start_line) text = "malformed status line";
  return failed(large ? fetch_error_code::too_large : fetch_error_code::malformed, text);
}

template <class Stream>
asio::awaitable<fetch_result> https_exchange::ask(Stream& stream) {
  const auto& options = client_->options;
  stage_ = "sending";
  const auto bytes = bytes_of(request_, options.user_agent);
  std::error_code why;
  co_await asio::async_write(stream, asio::buffer(bytes),
                             asio::redirect_error(asio::use_awaitable, why));
  if (why) co_return failed(fetch_error_code::closed, why);

  stage_ = "reading";
  const http_limits limits{options.max_head, options.max_fields, options.max_head,
                           options.max_body};
  http_response_parser parser(limits, request_.method == "HEAD");
  using status = http_response_parser::status;
  input_buffer in{std::size_t{8} << 10};
  while (!why) {
    auto* room = in.prepare(std::size_t{4} << 10);
    in.commit(co_await stream.async_read_some(asio::buffer(room, in.room()),
                                              asio::redirect_error(asio::use_awaitable, why)));
    auto size = in.size();
    const auto now = parser.parse(in.data(), size);
    in.truncate(size);
    if (now == status::failed) co_return failed(parser.error());
    // Over TLS, an end without close_notify is another error than eof: somebody may have cut it.
    if (now == status::complete || (why == asio::error::eof && parser.ends_here()))
      co_return parser.response();
  }
  co_return failed(fetch_error_code::closed, why);
}

SESAME_INLINE asio::awaitable<fetch_result> https_exchange::fetch() {
  if (const auto done = co_await resolve(); !done) co_return failure{done.error()};
  if (const auto done = co_await connect(); !done) co_return failure{done.error()};
  if (!request_.target.secure()) co_return co_await ask(socket());
  if (const auto done = co_await shake_hands(); !done) co_return failure{done.error()};
  co_return co_await ask(stream_);
}

/// Nothing of an abandoned fetch is kept, so that any kind of cancellation may end it where it
/// stands, also a handshake, which does not hear of a total one.
struct as_terminal {
  asio::cancellation_type operator()(asio::cancellation_type asked) const noexcept {
    return asked == asio::cancellation_type::none ? asked : asio::cancellation_type::terminal;
  }
};

SESAME_INLINE asio::awaitable<void> https_exchange::run() {
  const auto kept = shared_from_this();
  co_await asio::this_coro::reset_cancellation_state(as_terminal{});
  const auto cancellation = co_await asio::this_coro::cancellation_state;
  watchdog_.async_wait([this, kept](std::error_code stopped) {
    if (stopped) return;
    late_ = true;
    socket().close(stopped);
  });
  try {
    outcome = co_await fetch();
  } catch (const std::system_error&) {
    // A cancelled coroutine throws where it would wait again.
    if (cancellation.cancelled() == asio::cancellation_type::none) throw;
  }
  watchdog_.cancel();
  std::error_code ignored;
  socket().close(ignored);
  if (outcome && outcome->has_value()) co_return;
  if (cancellation.cancelled() != asio::cancellation_type::none)
    outcome = failed(fetch_error_code::cancelled, "cancelled while " + std::string(stage_));
  else if (late_)
    outcome = failed(fetch_error_code::timeout,
                     "not done within " + std::to_string(client_->options.deadline.count()) +
                         " ms, while " + std::string(stage_));
}

[[nodiscard]] SESAME_INLINE asio::awaitable<fetch_result> send(
    std::shared_ptr<const https_client_state> client, outgoing_request request) {
  if (auto problem = client->problem_of(request))
    co_return failure{fetch_error{fetch_error_code::request_refused, std::move(*problem)}};
  const asio::any_io_executor strand = asio::make_strand(co_await asio::this_coro::executor);
  const auto exchange =
      std::make_shared<https_exchange>(strand, std::move(client), std::move(request));
  co_await asio::co_spawn(strand, exchange->run(), asio::use_awaitable);
  co_return std::move(*exchange->outcome);
}

}  // namespace sesame::inline v0::net::detail

namespace sesame::inline v0::net {

SESAME_INLINE https_client::https_client(http_client_options options)
    : state_(std::make_shared<const detail::https_client_state>(std::move(options))) {}

// No coroutine: what it returns holds the state, not the client.
SESAME_INLINE asio::awaitable<fetch_result> https_client::send(outgoing_request request) const {
  return detail::send(state_, std::move(request));
}

}  // namespace sesame::inline v0::net
