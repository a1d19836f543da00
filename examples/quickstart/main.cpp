// A server with typed tools whose callers are known. scripts/demo builds, starts and calls it.
// SPDX-License-Identifier: BSL-1.0

#include <cstdio>
#include <sesame/auth/development_provider.hpp>
#include <sesame/sesame.hpp>
#include <string>

// What a tool takes is a plain struct. What is said about its members stands beside them.
struct record_query {
  std::string id;
  int history = 10;  // not required: its default shows

  using annotations = sesame::annotations<
      sesame::field<&record_query::id, "Record to fetch", sesame::min_length<1>>,
      sesame::field<&record_query::history, "How many past versions", sesame::between<0, 100>>>;
};

struct record {
  std::string id;
  std::string owner;
  std::string body;
};

enum class plan { monthly, yearly };

// What a user is asked. No secrets, no nesting: the compiler sees to it.
struct upgrade {
  plan period;
  bool accept_terms;

  using annotations =
      sesame::annotations<sesame::field<&upgrade::period, "How you would like to pay",
                                        sesame::titles<"Every month", "Once a year">>,
                          sesame::field<&upgrade::accept_terms, "I accept the terms">>;
};

// Every tool of this service needs a token of our issuer, unless it says otherwise.
struct records : sesame::service<sesame::authenticated<sesame::development_provider>> {
  record fetch(const record_query& query, const sesame::principal& caller) const {
    if (query.id != "r-1") throw sesame::tool_error("there is no record " + query.id);
    return {query.id, caller.subject, "The first record"};
  }

  std::string subscribe(const sesame::elicited<upgrade>& form) const {
    if (!form.accepted()) return "No change then.";
    if (!form->accept_terms) throw sesame::tool_error("the terms have to be accepted");
    return form->period == plan::yearly ? "Subscribed for a year" : "Subscribed for a month";
  }

  std::string status() const { return "up"; }

  using tools = sesame::tools<
      sesame::tool<&records::fetch, "Fetch one of your records", sesame::scopes<"records:read">,
                   sesame::read_only>,
      sesame::tool<&records::subscribe, "Upgrade your plan", sesame::elicitation<upgrade>>,
      sesame::tool<&records::status, "Is the service up?", sesame::anonymous, sesame::read_only>>;
};

int main(int argc, char** argv) {
  // In place of an identity provider: keys that are made anew at each start. With it the program
  // does not listen beyond this machine.
  const sesame::development_provider issuer;
  const auto token = issuer.mint({.scopes = "records:read"});
  std::fprintf(stderr, "development token: %s\n", token.c_str());

  sesame::server server{{.name = "quickstart", .version = "1.0.0"}, records{}, issuer};
  return sesame::run(server, argc, argv);
}
