// error: sesame: named, title, elicitation, completes, with_meta, ui and resource_size belong to one tool
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"

#include "sesame/service/declaration.hpp"

#include <string>

namespace service_named_service {

#ifdef SESAME_EXPECT_ERROR
struct books : sesame::service<sesame::named<"books">> {
#else
struct books : sesame::service<sesame::read_only> {
#endif
  std::string find() const { return "found"; }
};
using entry = sesame::tool<&books::find, "Finds a book">;

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_named_service
