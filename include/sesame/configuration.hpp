// What is thrown when a server cannot start as it was told to.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace sesame::inline v0 {

/// A setting is missing or wrong. Thrown only before a server serves; nothing has started then.
class configuration_error : public std::invalid_argument {
 public:
  /// `setting` is the name the user knows it by (`"issuer"`, `"AUTH0_DOMAIN"`), `problem` a
  /// sentence that says what is wrong and what to do. Neither may hold a secret.
  configuration_error(std::string setting, std::string_view problem)
      : std::invalid_argument(setting + ": " + std::string(problem)),
        setting_(std::move(setting)) {}

  [[nodiscard]] const std::string& setting() const noexcept { return setting_; }

 private:
  std::string setting_;
};

}  // namespace sesame::inline v0
