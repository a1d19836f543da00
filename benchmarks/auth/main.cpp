// What it costs to know the caller. `openssl/{algorithm}` is the bare check of a signature over the
// bytes of a token, with a key that is ready; `verify/{algorithm}` all that is done for a token that
// is seen for the first time: reading it, finding its key, the signature, and every claim.
// `call/anonymous` is a call of a tool without authentication, `call/token` the same call with a
// token that is known already, `call/scopes` with two scopes to be checked besides, and `call/rate`
// with an account of how often this caller calls.
// SPDX-License-Identifier: BSL-1.0

#include <asio/io_context.hpp>

#include <benchmark/benchmark.h>
#include <chrono>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sesame/auth/test_issuer.hpp>
#include <sesame/server.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace {

using sesame::jws_algorithm;

// What the signature of a token is checked with, as someone would who has nothing else to do.
class bare {
 public:
  bare(const sesame::test_issuer& issuer, jws_algorithm algorithm, const std::string& token)
      : digest_(algorithm == jws_algorithm::eddsa ? nullptr : EVP_sha256()) {
    const auto pem = issuer.public_pem();
    const std::unique_ptr<BIO, decltype(&BIO_free)> file(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
    key_.reset(PEM_read_bio_PUBKEY(file.get(), nullptr, nullptr, nullptr));
    const auto dot = token.rfind('.');
    signed_ = token.substr(0, dot);
    signature_ = *sesame::json::from_base64url(token.substr(dot + 1));
    if (algorithm == jws_algorithm::es256)
      signature_ = sesame::auth::detail::ecdsa_to_der(signature_, 32);
  }

  [[nodiscard]] bool check() const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(context.get(), nullptr, digest_, nullptr, key_.get()) == 1 &&
           EVP_DigestVerify(context.get(), bytes(signature_), signature_.size(), bytes(signed_),
                            signed_.size()) == 1;
  }

 private:
  static const unsigned char* bytes(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  }

  const EVP_MD* digest_;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_{nullptr, &EVP_PKEY_free};
  std::string signed_;
  std::string signature_;
};

void openssl(benchmark::State& state, jws_algorithm algorithm) {
  const sesame::test_issuer issuer(algorithm);
  const bare check(issuer, algorithm, issuer.mint({.scopes = "read write"}));
  if (!check.check()) return state.SkipWithError("the signature is wrong");
  for (auto _ : state) benchmark::DoNotOptimize(check.check());
}

void verify(benchmark::State& state, jws_algorithm algorithm) {
  const sesame::test_issuer issuer(algorithm);
  const auto provider = issuer.provider();
  const auto token = issuer.mint({.scopes = "read write"});
  const auto now = std::chrono::system_clock::now();
  if (!provider.verify(token, now)) return state.SkipWithError("the token is refused");
  for (auto _ : state) benchmark::DoNotOptimize(provider.verify(token, now));
}

struct addends {
  int a;
  int b;
};
int add(const addends& n) {
  return n.a + n.b;
}

struct sums {
  using tools = sesame::tools<
      sesame::tool<&add, "-", sesame::named<"anonymous">, sesame::anonymous>,
      sesame::tool<&add, "-", sesame::named<"token">, sesame::authenticated<sesame::jwt_provider>>,
      sesame::tool<&add, "-", sesame::named<"scopes">, sesame::authenticated<sesame::jwt_provider>,
                   sesame::scopes<"read", "write">>,
      sesame::tool<&add, "-", sesame::named<"rate">, sesame::authenticated<sesame::jwt_provider>,
                   sesame::rate_limit<1'000'000'000>>>;
};

class no_sink final : public sesame::message_sink {
 public:
  bool send(std::string_view) override { return true; }
  asio::any_io_executor executor() override { return io_.get_executor(); }

 private:
  asio::io_context io_;
};

// What a transport does with a request, but for the bytes of HTTP.
void call(benchmark::State& state, std::string_view tool, bool known) {
  const sesame::test_issuer issuer;
  sesame::server server{{.name = "bench", .version = "1"}, sums{}, issuer.provider()};
  auto& engine = server.engine();
  no_sink sink;
  sesame::message_peer peer;
  peer.sends_tokens = false;
  sesame::exchange x{sesame::json::limits{}};
  const auto token = issuer.mint({.scopes = "read write"});
  const auto text =
      R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" + std::string{tool} +
      R"(","arguments":{"a":40,"b":2},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
      R"("io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1"},)"
      R"("io.modelcontextprotocol/clientCapabilities":{}}}})";
  std::string out;
  const auto serve = [&] {
    out.clear();
    sesame::inbound in{.text = text, .out = &out, .sink = &sink, .peer = &peer};
    if (known) {
      auto caller = engine.authenticate(token);
      if (caller) in.caller = *std::move(caller);
    }
    engine.begin(x, in);
  };
  serve();
  if (out.find(R"("text":"42")") == std::string::npos)
    return state.SkipWithError(("wrong answer: " + out).c_str());
  for (auto _ : state) {
    serve();
    benchmark::DoNotOptimize(out.data());
  }
}

}  // namespace

int main(int argc, char** argv) {
  for (const auto& [name, algorithm] : {std::pair{"RS256", jws_algorithm::rs256},
                                        {"ES256", jws_algorithm::es256},
                                        {"EdDSA", jws_algorithm::eddsa}}) {
    benchmark::RegisterBenchmark((std::string{"openssl/"} + name).c_str(), openssl, algorithm);
    benchmark::RegisterBenchmark((std::string{"verify/"} + name).c_str(), verify, algorithm);
  }
  for (const std::string tool : {"anonymous", "token", "scopes", "rate"})
    benchmark::RegisterBenchmark(("call/" + tool).c_str(), call, tool, tool != "anonymous");
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
