// The names that a program's own headers mention, declared and no more, so that they need no other
// header of Sesame.
//
//     #include <sesame/fwd.hpp>
//
//     std::string answer(const question& q, const sesame::principal& caller, sesame::context& ctx);
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <asio/detail/config.hpp>  // macros alone

namespace asio {

// Newer releases have all of Asio in an inline namespace.
#ifdef ASIO_INLINE_NAMESPACE_BEGIN
ASIO_INLINE_NAMESPACE_BEGIN
#endif
template <typename T, typename Executor>
class awaitable;
class any_io_executor;
#ifdef ASIO_INLINE_NAMESPACE_END
ASIO_INLINE_NAMESPACE_END
#endif

}  // namespace asio

namespace sesame::inline v0 {

/// The coroutine that a function of a tool may be, an Asio awaitable: inside, any Asio operation can
/// be awaited with `asio::use_awaitable`, and is cancelled when the request is. A source that defines
/// one includes `<sesame/service/task.hpp>`, or `<sesame/sesame.hpp>`; to declare one this is enough.
///
/// With g++ 12, give a name to an aggregate or a capturing lambda before it goes into a `co_await`
/// expression: that compiler destroys such temporaries twice.
template <class T = void>
using task = asio::awaitable<T, asio::any_io_executor>;

// Of handlers.
struct principal;
class context;
struct tool_result;
class tool_error;
class scope_set;
class secret;

// Of whoever puts a server together.
template <class... Parts>
class server;
struct server_options;
class engine;
struct http_transport_options;
struct stdio_options;
class http_endpoint;
class stdio_transport;
class memory_transport;

namespace json {

class value;
class object;
class array;
class document;
class reader;
class writer;
template <class T>
struct codec;

}  // namespace json
}  // namespace sesame::inline v0
