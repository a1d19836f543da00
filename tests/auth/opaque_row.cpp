// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/opaque_row.hpp"

#include "sesame/net/url.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>

namespace opaque_row_test {

using namespace sesame;

TEST_CASE("every row can be asked, over HTTPS, and says where the answers are") {
  CHECK(std::ranges::is_sorted(opaque_rows, {}, &opaque_row::name));
  for (const auto& row : opaque_rows) {
    CAPTURE(std::string{row.name});
    CHECK(opaque_rows[opaque_place(row.name)].name == row.name);
    CHECK(row.issuer.starts_with("https://"));
    CHECK(row.api.starts_with("https://"));
    CHECK_FALSE(row.api.ends_with('/'));
    CHECK(row.profile.path.starts_with('/'));
    CHECK_FALSE(row.profile_subject.empty());
    // Nobody else may ask for a profile, and no token stands in a URL.
    CHECK(row.profile.place == token_place::bearer);
    CHECK(row.token.path.empty() == row.audience.empty());
    CHECK(row.token.path.empty() == row.subject.empty());
    CHECK((row.token.path.empty() || row.token.path.starts_with('/')));
  }
  CHECK(opaque_place("nobody") == opaque_rows.size());
}

}  // namespace opaque_row_test
