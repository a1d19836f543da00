// Who a peer says it is.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/document.hpp"
#include "sesame/json/writer.hpp"
#include "sesame/protocol/icon.hpp"
#include "sesame/protocol/revision.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sesame::inline v0 {

/// A client's or server's name for itself (`Implementation` of the specification). What a client
/// says here is a claim: nothing may be decided by it.
struct implementation {
  std::string name;
  std::string version;
  std::string title{};        ///< for people; empty for none
  std::string description{};  ///< empty for none
  std::string website_url{};  ///< empty for none
  std::vector<icon> icons{};  ///< not read of a client
};

namespace protocol {

/// Writes the object, with the members that the revision knows.
void write(const implementation& who, const revision& wire, json::writer& out);

/// What a client says of itself; nothing where that is no object with a name.
[[nodiscard]] std::optional<implementation> read_implementation(json::value v);

}  // namespace protocol
}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/protocol/impl/implementation.ipp"
#endif
