// error: sesame: the error of a result needs a member `message`, or to be a text
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"

#include <string>

struct fault {
#ifdef SESAME_EXPECT_ERROR
  int code;
#else
  std::string message;
#endif
};

int main() {
  return sesame::detail::error_text(fault{}).empty() ? 0 : 1;
}
