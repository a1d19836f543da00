// What the tests of HTTP need: a server with tools of all kinds on a port of its own, and messages as
// a client would send them.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/development_provider.hpp"
#include "sesame/net/http_server.hpp"
#include "sesame/transport/http.hpp"

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include "net/support.hpp"
#include "server/support.hpp"
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <doctest/doctest.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace transport_test {

using namespace server_test;
using net_test::answer;
using net_test::client;

struct words {
  std::string text;
};
struct form {
  std::string name;
};
struct amount {
  int bytes;
};

// What happens within the tools, for the test's thread.
struct events {
  net_test::happening begun, ended, told;
  std::atomic<bool> go_on = false;
};

struct letter {
  std::string id;
};

struct open_tools : sesame::service<> {
  std::shared_ptr<events> seen = std::make_shared<events>();

  std::string echo(const words& given) const { return given.text; }
  std::string who(const sesame::principal* caller) const {
    return caller == nullptr ? "nobody" : caller->subject;
  }
  std::string tell(sesame::context& call) const {
    call.progress(1, 2);
    call.log(sesame::log_level::error, "two\nlines");
    return "told";
  }
  sesame::task<std::string> tell_later(sesame::context& call) const {
    const auto kept = seen;
    call.progress(1);
    kept->begun.raise();
    while (!kept->go_on) co_await pause(1ms);
    call.progress(2);
    co_return "told";
  }
  sesame::task<std::string> later(words given) const {
    co_await pause(0ms);
    co_return given.text;
  }
  sesame::task<std::string> wait() const {
    const auto kept = seen;
    kept->begun.raise();
    struct at_end {
      std::shared_ptr<events> of;
      ~at_end() { of->ended.raise(); }
    };
    const at_end tells{kept};
    while (!kept->go_on) co_await pause(1ms);
    co_return "waited";
  }
  sesame::task<std::string> much(amount asked, sesame::context& call) const {
    call.progress(1);
    co_await pause(0ms);
    co_return std::string(static_cast<std::size_t>(asked.bytes), 'm');
  }
  sesame::task<std::string> tell_and_ask(sesame::context& call) const {
    call.progress(1);
    const auto given = co_await call.elicit<form>("Who are you?");
    co_return given ? "Hello, " + given->name : "Nobody there";
  }
  // Gives the connection back, and has the client come for the answer.
  sesame::task<std::string> leave(sesame::context& call) const {
    const auto kept = seen;
    call.close_stream();
    kept->begun.raise();
    while (!kept->go_on) co_await pause(1ms);
    co_return "left";
  }
  std::string change(sesame::context& call) const {
    call.tools_changed();
    return "changed";
  }
  std::string seldom() const { return "seldom"; }
  std::string read(const letter& which) const { return which.id; }
  std::string write() const { return "Dear"; }
  std::string ask(const sesame::elicited<form>& given) const {
    return given ? "Hello, " + given->name : "Nobody there";
  }

  using prompts = sesame::prompts<sesame::prompt<&open_tools::write, "Begins a letter">>;
  using resources =
      sesame::resources<sesame::resource_template<&open_tools::read, "a:{id}", "A letter">>;
  using tools = sesame::tools<
      sesame::tool<&open_tools::echo, "-">, sesame::tool<&open_tools::who, "-">,
      sesame::tool<&open_tools::tell, "-">, sesame::tool<&open_tools::tell_later, "-">,
      sesame::tool<&open_tools::tell_and_ask, "-">, sesame::tool<&open_tools::later, "-">,
      sesame::tool<&open_tools::wait, "-">, sesame::tool<&open_tools::much, "-">,
      sesame::tool<&open_tools::leave, "-">, sesame::tool<&open_tools::change, "-">,
      sesame::tool<&open_tools::seldom, "-", sesame::rate_limit<1, 3600>>,
      sesame::tool<&open_tools::ask, "-", sesame::elicitation<form>>>;

 private:
  static sesame::task<> pause(std::chrono::milliseconds time) {
    asio::steady_timer timer{co_await asio::this_coro::executor, time};
    co_await timer.async_wait(asio::use_awaitable);
  }
};

struct closed_tools : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string read(const sesame::principal& caller) const { return caller.subject; }
  using tools =
      sesame::tools<sesame::tool<&closed_tools::read, "-", sesame::scopes<"records:read", "me">>>;
};

/// A server behind an endpoint, on a port of its own.
template <class... Parts>
struct running {
  explicit running(sesame::http_transport_options options, Parts... parts)
      : running(std::move(options), {.name = "http", .version = "1"}, std::move(parts)...) {}
  running(sesame::http_transport_options options, sesame::server_options about, Parts... parts)
      : server{quiet(std::move(about), log), std::move(parts)...},
        endpoint{server.engine(), options},
        http{options.server,
             [this](const auto& request, auto& response) { return endpoint(request, response); }} {}
  static sesame::server_options quiet(sesame::server_options about, reports& log) {
    about.on_error = log.sink();
    return about;
  }

  answer ask(const std::string& text) { return client{http.port()}.ask(text); }

  reports log;
  sesame::server<Parts...> server;
  sesame::http_endpoint endpoint;
  net_test::running<sesame::net::http_server<net_test::handler>> http;
};

struct open_server : running<open_tools> {
  explicit open_server(sesame::http_transport_options options = {}, open_tools tools = {},
                       sesame::server_options about = {.name = "http", .version = "1"})
      : running{std::move(options), std::move(about), tools}, seen{tools.seen} {}
  std::shared_ptr<events> seen;
};

