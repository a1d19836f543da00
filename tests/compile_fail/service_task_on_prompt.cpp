// error: sesame: only the call of a tool can be a task
// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/server.hpp"

#include <string>

namespace service_task_on_prompt {

#ifdef SESAME_EXPECT_ERROR
#  define POLICIES , sesame::optional_task
#else
#  define POLICIES
#endif

struct lab : sesame::service<> {
  sesame::task<std::string> analyse() const { co_return "done"; }
  using prompts = sesame::prompts<sesame::prompt<&lab::analyse, "Analyses" POLICIES>>;
};

void use() {
  sesame::server server{{.name = "lab", .version = "1"}, lab{}};
}

}  // namespace service_task_on_prompt
