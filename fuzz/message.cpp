// JSON-RPC messages through the engine's own door: lines of header fields, an empty line, and one
// message a line, all over HTTP and then all away from it. `Mcp-Session-Id: *` is the session that
// was opened last.
// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/crypto.hpp"
#include "sesame/auth/principal.hpp"
#include "sesame/json/document.hpp"
#include "sesame/net/detail/characters.hpp"
#include "sesame/server/engine.hpp"
#include "sesame/server/server.hpp"

#include <asio/any_io_executor.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>

#include "fuzz.hpp"
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using fuzz::demand;

// Nobody can guess it, so whoever sees it was let in.
const std::string treasure = sesame::auth::random_token();

struct parcel {
  std::string text;
  int count = 1;
  std::optional<double> weight;
  std::vector<std::string> labels;
  enum class size_t { small, large } size = size_t::small;

  using annotations =
      sesame::annotations<sesame::field<&parcel::text, "What is in it", sesame::min_length<1>>,
                          sesame::field<&parcel::count, "How many", sesame::between<0, 100>>>;
};
struct form {
  std::string name;
};
struct letter {
  std::string id;
};

struct post_office : sesame::service<> {
  parcel send(const parcel& given) const { return given; }
  sesame::task<std::string> later(parcel given, sesame::context& call) const {
    call.progress(1);
    call.log(sesame::log_level::info, given.text);
    co_return given.text;
  }
  std::string ask(const sesame::elicited<form>& given) const { return given ? given->name : "?"; }
  sesame::task<std::string> ask_later(sesame::context& call) const {
    const auto given = co_await call.elicit<form>("Who are you?");
    co_return given ? given->name : "?";
  }
  std::string read(const letter& which) const { return which.id; }
  std::string write(const letter& which) const { return "Dear " + which.id; }

  using prompts = sesame::prompts<sesame::prompt<&post_office::write, "Begins a letter">>;
  using resources =
      sesame::resources<sesame::resource_template<&post_office::read, "a:{id}", "A letter">>;
  using tools =
      sesame::tools<sesame::tool<&post_office::send, "Sends a parcel">,
                    sesame::tool<&post_office::later, "Sends it later", sesame::optional_task>,
                    sesame::tool<&post_office::ask, "Asks first", sesame::elicitation<form>>,
                    sesame::tool<&post_office::ask_later, "Asks then">>;
};

// Lets nobody in: a caller comes with the message, or there is none.
struct porter {
  [[nodiscard]] sesame::result<sesame::principal, sesame::auth_failure> verify(
      std::string_view, std::chrono::system_clock::time_point) const {
    return sesame::failure{sesame::auth_failure{sesame::auth_error::invalid_token, "not it"}};
  }
  [[nodiscard]] std::vector<std::string> issuers() const { return {}; }
};
struct vault : sesame::service<sesame::authenticated<porter>> {
  std::string open(const sesame::principal& caller) const { return caller.subject + treasure; }
  std::string enter() const { return treasure; }
  using tools = sesame::tools<sesame::tool<&vault::open, "-", sesame::scopes<"gold">>,
                              sesame::tool<&vault::enter, "-">>;
};

// As a transport holds them.
class fields final : public sesame::message_fields {
 public:
  void add(std::string_view name, std::string_view value) { all_.emplace_back(name, value); }
  [[nodiscard]] std::optional<std::string_view> field(std::string_view name) const override {
    for (const auto& [key, value] : all_)
      if (sesame::net::detail::equal_ignoring_case(key, name)) return value;
    return std::nullopt;
  }
  [[nodiscard]] std::optional<std::string_view> only(std::string_view name) const override {
    const auto is_named = [&](const auto& one) {
      return sesame::net::detail::equal_ignoring_case(one.first, name);
    };
    return std::ranges::count_if(all_, is_named) == 1 ? field(name) : std::nullopt;
  }
  void name_session(const std::string& id) {
    for (auto& [key, value] : all_)
      if (value == "*" && !id.empty()) value = id;
  }

