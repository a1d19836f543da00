// What the compiler knows of a type: fields, enumerators, functions, annotations.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/meta/annotations.hpp"
#include "sesame/meta/enums.hpp"
#include "sesame/meta/fields.hpp"
#include "sesame/meta/fixed_string.hpp"
#include "sesame/meta/function.hpp"
#include "sesame/meta/types.hpp"
