// Two units that include every header, in one program: what is defined in a header and not inline
// does not link. Also the unit through which clang-tidy sees every header.
// SPDX-License-Identifier: BSL-1.0

#include "every_header.hpp"
#include <sesame/fwd.hpp>
#include <string_view>

const char* version_of_the_second_unit();

int main() {
  return SESAME_VERSION == std::string_view(version_of_the_second_unit()) ? 0 : 1;
}
