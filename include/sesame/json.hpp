// How text becomes a struct, and a struct text and schema.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/base64.hpp"
#include "sesame/json/chrono.hpp"
#include "sesame/json/codec.hpp"
#include "sesame/json/constraints.hpp"
#include "sesame/json/containers.hpp"
#include "sesame/json/document.hpp"
#include "sesame/json/formats.hpp"
#include "sesame/json/members.hpp"
#include "sesame/json/objects.hpp"
#include "sesame/json/reader.hpp"
#include "sesame/json/scalars.hpp"
#include "sesame/json/schema.hpp"
#include "sesame/json/value.hpp"
#include "sesame/json/writer.hpp"
