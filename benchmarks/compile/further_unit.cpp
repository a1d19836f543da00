// A further source of a server: a service, and no more than it needs.
// SPDX-License-Identifier: BSL-1.0

#include "records.hpp"
#include <sesame/service.hpp>

struct more {
  std::string take(const records::record<0>& given, const sesame::principal& caller);
  using tools = sesame::tools<sesame::tool<&more::take, "Takes one more">>;
};

std::string more::take(const records::record<0>& given, const sesame::principal& caller) {
  return caller.subject + ' ' + records::take(given);
}
