// Everything that is no template, for all the tests.
// SPDX-License-Identifier: BSL-1.0

#include <sesame/src.hpp>
