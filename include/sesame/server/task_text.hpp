// What a client is told of a task, as JSON text.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/protocol/revision.hpp"
#include "sesame/server/options.hpp"
#include "sesame/server/task_table.hpp"

#include <string>

namespace sesame::inline v0::detail {

// The members of a `Task`, which the two forms name differently.
std::string task_members(const background_task& task, const background_task::view& seen,
                         const server_options& options, const protocol::revision& wire);

// What the extension tells of a task beside: the open questions, or how it ended.
std::string task_details(const background_task& task, const background_task::view& seen,
                         const server_options& options, const protocol::revision& wire);

// The outcome that a finished reply stands for.
task_outcome outcome_of(const std::string& reply);

}  // namespace sesame::inline v0::detail

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/server/impl/task_text.ipp"
#endif
