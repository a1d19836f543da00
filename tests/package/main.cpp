// What a user's first program is, for each way of getting at the library.
// SPDX-License-Identifier: BSL-1.0

#include <iostream>
#include <sesame/json/document.hpp>
#include <sesame/version.hpp>
#include <string_view>

int main() {
  sesame::json::document document;
  const auto root = document.parse(R"({"works": true})");
  if (!root) return 1;
  bool works = false;
  if ((*root)["works"].get(works) != simdjson::SUCCESS || !works) return 1;
  std::cout << "sesame " << SESAME_VERSION << '\n';
  return 0;
}
