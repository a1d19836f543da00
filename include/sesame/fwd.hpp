// The names that a program's own headers mention, declared and no more, so that they need no other
// header of Sesame.
//
//     #include <sesame/fwd.hpp>
//
//     std::string answer(const question& q, const sesame::principal& caller, sesame::context& ctx);
// SPDX-License-Identifier: BSL-1.0

#pragma once

namespace sesame::inline v0 {

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
