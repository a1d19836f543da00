// How MCP rides on HTTP, on stdio, and within one program.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/transport/channel.hpp"
#include "sesame/transport/http.hpp"
#include "sesame/transport/http_transport_options.hpp"
#include "sesame/transport/memory.hpp"
#include "sesame/transport/run.hpp"
#include "sesame/transport/stdio.hpp"
#include "sesame/transport/stdio_options.hpp"
#include "sesame/transport/well_known.hpp"
