// What the files of this room share of OpenSSL: ownership, and a clean error queue.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <memory>
#include <openssl/err.h>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sesame::inline v0::auth::detail {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* owned) const noexcept {
    Free(owned);
  }
};

/// Owns an OpenSSL object: `handle<BIGNUM, BN_free>`.
template <class T, auto Free>
using handle = std::unique_ptr<T, freed_by<Free>>;

/// Takes back whatever errors OpenSSL queues during its life. A refused signature must not be read
/// later as the failure of a TLS connection that happens to share the thread.
class quiet_errors {
 public:
  quiet_errors() { ERR_set_mark(); }
  ~quiet_errors() { ERR_pop_to_mark(); }
  quiet_errors(const quiet_errors&) = delete;
  quiet_errors& operator=(const quiet_errors&) = delete;
};

/// OpenSSL could not do what never fails on a healthy machine (no entropy, no memory).
[[noreturn]] inline void openssl_failed(std::string_view doing) {
  throw std::runtime_error("OpenSSL failed at " + std::string(doing));
}

inline void require(bool succeeded, std::string_view doing) {
  if (!succeeded) openssl_failed(doing);
}

inline const unsigned char* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const unsigned char*>(text.data());
}

inline unsigned char* bytes_of(std::string& text) noexcept {
  return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace sesame::inline v0::auth::detail
