// The version of the library. The build files read it from here.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#define SESAME_VERSION_MAJOR 0
#define SESAME_VERSION_MINOR 1
#define SESAME_VERSION_PATCH 0
#define SESAME_VERSION "0.1.0"
