// error: sesame: two tools of this server have the same name
// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/server.hpp"

#include <string>

namespace server_same_name {

struct books : sesame::service<> {
  std::string find() const { return "found"; }
  using tools = sesame::tools<sesame::tool<&books::find, "Finds a book">>;
};
struct films : sesame::service<> {
  std::string find() const { return "found"; }
  using tools = sesame::tools<sesame::tool<&films::find, "Finds a film">>;
};
struct songs : sesame::service<> {
  std::string find() const { return "found"; }
  using tools =
      sesame::tools<sesame::tool<&songs::find, "Finds a song", sesame::named<"find_song">>>;
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

}  // namespace server_same_name
