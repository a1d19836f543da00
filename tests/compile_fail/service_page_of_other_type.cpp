// error: sesame: a resource under ui:// is text/html;profile=mcp-app
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_page_of_other_type {

struct charts : sesame::service<> {
  std::string draw() const { return "drawn"; }
};
#ifdef SESAME_EXPECT_ERROR
using entry =
    sesame::resource<&charts::draw, "ui://page", "A chart", sesame::mime_type<"text/html">>;
#else
using entry = sesame::resource<&charts::draw, "ui://page", "A chart">;
#endif

void use() {
  using declared = sesame::detail::declaration<charts, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_page_of_other_type
