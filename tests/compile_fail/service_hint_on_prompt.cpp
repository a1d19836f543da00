// error: sesame: read_only, destructive and the like are hints on tools alone
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_hint_on_prompt {

struct books : sesame::service<> {
  std::string read() const { return "read"; }
};
#ifdef SESAME_EXPECT_ERROR
using entry = sesame::prompt<&books::read, "A book", sesame::read_only>;
#else
using entry = sesame::prompt<&books::read, "A book">;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_hint_on_prompt
