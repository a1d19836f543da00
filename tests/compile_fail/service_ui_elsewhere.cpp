// error: sesame: the URI of a page begins with ui://
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_ui_elsewhere {

struct charts : sesame::service<> {
  std::string draw() const { return "drawn"; }
};
#ifdef SESAME_EXPECT_ERROR
using entry = sesame::tool<&charts::draw, "A chart", sesame::ui<"https://page">>;
#else
using entry = sesame::tool<&charts::draw, "A chart", sesame::ui<"ui://page">>;
#endif

void use() {
  using declared = sesame::detail::declaration<charts, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_ui_elsewhere
