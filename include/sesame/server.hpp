// How one request is answered: eras, dispatch, sessions, questions to the user.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/server/engine.hpp"
#include "sesame/server/server.hpp"
