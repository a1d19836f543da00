// Key sets, as an issuer might publish them.
// SPDX-License-Identifier: BSL-1.0

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/jwk.hpp"
#include "sesame/auth/signature.hpp"

#include "fuzz.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <openssl/err.h>
#include <openssl/evp.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fuzz::demand;
  const auto keys = sesame::read_jwk_set(fuzz::text_of(data, size));
  demand(ERR_peek_error() == 0, "OpenSSL's queue of errors is as it was");
  if (!keys) {
    demand(!keys.error().message.empty(), "a refusal says why");
    return 0;
  }
  demand(keys->size() <= 100, "a set has no more keys than it may");
  for (const auto& key : *keys) {
    demand(key.kind() != sesame::key_kind::hmac && key.shared_secret() == nullptr,
           "no shared secret comes from a set");
    demand(key.native() != nullptr && key.thumbprint().size() == 43, "a key has its name");
    demand(key.kind() != sesame::key_kind::rsa || EVP_PKEY_get_bits(key.native()) >= 2048,
           "an RSA key is long enough");
    const auto allowed = std::ranges::count_if(
        sesame::auth::algorithms, [&](const auto& row) { return key.allows(row.algorithm); });
    demand(allowed >= 1 && allowed <= (key.kind() == sesame::key_kind::rsa ? 6 : 1),
           "a key serves its own algorithms");
    for (const auto& row : sesame::auth::algorithms)
      demand(!sesame::auth::verify_signature(key, row.algorithm, "text", "no signature"),
             "a key takes no text for a signature");
  }
  demand(ERR_peek_error() == 0, "OpenSSL's queue of errors is as it was");
  return 0;
}
