// error: sesame: authenticated<Provider> names a provider that the server was not given
// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/server.hpp"

#include <string>

namespace server_provider_of_base {

// Knows nobody.
struct doorman {
  sesame::result<sesame::principal, sesame::auth_failure> verify(
      std::string_view, std::chrono::system_clock::time_point) const {
    return sesame::failure{sesame::auth_failure{sesame::auth_error::invalid_token, "nobody"}};
  }
  std::vector<std::string> issuers() const { return {}; }
};
struct other_doorman : doorman {};
struct books : sesame::service<sesame::authenticated<doorman>> {
  std::string find() const { return "found"; }
  using tools = sesame::tools<sesame::tool<&books::find, "Finds a book">>;
};

int use() {
  const sesame::server_options options{.name = "books", .version = "1"};
#ifdef SESAME_EXPECT_ERROR
  sesame::server server{options, books{}, other_doorman{}};
#else
  sesame::server server{options, books{}, doorman{}};
#endif
  server.tools_changed();
  return 0;
}

}  // namespace server_provider_of_base
