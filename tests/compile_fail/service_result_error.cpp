// error: sesame: the error of a result needs a member `message`, or to be a text
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"

#include <string>

namespace service_result_error {

struct fault {
#ifdef SESAME_EXPECT_ERROR
  int code;
#else
  std::string message;
#endif
};

int use() {
  return sesame::detail::error_text(fault{}).empty() ? 0 : 1;
}

}  // namespace service_result_error
