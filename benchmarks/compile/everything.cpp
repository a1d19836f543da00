// All that a server needs, and nothing of it used.
// SPDX-License-Identifier: BSL-1.0

#include <sesame/sesame.hpp>

int main() {}
