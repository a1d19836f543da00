// Forms as programs send them: application/x-www-form-urlencoded (RFC 6749, appendix B).
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/net/url.hpp"

#include <string>
#include <string_view>

namespace sesame::inline v0::net {

inline constexpr std::string_view form_media_type = "application/x-www-form-urlencoded";

/// Appends a field to a form. A space becomes "%20", which every reader of forms takes for one.
inline void append_form_field(std::string& form, std::string_view name, std::string_view value) {
  if (!form.empty()) form += '&';
  append_percent_encoded(form, name);
  form += '=';
  append_percent_encoded(form, value);
}

}  // namespace sesame::inline v0::net
