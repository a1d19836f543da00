// error: sesame: an elicitation form asks for a secret; passwords, keys and tokens must not go through the client, use URL mode
// SPDX-License-Identifier: BSL-1.0

#include "sesame/server/server.hpp"

#include <string>

namespace service_question_of_secret {

struct login {
#ifdef SESAME_EXPECT_ERROR
  std::string password;
#else
  std::string nickname;
#endif
};

struct lab : sesame::service<> {
  sesame::task<std::string> enter(sesame::context& call) const {
    const auto given = co_await call.elicit<login>("Who are you?");
    co_return given ? "in" : "out";
  }
  using tools = sesame::tools<sesame::tool<&lab::enter, "Lets somebody in">>;
};

void use() {
  sesame::server server{{.name = "lab", .version = "1"}, lab{}};
}

}  // namespace service_question_of_secret
