// What auth/dpop.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/auth/algorithm.hpp"
#include "sesame/auth/claims.hpp"
#include "sesame/auth/crypto.hpp"
#include "sesame/auth/dpop.hpp"
#include "sesame/auth/jwk.hpp"
#include "sesame/auth/jwt.hpp"
#include "sesame/auth/provider.hpp"
#include "sesame/auth/signature.hpp"
#include "sesame/configuration.hpp"
#include "sesame/json/base64.hpp"
#include "sesame/json/document.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/url.hpp"
#include "sesame/result.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace sesame::inline v0::auth {

// The proofs of the last while, in two halves: when the younger one has lasted as long as a proof can
// be good, the older one is forgotten. What is kept of a proof is half of a hash.
class dpop_verifier::memory {
 public:
  using time_point = std::chrono::system_clock::time_point;
  enum class answer : std::uint8_t { fresh, seen, full };

  memory(std::chrono::seconds good_for, std::size_t most) : good_for_(good_for), most_(most) {}

  answer take(std::string_view proof, time_point now) {
    const auto mark = sha256(proof).substr(0, 16);
    const std::lock_guard lock(mutex_);
    // A clock that was set back forgets nothing.
    if (now - since_ > 2 * good_for_) old_.clear();
    if (now - since_ > good_for_) {
      if (now - since_ <= 2 * good_for_) old_ = std::move(young_);
      young_.clear();
      since_ = now;
    }
    if (old_.contains(mark) || young_.contains(mark)) return answer::seen;
    if (old_.size() + young_.size() >= most_) return answer::full;
    young_.insert(mark);
    return answer::fresh;
  }

 private:
  std::chrono::seconds good_for_;
  std::size_t most_;
  std::mutex mutex_;
  time_point since_{};
  std::unordered_set<std::string> young_, old_;
};

namespace detail {

inline failure<auth_failure> bad_proof(std::string why) {
  return refuse(auth_error::invalid_dpop_proof, std::move(why));
}

/// Whether two URLs are one, but for query and fragment (RFC 9449, section 4.3, step 9).
SESAME_INLINE bool is_same_place(std::string_view one, std::string_view other) {
  auto a = net::url::parse(one.substr(0, one.find('#')));
  auto b = net::url::parse(other.substr(0, other.find('#')));
  return a && b && a->scheme == b->scheme && a->host == b->host &&
         a->effective_port() == b->effective_port() && a->path == b->path;
}

/// The public key in a proof's header.
SESAME_INLINE result<verification_key, auth_failure> read_proof_key(std::string_view header) {
  json::document document;
  const auto members = parse_object(document, header, "header");
  const auto jwk = members ? json::find(*members, "jwk") : std::nullopt;
  const auto parts = jwk ? json::as_object(*jwk) : std::nullopt;
  if (!parts) return bad_proof("the proof has no jwk");
  for (const std::string_view secret : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
    if (json::find(*parts, secret)) return bad_proof("the proof has a private key");
  auto key = verification_key::read_jwk(*jwk);
  if (!key) return bad_proof(key.error().message);
  return *std::move(key);
}

}  // namespace detail

SESAME_INLINE dpop_verifier::dpop_verifier(dpop_settings settings)
    : settings_(std::move(settings)),
      seen_(std::make_shared<memory>(settings_.max_age + 2 * settings_.leeway,
                                     settings_.max_proofs)) {
  if (settings_.algorithms.empty())
    throw configuration_error("algorithms", "a proof has to be signed with one of them");
  for (const auto algorithm : settings_.algorithms) {
    if (facts(algorithm).key == key_kind::hmac)
      throw configuration_error("algorithms", "a proof is signed with a private key");
    if (!algorithms_.empty()) algorithms_ += ' ';
    algorithms_ += facts(algorithm).name;
  }
  const auto sensible = [](std::chrono::seconds time, const char* setting) {
    if (time.count() < 0 || time > std::chrono::minutes{10})
      throw configuration_error(setting, "must be between 0 and 10 minutes");
  };
  sensible(settings_.max_age, "max_age");
  sensible(settings_.leeway, "leeway");
  if (settings_.max_proofs == 0) throw configuration_error("max_proofs", "must be at least 1");
}

SESAME_INLINE result<std::string, auth_failure> dpop_verifier::verify(
    std::string_view proof, const dpop_request& request,
    std::chrono::system_clock::time_point now) {
  const auto parsed = parse_jws(proof);
  if (!parsed) return detail::bad_proof("the proof: " + parsed.error().detail);
  static const std::vector<std::string> type{"dpop+jwt"};
  if (auto done = check_type(parsed->type, type); !done)
    return detail::bad_proof(done.error().detail);
  if (std::ranges::find(settings_.algorithms, parsed->algorithm) == settings_.algorithms.end())
    return detail::bad_proof("the proof's algorithm is not accepted");
  const auto key = detail::read_proof_key(parsed->header);
  if (!key) return failure{key.error()};

  json::document document;
  const auto claims = detail::parse_object(document, parsed->payload, "payload");
  if (!claims) return detail::bad_proof(claims.error().detail);
  const auto text = [&](std::string_view name) {
    return json::find_string(*claims, name).value_or(std::string_view{});
  };
  const auto jti = text("jti");
  if (jti.empty()) return detail::bad_proof("the proof has no jti");
  if (text("htm") != request.method) return detail::bad_proof("the proof is for another method");
  if (!detail::is_same_place(text("htu"), request.url))
    return detail::bad_proof("the proof is for " + detail::quoted(text("htu")));
  if (!constant_time_equal(text("ath"), json::to_base64url(sha256(request.token))))
    return detail::bad_proof("the proof is for another token");
  const auto issued = json::find(*claims, "iat");
  const auto made = issued ? detail::as_time(*issued) : std::nullopt;
  if (!made) return detail::bad_proof("the proof has no sensible iat");
  if (*made > now + settings_.leeway || *made < now - settings_.max_age - settings_.leeway)
    return detail::bad_proof("the proof is too old, or of a time to come");

  const verification_key* const keys[] = {&*key};
  if (!key->allows(parsed->algorithm) || !verify_signature(*parsed, keys))
    return detail::bad_proof("the proof's signature is wrong");
  // Only what its key has signed is remembered, so nobody can use up another's.
  auto thumbprint = key->thumbprint();
  switch (seen_->take(thumbprint + ' ' + std::string{jti}, now)) {
    case memory::answer::seen:
      return detail::bad_proof("the proof was presented before");
    case memory::answer::full:
      return detail::refuse(auth_error::unavailable, "no more proofs can be remembered");
    case memory::answer::fresh:
      break;
  }
  return thumbprint;
}

}  // namespace sesame::inline v0::auth
