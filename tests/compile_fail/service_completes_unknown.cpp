// error: sesame: completes<...> names what is no member of the struct of arguments, or one member twice
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace service_completes_unknown {

struct address {
  int page;
};
struct books : sesame::service<> {
  std::string page(const address&) const { return "page"; }
  std::string read() const { return "read"; }
  std::vector<std::string> complete(std::string_view) const { return {}; }
  std::vector<std::string> complete_nothing() const { return {}; }
};
#ifdef SESAME_EXPECT_ERROR
using entry = sesame::prompt<&books::page, "A page", sesame::completes<"line", &books::complete>>;
#else
using entry = sesame::prompt<&books::page, "A page", sesame::completes<"page", &books::complete>>;
#endif

void use() {
  using declared = sesame::detail::declaration<books, entry, sesame::meta::types<>>;
  static_assert(declared::check());
}

}  // namespace service_completes_unknown
