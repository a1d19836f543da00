// The coroutine that a tool may be.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <asio/awaitable.hpp>

namespace sesame::inline v0 {

/// An Asio awaitable: inside, any Asio operation can be awaited with `asio::use_awaitable`, and is
/// cancelled when the request is.
///
/// With g++ 12, give a name to an aggregate or a capturing lambda before it goes into a `co_await`
/// expression: that compiler destroys such temporaries twice.
template <class T = void>
using task = asio::awaitable<T>;

}  // namespace sesame::inline v0
