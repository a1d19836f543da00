// What a user's first program is, for each way of getting at the library.
// SPDX-License-Identifier: BSL-1.0

#include <iostream>
#include <sesame/sesame.hpp>
#include <string>

struct greeting {
  std::string name;
};

struct greeter : sesame::service<> {
  std::string greet(const greeting& whom) { return "Hello, " + whom.name; }

  using tools = sesame::tools<sesame::tool<&greeter::greet, "Greets somebody">>;
};

int main() {
  const sesame::server server{{.name = "greeter", .version = SESAME_VERSION}, greeter{}};
  std::cout << "sesame " << SESAME_VERSION << '\n';
}
