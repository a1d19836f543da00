// error: sesame: a server is made of services, providers and policies<...>
// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/server.hpp"

#include <string>

namespace server_part_unknown {

struct books : sesame::service<> {
  std::string find() const { return "found"; }
  using tools = sesame::tools<sesame::tool<&books::find, "Finds a book">>;
};

int use() {
  const sesame::server_options options{.name = "books", .version = "1"};
#ifdef SESAME_EXPECT_ERROR
  sesame::server server{options, books{}, std::string{}};
#else
  sesame::server server{options, books{}};
#endif
  server.tools_changed();
  return 0;
}

}  // namespace server_part_unknown
