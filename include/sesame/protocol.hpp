// MCP's words: messages, content, errors, revisions, capabilities.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/protocol/caching.hpp"
#include "sesame/protocol/capabilities.hpp"
#include "sesame/protocol/content.hpp"
#include "sesame/protocol/error.hpp"
#include "sesame/protocol/icon.hpp"
#include "sesame/protocol/implementation.hpp"
#include "sesame/protocol/message.hpp"
#include "sesame/protocol/reply.hpp"
#include "sesame/protocol/revision.hpp"
#include "sesame/protocol/roots.hpp"
#include "sesame/protocol/sampling.hpp"
