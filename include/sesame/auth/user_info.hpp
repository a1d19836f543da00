// What an issuer tells of the person who calls, in the same words whoever the issuer is.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <string>

namespace sesame::inline v0 {

/// The profile of a caller; a text that the issuer did not give is empty. Which claims it is read
/// from is said by `claim_map`. A plain struct: a tool may return it.
///
/// Names, pictures and e-mail addresses change, and at some issuers their owner writes them: show
/// them, and decide nothing by them. Who somebody is, is said by `principal::issuer` and
/// `principal::subject` alone; what they may do by scopes, roles and permissions.
struct user_info {
  std::string user_id{};        ///< the caller's id in the application; never empty, never a number
  std::string email{};          ///< never a key, and no proof of anything where not verified
  bool email_verified = false;  ///< whether the issuer says that the address is the caller's
  std::string name{};           ///< for people, in full
  std::string first_name{};
  std::string last_name{};
  std::string username{};
  std::string nickname{};
  std::string picture{};  ///< a URL
  std::string tenant{};   ///< the organization that the caller belongs to, or acts for now

  friend bool operator==(const user_info&, const user_info&) = default;
};

}  // namespace sesame::inline v0
