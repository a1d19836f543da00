// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/algorithm.hpp"

#include <doctest/doctest.h>
#include <string_view>

using namespace sesame;

TEST_CASE("the table of algorithms is in the order of the enumeration") {
  for (const auto& row : auth::algorithms) {
    CHECK(&auth::facts(row.algorithm) == &row);
    CHECK(auth::find_algorithm(row.name) == row.algorithm);
    if (row.digest != nullptr)
      CHECK(EVP_MD_get_size(row.digest()) == static_cast<int>(row.digest_size));
  }
}

TEST_CASE("names of algorithms are compared exactly, and none is no algorithm") {
  for (const std::string_view name : {"none", "None", "nOnE", "NONE", "", "rs256", "RS256 ", "RS1",
                                      "ES256K", "HS1", "A128KW", "dir"})
    CHECK_FALSE(auth::find_algorithm(name));
  CHECK_FALSE(auth::find_algorithm(std::string_view("RS256\0", 6)));
}

TEST_CASE("curves are found by kind of key and by name") {
  CHECK(auth::find_curve("P-256")->key == key_kind::p256);
  CHECK(auth::find_curve(key_kind::p521)->coordinate_size == 66);
  CHECK(auth::find_curve("secp256k1") == nullptr);
  CHECK(auth::find_curve(key_kind::rsa) == nullptr);
}
