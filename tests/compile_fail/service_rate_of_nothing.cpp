// error: sesame: rate_limit<Calls, Seconds> allows at least one call in at least one second
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_rate_of_nothing {

#ifdef SESAME_EXPECT_ERROR
using rate = sesame::rate_limit<0>;
#else
using rate = sesame::rate_limit<1>;
#endif

struct lab : sesame::service<> {
  std::string analyse() const { return "done"; }
  using tools = sesame::tools<sesame::tool<&lab::analyse, "Analyses", rate>>;
};

static_assert(sesame::detail::declaration<lab, sesame::tool<&lab::analyse, "Analyses", rate>,
                                          sesame::meta::types<>>::check());

}  // namespace service_rate_of_nothing
