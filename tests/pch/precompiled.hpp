// What the tests include of other people's headers, compiled once for all of them. Sesame's own
// headers are not here: those under test must come first, and bring all they need.
// SPDX-License-Identifier: BSL-1.0

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/read_until.hpp>
#include <asio/redirect_error.hpp>
#include <asio/ssl.hpp>
#include <asio/steady_timer.hpp>
#include <asio/strand.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>
#include <asio/write.hpp>

#include <doctest/doctest.h>
#include <functional>
#include <iostream>
#include <map>
#include <openssl/ssl.h>
#include <thread>
#include <unordered_map>
