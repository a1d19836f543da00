// The same server with one tool that has no arguments.
// SPDX-License-Identifier: BSL-1.0

#include <sesame/sesame.hpp>
#include <string>

namespace {

struct taking {
  std::string nothing() { return "nothing"; }
  using tools = sesame::tools<sesame::tool<&taking::nothing, "Takes nothing">>;
};

}  // namespace

int main(int argc, char** argv) {
  sesame::server server{{.name = "records", .version = "1.0.0"}, taking{}};
  return sesame::run(server, argc, argv);
}
