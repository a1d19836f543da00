// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/http_client.hpp"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>

#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <utility>

namespace http_client_test {

using namespace sesame;

/// Answers with what it was asked for, and counts.
struct echo {
  int count = 0;
  asio::awaitable<net::fetch_result> send(net::outgoing_request request) {
    return answer(std::move(request), ++count);
  }
  static asio::awaitable<net::fetch_result> answer(net::outgoing_request request, int number) {
    co_return net::incoming_response{200, std::move(request.fields),
                                     request.target.to_string() + ' ' + std::to_string(number)};
  }
};
static_assert(net::http_client<echo>);
static_assert(!net::http_client<int>);

TEST_CASE("a client whose type is forgotten is still that client") {
  asio::io_context context;
  std::string seen;
  asio::co_spawn(
      context,
      [](std::string& out) -> asio::awaitable<void> {
        const net::http_fetch fetch = net::fetch_with(echo{});
        for (int i = 0; i < 2; ++i) {
          net::outgoing_request request{.target = *net::url::parse("https://a.example/b?c")};
          request.fields.push_back({"X-Test", "yes"});
          const auto got = co_await fetch(std::move(request));
          if (got) out += got->body + ' ' + std::string(got->field("x-test").value_or("no")) + '\n';
        }
      }(seen),
      asio::detached);
  context.run();
  CHECK(seen == "https://a.example/b?c 1 yes\nhttps://a.example/b?c 2 yes\n");
}

TEST_CASE("a field is found in any case, the first of several") {
  const net::incoming_response response{200, {{"ETag", "one"}, {"etag", "two"}}, {}};
  CHECK(response.field("Etag") == "one");
  CHECK(response.field("Ex") == std::nullopt);
}

}  // namespace http_client_test
