// error: sesame: tools<...> lists tool<...> alone
// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/server.hpp"

#include <string>

namespace server_prompt_among_tools {

struct books : sesame::service<> {
  std::string find() const { return "found"; }
  using tools = sesame::tools<sesame::tool<&books::find, "Finds a book">>;
};
struct films : sesame::service<> {
  std::string find() const { return "found"; }
  using tools = sesame::tools<sesame::prompt<&films::find, "Finds a film">>;
};

int use() {
  const sesame::server_options options{.name = "books", .version = "1"};
#ifdef SESAME_EXPECT_ERROR
  sesame::server server{options, films{}};
#else
  sesame::server server{options, books{}};
#endif
  server.tools_changed();
  return 0;
}

}  // namespace server_prompt_among_tools
