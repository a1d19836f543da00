// error: sesame: ui<...> of a tool names a page that no resource of this server is
// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/server.hpp"

#include <string>

namespace service_ui_without_page {

struct charts : sesame::service<> {
  std::string draw() const { return "drawn"; }
  using tools = sesame::tools<sesame::tool<&charts::draw, "-", sesame::ui<"ui://page">>>;
#ifdef SESAME_EXPECT_ERROR
  using resources = sesame::resources<sesame::resource<&charts::draw, "ui://pages", "-">>;
#else
  using resources = sesame::resources<sesame::resource<&charts::draw, "ui://page", "-">>;
#endif
};

void use() {
  sesame::server server{{.name = "charts", .version = "1"}, charts{}};
}

}  // namespace service_ui_without_page
