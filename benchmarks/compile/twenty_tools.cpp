// A server of twenty tools with eight arguments each, over HTTP and stdio.
// SPDX-License-Identifier: BSL-1.0

#include "records.hpp"
#include <sesame/sesame.hpp>
#include <utility>

namespace {

constexpr auto name_of(int n) {
  char text[] = "take_00";
  text[5] = static_cast<char>('0' + n / 10);
  text[6] = static_cast<char>('0' + n % 10);
  return sesame::fixed_string{text};
}

template <int... N>
auto made(std::integer_sequence<int, N...>) -> sesame::tools<
    sesame::tool<&records::take<N>, "Takes a record", sesame::named<name_of(N)>>...>;

struct taking {
  using tools = decltype(made(std::make_integer_sequence<int, 20>{}));
};

}  // namespace

int main(int argc, char** argv) {
  sesame::server server{{.name = "records", .version = "1.0.0"}, taking{}};
  return sesame::run(server, argc, argv);
}
