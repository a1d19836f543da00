// error: sesame: this type has no JSON form
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"

namespace service_result_character {

#ifdef SESAME_EXPECT_ERROR
using letter = char;
#else
using letter = int;
#endif

void use(sesame::protocol::reply& reply) {
  sesame::detail::write_result(reply, letter{'x'});
}

}  // namespace service_result_character
