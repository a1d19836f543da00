// error: the_provider_has_no_such_setting
// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/providers.hpp"

namespace auth_provider_setting_unknown {

#ifdef SESAME_EXPECT_ERROR
constexpr auto name = "projectId";
#else
constexpr auto name = "project_id";
#endif

sesame::firebase staff() {
  return sesame::firebase{{name, "records"}};
}

}  // namespace auth_provider_setting_unknown
