// error: sesame: a tool has one of optional_task and required_task, not both
// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/server.hpp"

#include <string>

namespace service_task_twice {

#ifdef SESAME_EXPECT_ERROR
#  define TASKS sesame::optional_task, sesame::required_task
#else
#  define TASKS sesame::required_task
#endif

struct lab : sesame::service<> {
  sesame::task<std::string> analyse() const { co_return "done"; }
  using tools = sesame::tools<sesame::tool<&lab::analyse, "Analyses", TASKS>>;
};

void use() {
  sesame::server server{{.name = "lab", .version = "1"}, lab{}};
}

}  // namespace service_task_twice
