// error: sesame: no issuer of opaque tokens has this name; opaque_rows lists those there are
// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/opaque_provider.hpp"

#include <utility>

namespace auth_opaque_provider_unknown {

#ifdef SESAME_EXPECT_ERROR
sesame::opaque_provider<"githup"> made(sesame::opaque_settings settings) {
  return sesame::opaque_provider<"githup">{std::move(settings)};
}
#else
sesame::opaque_provider<"github"> made(sesame::opaque_settings settings) {
  return sesame::opaque_provider<"github">{std::move(settings)};
}
#endif

}  // namespace auth_opaque_provider_unknown
