// What the floor of a server is made of, and nothing of it used.
// SPDX-License-Identifier: BSL-1.0

#include <asio.hpp>
#include <simdjson.h>

int main() {}