struct mixed_server : running<open_tools, closed_tools, sesame::jwt_provider> {
  explicit mixed_server(sesame::http_transport_options options = at_home(),
                        const sesame::test_issuer& from = sesame::test_issuer{})
      : running{std::move(options), {}, {}, from.provider()}, issuer{from} {}
  static sesame::http_transport_options at_home() {
    return {.public_url = "https://mcp.example/base/mcp"};
  }
  sesame::test_issuer issuer;
};

inline constexpr std::string_view both = "application/json, text/event-stream";

inline std::string http_post(std::string_view body, std::string_view more = "",
                             std::string_view type = "application/json",
                             std::string_view accept = both, std::string_view host = "localhost") {
  std::string text = "POST /mcp HTTP/1.1\r\nHost: ";
  text.append(host).append("\r\n");
  if (!type.empty()) text.append("Content-Type: ").append(type).append("\r\n");
  if (!accept.empty()) text.append("Accept: ").append(accept).append("\r\n");
  return text.append(more)
      .append("Content-Length: ")
      .append(std::to_string(body.size()))
      .append("\r\n\r\n")
      .append(body);
}
inline std::string modern(std::string_view method, std::string_view name = "") {
  std::string text = "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: ";
  text.append(method).append("\r\n");
  if (!name.empty()) text.append("Mcp-Name: ").append(name).append("\r\n");
  return text;
}
inline std::string http_call(std::string_view tool, std::string_view arguments = "{}",
                             std::string_view more = "", std::string_view with = {}, int id = 1) {
  return http_post(call(id, tool, arguments, with), modern("tools/call", tool) + std::string{more});
}
inline std::string bearer(const std::string& token) {
  return "Authorization: Bearer " + token + "\r\n";
}

/// The messages of an event stream.
inline std::vector<std::string> messages(std::string_view stream) {
  std::vector<std::string> all;
  constexpr std::string_view mark = "data: ";
  for (auto found = stream.find(mark); found != std::string_view::npos;
       found = stream.find(mark, found)) {
    found += mark.size();
    all.emplace_back(stream.substr(found, stream.find('\n', found) - found));
  }
  // An event without data brings nothing but its id.
  std::erase(all, "");
  return all;
}
/// The next chunk that holds a message.
inline std::string next_message(client& from) {
  while (const auto chunk = from.read_chunk()) {
    const auto found = messages(*chunk);
    if (!found.empty()) return found.front();
  }
  return "(the stream has ended)";
}
/// The head of a stream.
inline std::string read_head(client& from) {
  return from.read_until("\r\n\r\n");
}

/// Further members of `_meta`, with which a client hears of progress and logs.
inline constexpr std::string_view listening =
    R"("progressToken":"p","io.modelcontextprotocol/logLevel":"debug")";

// Sessions.

/// A session over HTTP, open and initialized.
struct http_session {
  template <class Server>
  explicit http_session(Server& server, std::string_view revision = "2025-11-25",
                        std::string more = "", std::string_view capabilities = "{}")
      : port(server.http.port()), fields(std::move(more)) {
    const auto opened = client{port}.ask(http_post(initialize(revision, capabilities), fields));
    id = opened.field("Mcp-Session-Id").value_or("(none)");
    fields += "Mcp-Session-Id: " + id + "\r\n";
    CHECK(post(notification("notifications/initialized")).status == 202);
  }
  [[nodiscard]] answer post(std::string_view message, std::string_view more = "") const {
    return client{port}.ask(http_post(message, fields + std::string{more}));
  }
  [[nodiscard]] std::string get_text(std::string_view more = "") const {
    return "GET /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + fields +
           std::string{more} + "\r\n";
  }
  [[nodiscard]] std::string post_text(std::string_view message) const {
    return http_post(message, fields);
  }
  [[nodiscard]] int end() const {
    return client{port}.ask("DELETE /mcp HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n").status;
  }

  std::uint16_t port;
  std::string fields;
  std::string id;
};

/// One event, as a client reads it.
struct event {
  std::string id, type, data, retry;
};

/// An event stream on a connection of its own.
class event_stream {
 public:
  event_stream(std::uint16_t port, std::string_view request, int receive_buffer = 0)
      : from(port, receive_buffer) {
    from.send(request);
  }
  /// The head of the response; without it there are no events.
  const answer& head() {
    if (!head_) head_ = from.read(true);
    return *head_;
  }
  /// The next event; nothing at the end.
  std::optional<event> next() {
    if (head().field("Content-Type") != "text/event-stream") return std::nullopt;
    while (true) {
      const auto end = text_.find("\n\n");
      if (end != std::string::npos) {
        const auto one = text_.substr(0, end + 1);
        text_.erase(0, end + 2);
        if (one.starts_with(':')) continue;
        return read(one);
      }
      const auto chunk = from.read_chunk();
      if (!chunk) return std::nullopt;
      text_ += *chunk;
    }
  }
  /// The id of the next event; empty at the end.
  std::string next_id() {
    const auto one = next();
    return one ? one->id : std::string{};
  }
  /// The next message; an empty text at the end.
  std::string message() {
    while (auto one = next())
      if (!one->data.empty()) return one->data;
    return {};
  }
  /// Whether nothing but the end comes.
  bool ended() { return !next() && !from.ended; }

  client from;

 private:
  static event read(std::string_view lines) {
    event one;
    while (!lines.empty()) {
      const auto end = lines.find('\n');
      const auto line = lines.substr(0, end);
      lines.remove_prefix(end + 1);
      for (const auto& [name, to] : {std::pair{"id: "sv, &one.id},
                                     {"event: "sv, &one.type},
                                     {"data: "sv, &one.data},
                                     {"retry: "sv, &one.retry}})
        if (line.starts_with(name)) *to = line.substr(name.size());
    }
    return one;
  }
  std::optional<answer> head_;
  std::string text_;
};

}  // namespace transport_test
