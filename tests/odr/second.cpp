// The other of the two units; see first.cpp.
// SPDX-License-Identifier: BSL-1.0

#include "every_header.hpp"

const char* version_of_the_second_unit() {
  return SESAME_VERSION;
}
