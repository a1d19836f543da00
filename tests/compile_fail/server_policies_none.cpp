// error: sesame: a server has something among its policies that is none
// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/server.hpp"

#include <string>

namespace server_policies_none {

struct books : sesame::service<> {
  std::string find() const { return "found"; }
  using tools = sesame::tools<sesame::tool<&books::find, "Finds a book">>;
};

int use() {
  const sesame::server_options options{.name = "books", .version = "1"};
#ifdef SESAME_EXPECT_ERROR
  sesame::server server{options, sesame::policies<std::string>{}, books{}};
#else
  sesame::server server{options, sesame::policies<sesame::read_only>{}, books{}};
#endif
  server.tools_changed();
  return 0;
}

}  // namespace server_policies_none
