// error: sesame: ui<...> names the page of a tool
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_ui_on_resource {

struct charts : sesame::service<> {
  std::string draw() const { return "drawn"; }
};
#ifdef SESAME_EXPECT_ERROR
using entry = sesame::resource<&charts::draw, "docs://a", "A chart", sesame::ui<"ui://page">>;
#else
using entry = sesame::tool<&charts::draw, "A chart", sesame::ui<"ui://page">>;
#endif

void use() {
  using declared = sesame::detail::declaration<charts, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_ui_on_resource
