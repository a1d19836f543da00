// The smallest picture and the smallest sound.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <sesame/json/base64.hpp>
#include <string>

namespace media {

inline std::string png() {
  return *sesame::json::from_base64(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJg"
      "gg==");
}

inline std::string wav() {
  return *sesame::json::from_base64("UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=");
}

}  // namespace media
