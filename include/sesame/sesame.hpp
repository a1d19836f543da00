// Sesame: MCP servers whose tools are typed and whose callers are known. This header is all that a
// server needs. Whoever talks to its engine or transports himself, or fetches something, includes
// <sesame/server.hpp>, <sesame/transport.hpp> or <sesame/net.hpp> too; docs/architecture.md tells what
// is in which room.
//
//     struct greeting { std::string name; };
//     struct greeter : sesame::service<> {
//       std::string greet(const greeting& g) { return "Hello, " + g.name; }
//       using tools = sesame::tools<sesame::tool<&greeter::greet, "Greets somebody">>;
//     };
//     int main(int argc, char** argv) {
//       sesame::server server{{.name = "greeter", .version = "1.0.0"}, greeter{}};
//       return sesame::run(server, argc, argv);
//     }
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json.hpp"
#include "sesame/meta.hpp"
#include "sesame/result.hpp"
#include "sesame/server/server.hpp"
#include "sesame/service.hpp"
#include "sesame/service/task.hpp"
#include "sesame/transport/run.hpp"
#include "sesame/version.hpp"
