// What a user declares: services, their tools, resources and prompts, policies, and what functions
// may do while they run.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/service/auth_error.hpp"
#include "sesame/service/completion.hpp"
#include "sesame/service/context.hpp"
#include "sesame/service/directory.hpp"
#include "sesame/service/elicited.hpp"
#include "sesame/service/guards.hpp"
#include "sesame/service/invocation.hpp"
#include "sesame/service/mcp_header.hpp"
#include "sesame/service/metadata.hpp"
#include "sesame/service/policies.hpp"
#include "sesame/service/primitive.hpp"
#include "sesame/service/prompt.hpp"
#include "sesame/service/prompt_result.hpp"
#include "sesame/service/questions.hpp"
#include "sesame/service/resource.hpp"
#include "sesame/service/resource_result.hpp"
#include "sesame/service/tool.hpp"
#include "sesame/service/tool_error.hpp"
#include "sesame/service/tool_result.hpp"
