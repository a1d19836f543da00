// What auth/test_issuer_server.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/test_issuer.hpp"
#include "sesame/auth/test_issuer_server.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"
#include "sesame/net/http_server.hpp"

#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace sesame::inline v0 {

struct test_issuer_server::state {
  struct handler {
    state& of;
    std::optional<asio::awaitable<void>> operator()(const net::http_request& request,
                                                    net::http_response& response) const {
      return answer(of, request, response);
    }
  };

  explicit state(jws_algorithm algorithm)
      : server({}, handler{*this}),
        url("http://127.0.0.1:" + std::to_string(server.port())),
        keys{test_issuer(algorithm, url)},
        thread([this] { server.run(); }) {}
  state(const state&) = delete;
  state& operator=(const state&) = delete;
  ~state() {
    fault = issuer_fault::none;
    server.stop();
    thread.join();
  }

  static asio::awaitable<void> answer(state& self, const net::http_request& request,
                                      net::http_response& response) {
    {
      const std::lock_guard lock(self.mutex);
      ++self.requests[std::string{request.path}];
    }
    while (self.fault == issuer_fault::silent) {
      asio::steady_timer pause(co_await asio::this_coro::executor, std::chrono::milliseconds{5});
      co_await pause.async_wait(asio::use_awaitable);
    }
    self.write(self.fault, request.path, response);
  }

  void write(issuer_fault how, std::string_view path, net::http_response& response) {
    const bool metadata = path == "/.well-known/oauth-authorization-server" ||
                          path == "/.well-known/openid-configuration";
    if (how == issuer_fault::server_error || (!metadata && path != "/jwks")) {
      response.status = how == issuer_fault::server_error ? 500 : 404;
      return;
    }
    response.add("Content-Type", "application/json");
    if (how == issuer_fault::garbage) {
      response.body += "<html>";
    } else if (metadata) {
      const auto name = how == issuer_fault::other_issuer ? "https://other.example" : url;
      response.body += R"({"issuer":")" + name + R"(","jwks_uri":")" + url +
                       R"(/jwks","authorization_endpoint":")" + url +
                       R"(/authorize","token_endpoint":")" + url +
                       R"(/token","response_types_supported":["code"]})";
    } else {
      const std::lock_guard lock(mutex);
      response.body += R"({"keys":[)";
      for (const auto& key : keys) {
        if (&key != keys.data()) response.body += ',';
        response.body += key.public_jwk();
      }
      response.body += "]}";
    }
  }

  net::http_server<handler> server;
  const std::string url;
  mutable std::mutex mutex;
  std::vector<test_issuer> keys;                // guarded; the newest comes last
  std::map<std::string, std::size_t> requests;  // guarded
  std::atomic<issuer_fault> fault = issuer_fault::none;
  std::thread thread;
};

SESAME_INLINE test_issuer_server::test_issuer_server(jws_algorithm algorithm)
    : state_(std::make_unique<state>(algorithm)) {}

SESAME_INLINE test_issuer_server::~test_issuer_server() = default;

SESAME_INLINE const std::string& test_issuer_server::url() const noexcept {
  return state_->url;
}

SESAME_INLINE std::string test_issuer_server::mint(const test_token& token) const {
  const std::lock_guard lock(state_->mutex);
  return state_->keys.back().mint(token);
}

SESAME_INLINE void test_issuer_server::rotate(jws_algorithm algorithm) {
  test_issuer fresh(algorithm, state_->url);
  const std::lock_guard lock(state_->mutex);
  if (state_->keys.size() > 1) state_->keys.erase(state_->keys.begin());
  state_->keys.push_back(std::move(fresh));
}

SESAME_INLINE void test_issuer_server::fail(issuer_fault how) {
  state_->fault = how;
}

SESAME_INLINE std::size_t test_issuer_server::asked(std::string_view path) const {
  const std::lock_guard lock(state_->mutex);
  std::size_t all = 0;
  for (const auto& [asked, times] : state_->requests)
    if (asked.ends_with(path)) all += times;
  return all;
}

SESAME_INLINE jwks_settings test_issuer_server::settings(std::string audience) const {
  jwks_settings made{.token = {.issuer = state_->url, .audiences = {std::move(audience)}}};
  made.client.allow_plain_http = true;
  made.client.private_hosts = {"127.0.0.1"};
  return made;
}

}  // namespace sesame::inline v0
