// Runs a fuzzer over the files of a folder, with any compiler: so the seeds, and every input that
// once broke something, are tests.
//
//     seeds_jwt fuzz/seeds/jwt
// SPDX-License-Identifier: BSL-1.0

#include "fuzz.hpp"
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

int main(int argc, char** argv) {
  std::size_t count = 0;
  for (int i = 1; i < argc; ++i)
    for (const auto& file : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream in(file.path(), std::ios::binary);
      const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
      // Of exactly that size, so that the address sanitizer sees a byte read too far.
      const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
      std::printf("%s\n", file.path().filename().c_str());
      std::fflush(stdout);
      LLVMFuzzerTestOneInput(exact.data(), exact.size());
      ++count;
    }
  std::printf("%zu inputs\n", count);
  return count == 0 ? 1 : 0;
}
