// Callers who are known by a key that was given to them: other programs, and people while a server is
// being developed.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/principal.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/result.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace sesame::inline v0 {

/// A new key of 256 random bits, to be shown once to whoever will use it: `rec_8Yv...`. The prefix
/// tells those who find a key somewhere what it is for; it has letters, digits and `-._~` alone, or
/// `configuration_error` is thrown.
[[nodiscard]] std::string generate_api_key(std::string_view prefix = {});

/// What is kept of a key: its SHA-256 hash in hex. Nobody can come back from it to a key that was
/// generated; to one that was thought up, somebody may.
[[nodiscard]] std::string hash_api_key(std::string_view key);

/// A key, and who has it.
struct api_key {
  std::string hash;  ///< as `hash_api_key` makes it

  /// The subject is mandatory. Without `issuer` it is the provider's; without `user.user_id`, the
  /// subject; without `expires`, the key does not end.
  principal caller;
};

/// Verifies keys by their hashes. It compares with each of them, in a time that tells nothing of
/// which one was nearly right.
///
///     const sesame::api_key_provider programs{
///         {{.hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
///           .caller = {.subject = "nightly", .is_machine = true, .scopes = {"records:read"}}}}};
///
/// For development, keys may stand in the program: `.hash = sesame::hash_api_key("alice")`. They
/// are as secret as the program's text.
class api_key_provider {
 public:
  /// `issuer` tells these callers from those of others. Throws `configuration_error` for `keys` or
  /// `issuer`: no key, one twice, a hash that is none, a caller without a subject.
  explicit api_key_provider(std::vector<api_key> keys, const std::string& issuer = "api-keys");

  [[nodiscard]] result<principal, auth_failure> verify(
      std::string_view token, std::chrono::system_clock::time_point now) const;

  /// Nowhere: whoever has a key was given it.
  [[nodiscard]] std::vector<std::string> issuers() const { return {}; }

 private:
  std::vector<api_key> keys_;
};

static_assert(provider<api_key_provider>);

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/auth/impl/api_key.ipp"
#endif
