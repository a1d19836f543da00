// Twenty tools, each with a struct of eight members of its own.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace records {

enum class kind { one, two, three };

template <int>
struct record {
  std::string name;
  std::string address;
  int count = 0;
  double price = 0;
  bool urgent = false;
  std::vector<std::string> tags;
  std::optional<int> limit;
  std::optional<std::string> note;
};

template <int N>
std::string take(const record<N>& given) {
  return given.name + ' ' + std::to_string(given.count + N);
}

}  // namespace records
