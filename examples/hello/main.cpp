#include <sesame/sesame.hpp>

struct question {
  std::string text;
  int answers = 1;
};

struct oracle : sesame::service<sesame::authenticated<sesame::jwt_provider>> {
  std::string ask(const question& q, const sesame::principal& caller) {
    return "Yes, " + caller.subject + ": " + q.text;
  }
  std::string motto() { return "Know thyself."; }

  using tools = sesame::tools<
      sesame::tool<&oracle::ask, "Asks the oracle", sesame::scopes<"oracle:ask">>,
      sesame::tool<&oracle::motto, "What is written above the door", sesame::anonymous>>;
};

int main(int argc, char** argv) {
  sesame::jwt_provider issuer{{.issuer = "https://id.example.com/",
                               .audiences = {"https://oracle.example.com/mcp"},
                               .keys = {sesame::verification_key::from_pem_file("issuer.pem")}}};
  sesame::server server{{.name = "oracle", .version = "1.0.0"}, oracle{}, issuer};
  return sesame::run(server, argc, argv);
}
