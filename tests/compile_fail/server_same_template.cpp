// error: sesame: two resource templates of this server are the same
// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/server.hpp"

#include <string>

namespace server_same_template {

struct address {
  int id;
};
struct books : sesame::service<> {
  std::string read(const address&) const { return "read"; }
  using resources =
      sesame::resources<sesame::resource_template<&books::read, "docs://one/{id}", "Reads">>;
};
struct films : sesame::service<> {
  std::string read(const address&) const { return "read"; }
  using resources =
      sesame::resources<sesame::resource_template<&films::read, "docs://one/{id}", "Reads">>;
};
struct songs : sesame::service<> {
  std::string read(const address&) const { return "read"; }
  using resources =
      sesame::resources<sesame::resource_template<&songs::read, "docs://two/{id}", "Reads">>;
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

}  // namespace server_same_template
