// error: sesame: a list of policies has one rate_limit
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service.hpp"
#include "sesame/service/declaration.hpp"

#include <string>

namespace service_rate_twice {

#ifdef SESAME_EXPECT_ERROR
#  define RATES sesame::rate_limit<1>, sesame::rate_limit<10, 60>
#else
#  define RATES sesame::rate_limit<10, 60>
#endif

struct lab : sesame::service<> {
  std::string analyse() const { return "done"; }
  using tools = sesame::tools<sesame::tool<&lab::analyse, "Analyses", RATES>>;
};

static_assert(sesame::detail::declaration<lab, sesame::tool<&lab::analyse, "Analyses", RATES>,
                                          sesame::meta::types<>>::check());

#undef RATES

}  // namespace service_rate_twice
