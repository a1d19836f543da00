// How proofs of possession are checked (RFC 9449); auth/dpop.hpp does it.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"

#include <chrono>
#include <cstddef>
#include <vector>

namespace sesame::inline v0 {

/// How proofs are checked.
struct dpop_settings {
  /// Whether callers without a bound token are refused (`dpop_bound_access_tokens_required`).
  bool required = false;
  /// Those that a proof may be signed with; none with a shared secret.
  std::vector<jws_algorithm> algorithms{jws_algorithm::es256, jws_algorithm::eddsa,
                                        jws_algorithm::ps256, jws_algorithm::rs256};
  std::chrono::seconds max_age{60};  ///< how old a proof may be
  std::chrono::seconds leeway{30};   ///< by how much the clocks may differ
  /// The most proofs that are remembered, so that none is taken twice; each is for `max_age` and
  /// `leeway`, twice over at most. Where there are more, callers are told to come later.
  std::size_t max_proofs = std::size_t{1} << 20;
};

}  // namespace sesame::inline v0