 private:
  std::vector<std::pair<std::string, std::string>> all_;
};

class sink final : public sesame::message_sink {
 public:
  bool send(std::string_view message) override {
    sent.emplace_back(message);
    return true;
  }
  asio::any_io_executor executor() override { return io.get_executor(); }

  asio::io_context io{1};
  std::vector<std::string> sent;
};

void check_message(std::string_view text) {
  sesame::json::document document{{.size = std::size_t{16} << 20, .depth = 128}};
  const auto root = document.parse(text);
  demand(root.has_value(), "an answer is JSON");
  demand(text.find('\n') == std::string_view::npos, "an answer is one line");
  if (const auto members = sesame::json::as_object(*root))
    demand(sesame::json::find_string(*members, "jsonrpc") == "2.0", "an answer is JSON-RPC");
  else
    demand(sesame::json::as_array(*root).has_value(), "an answer is one message or several");
}

class server {
 public:
  server()
      : server_{{.name = "fuzz", .version = "1", .max_sessions = 4, .on_error = check_log},
                post_office{},
                vault{},
                porter{}} {}

  // Serves one message to its end, or as far as it goes without the user's help.
  void serve(std::string_view text, fields* with, sesame::message_peer* peer,
             std::shared_ptr<const sesame::principal> caller) {
    sesame::exchange x{server_.engine().options().message};
    std::string out;
    const bool known = caller != nullptr;
    sesame::inbound in{.text = text, .out = &out, .sink = &sink_, .fields = with, .peer = peer};
    in.caller = std::move(caller);
    const auto became = server_.engine().begin(x, in);
    if (became == sesame::disposition::pending) {
      asio::co_spawn(sink_.io, x.finish(), asio::detached);
      sink_.io.restart();
      sink_.io.poll();
      x.cancel();
      x.stop();
      sink_.io.restart();
      sink_.io.poll();
      demand(sink_.io.stopped(), "what is cancelled ends");
      demand(!out.empty() || x.cancelled(), "what waited has its answer, or was cancelled");
    } else {
      demand(out.empty() == (became == sesame::disposition::accepted), "only an answer has a text");
    }
    if (const auto* opened = x.opened()) session_ = opened->id();
    static constexpr std::array statuses{200, 202, 400, 401, 403, 404, 429};
    demand(std::ranges::find(statuses, x.status()) != statuses.end(), "a status is one of ours");
    if (!out.empty()) check_message(out);
    for (const auto& message : sink_.sent) check_message(message);
    sink_.sent.clear();
    demand(known || out.find(treasure) == std::string::npos, "what is closed stays closed");
    if (with != nullptr) with->name_session(session_);
  }

 private:
  static void check_log(std::string_view line) {
    demand(std::ranges::none_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
           "the log has whole lines");
  }

  sink sink_;
  sesame::server<post_office, vault, porter> server_;
  std::string session_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto text = fuzz::text_of(data, size);
  fields with;
  std::shared_ptr<const sesame::principal> caller;
  while (!text.empty() && text.front() != '\n') {
    const auto [line, rest] = fuzz::split_line(text);
    const auto colon = line.find(": ");
    if (line.starts_with("Authorization: "))
      caller = std::make_shared<const sesame::principal>(sesame::principal{
          .issuer = "i", .subject = std::string(line.substr(colon + 2)), .scopes = {"gold"}});
    else if (colon != std::string_view::npos)
      with.add(line.substr(0, colon), line.substr(colon + 2));
    text = rest;
  }
  if (!text.empty()) text.remove_prefix(1);

  server over_http, over_stdio;
  sesame::message_peer peer;
  while (!text.empty()) {
    const auto [line, rest] = fuzz::split_line(text);
    over_http.serve(line, &with, nullptr, caller);
    over_stdio.serve(line, nullptr, &peer, caller);
    text = rest;
  }
  return 0;
}
