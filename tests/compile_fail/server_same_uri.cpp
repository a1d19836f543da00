// error: sesame: two resources of this server have the same URI
// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/server.hpp"

#include <string>

namespace server_same_uri {

struct books : sesame::service<> {
  std::string read() const { return "read"; }
  using resources = sesame::resources<sesame::resource<&books::read, "docs://one", "Reads">>;
};
struct films : sesame::service<> {
  std::string read() const { return "read"; }
  using resources = sesame::resources<sesame::resource<&films::read, "docs://one", "Reads">>;
};
struct songs : sesame::service<> {
  std::string read() const { return "read"; }
  using resources = sesame::resources<sesame::resource<&songs::read, "docs://two", "Reads">>;
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

}  // namespace server_same_uri
