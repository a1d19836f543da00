// error: sesame: a tool whose call may be a task is a coroutine; let its function return a sesame::task<...>
// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/server.hpp"

#include <string>

namespace service_task_not_a_coroutine {

struct lab : sesame::service<> {
#ifdef SESAME_EXPECT_ERROR
  std::string analyse() const { return "done"; }
#else
  sesame::task<std::string> analyse() const { co_return "done"; }
#endif
  using tools = sesame::tools<sesame::tool<&lab::analyse, "Analyses", sesame::optional_task>>;
};

void use() {
  sesame::server server{{.name = "lab", .version = "1"}, lab{}};
}

}  // namespace service_task_not_a_coroutine
