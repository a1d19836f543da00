// error: sesame: a claim is read into a type that owns it
// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/principal.hpp"

#include <string>
#include <string_view>

namespace auth_claim_as_view {

#ifdef SESAME_EXPECT_ERROR
using plan = std::string_view;
#else
using plan = std::string;
#endif

bool is_pro(const sesame::principal& caller) {
  return caller.claim<plan>("plan") == "pro";
}

}  // namespace auth_claim_as_view
