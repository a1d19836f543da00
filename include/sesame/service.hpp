// What a user declares: services, tools, their policies, and what tools may do while they run.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/service/context.hpp"
#include "sesame/service/elicited.hpp"
#include "sesame/service/entry.hpp"
#include "sesame/service/mcp_header.hpp"
#include "sesame/service/policies.hpp"
#include "sesame/service/questions.hpp"
#include "sesame/service/task.hpp"
#include "sesame/service/tool.hpp"
#include "sesame/service/tool_result.hpp"
