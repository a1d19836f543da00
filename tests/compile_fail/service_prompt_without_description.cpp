// error: sesame: a prompt needs a description
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_prompt_without_description {

struct books : sesame::service<> {
  std::string read() const { return "read"; }
};
#ifdef SESAME_EXPECT_ERROR
using entry = sesame::prompt<&books::read, "">;
#else
using entry = sesame::prompt<&books::read, "A book">;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_prompt_without_description
