// An identity provider's side of the web: a real server on loopback whose answers a test decides on.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/http_client.hpp"
#include "sesame/net/http_request.hpp"
#include "sesame/net/http_response.hpp"
#include "sesame/net/http_server.hpp"
#include "sesame/net/https_client.hpp"

#include <asio/awaitable.hpp>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

#include "net/support.hpp"
#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace auth_test {

/// What a client sent.
struct seen {
  std::string method, target, body;
  std::map<std::string, std::string, std::less<>> fields;

  [[nodiscard]] std::string field(std::string_view name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string{} : found->second;
  }
};

struct reply {
  std::string body{};
  int status = 200;
  std::vector<sesame::net::header_field> fields{};
};

class web {
 public:
  web()
      : server_({}, [this](const auto& request, auto& response) {
          return net_test::pending{answer(*this, request, response)};
        }) {}

  [[nodiscard]] std::string origin() const {
    return "http://127.0.0.1:" + std::to_string(server_.port());
  }

  /// What is answered at a path from now on; 404 where nothing was said.
  void say(std::string path, reply what) {
    const std::lock_guard lock(mutex_);
    replies_[std::move(path)] = std::move(what);
  }
  /// Whether answers wait.
  void hold(bool held) {
    const std::lock_guard lock(mutex_);
    held_ = held;
  }
  std::vector<seen> asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  std::size_t times() { return asked().size(); }

  net_test::happening begun;  ///< raised when a request has come

 private:
  static asio::awaitable<void> answer(web& self, const sesame::net::http_request& request,
                                      sesame::net::http_response& response) {
    {
      const std::lock_guard lock(self.mutex_);
      seen one{
          std::string{request.method}, std::string{request.target}, std::string{request.body}, {}};
      for (const auto& [name, value] : request.fields) one.fields.emplace(name, value);
      self.asked_.push_back(std::move(one));
    }
    self.begun.raise();
    for (;;) {
      {
        const std::lock_guard lock(self.mutex_);
        if (!self.held_ || response.stopping() || response.disconnected()) break;
      }
      co_await asio::post(asio::use_awaitable);
    }
    const std::lock_guard lock(self.mutex_);
    const auto found = self.replies_.find(request.path);
    response.status = found == self.replies_.end() ? 404 : found->second.status;
    if (found == self.replies_.end()) co_return;
    response.body = found->second.body;
    for (const auto& [name, value] : found->second.fields) response.add(name, value);
  }

  std::mutex mutex_;
  std::map<std::string, reply, std::less<>> replies_;
  std::vector<seen> asked_;
  bool held_ = false;
  net_test::running<sesame::net::http_server<net_test::handler>> server_;
};

/// A client that may ask the web.
inline sesame::net::http_client_options inside(
    std::chrono::milliseconds deadline = std::chrono::seconds{10}) {
  sesame::net::http_client_options options;
  options.deadline = deadline;
  options.private_hosts = {"127.0.0.1"};
  options.allow_plain_http = true;
  return options;
}

}  // namespace auth_test
