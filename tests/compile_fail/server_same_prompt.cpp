// error: sesame: two prompts of this server have the same name
// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/server.hpp"

#include <string>

namespace server_same_prompt {

struct books : sesame::service<> {
  std::string read() const { return "read"; }
  using prompts = sesame::prompts<sesame::prompt<&books::read, "Reads", sesame::named<"one">>>;
};
struct films : sesame::service<> {
  std::string read() const { return "read"; }
  using prompts = sesame::prompts<sesame::prompt<&films::read, "Reads", sesame::named<"one">>>;
};
struct songs : sesame::service<> {
  std::string read() const { return "read"; }
  using prompts = sesame::prompts<sesame::prompt<&songs::read, "Reads", sesame::named<"two">>>;
};

int use() {
  const sesame::server_options options{.name = "books", .version = "1"};
#ifdef SESAME_EXPECT_ERROR
  sesame::server server{options, books{}, films{}};
#else
  sesame::server server{options, books{}, songs{}};
#endif
  server.tools_changed();
  return 0;
}

}  // namespace server_same_prompt
