// error: sesame: no provider has this name
// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/providers.hpp"

namespace auth_provider_unknown {

#ifdef SESAME_EXPECT_ERROR
using staff = sesame::table_provider<"auth1">;
#else
using staff = sesame::table_provider<"auth0">;
#endif

staff from_env() {
  return staff::from_env();
}

}  // namespace auth_provider_unknown
