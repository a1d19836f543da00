// error: sesame: a priority is from 0 to 100 percent
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_priority_above_one {

struct books : sesame::service<> {
  std::string read() const { return "read"; }
};
#ifdef SESAME_EXPECT_ERROR
using entry = sesame::resource<&books::read, "docs://a", "A book", sesame::priority<101>>;
#else
using entry = sesame::resource<&books::read, "docs://a", "A book", sesame::priority<100>>;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_priority_above_one
