// What auth/secret.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/secret.hpp"
#include "sesame/linkage.hpp"

#include <openssl/crypto.h>
#include <ostream>
#include <string>

namespace sesame::inline v0 {

SESAME_INLINE bool operator==(const secret& one, const secret& other) noexcept {
  return one.size() == other.size() &&
         CRYPTO_memcmp(one.text_.data(), other.text_.data(), one.size()) == 0;
}

SESAME_INLINE std::ostream& operator<<(std::ostream& out, const secret&) {
  return out << "***";
}

SESAME_INLINE void secret::wipe(std::string& text) noexcept {
  text.clear();
  text.resize(text.capacity());
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

}  // namespace sesame::inline v0
