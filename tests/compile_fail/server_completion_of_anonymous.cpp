// error: sesame: this function takes a principal but is not authenticated
// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/server.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace server_completion_of_anonymous {

struct address {
  int page;
};
struct books : sesame::service<> {
  std::string page(const address&) const { return "page"; }
  std::vector<std::string> any(std::string_view) const { return {}; }
  using prompts = sesame::prompts<
      sesame::prompt<&books::page, "A page", sesame::completes<"page", &books::any>>>;
};
struct films : sesame::service<> {
  std::string page(const address&) const { return "page"; }
  std::vector<std::string> own(std::string_view, const sesame::principal&) const { return {}; }
  using prompts = sesame::prompts<
      sesame::prompt<&films::page, "A page", sesame::completes<"page", &films::own>>>;
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

}  // namespace server_completion_of_anonymous
