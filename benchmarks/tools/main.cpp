// What a call costs as a server has more tools, `call/{tools}`: the last of so many is called. And
// the list of them, `list/{tools}`, beside `copy/{tools}`: its request parsed, its bytes copied.
// SPDX-License-Identifier: BSL-1.0

#include <asio/io_context.hpp>

#include <array>
#include <benchmark/benchmark.h>
#include <cstddef>
#include <sesame/server.hpp>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <utility>

namespace {

struct addends {
  int a;
  int b;
};
int add(const addends& n) {
  return n.a + n.b;
}

// tool_0000 and so on.
constexpr auto name_of(std::size_t i) {
  char text[] = "tool_0000";
  for (std::size_t at = sizeof(text) - 2; i != 0; --at, i /= 10)
    text[at] = static_cast<char>('0' + i % 10);
  return sesame::fixed_string{text};
}

template <std::size_t... I>
auto made(std::index_sequence<I...>)
    -> sesame::tools<sesame::tool<&add, "Adds two integers", sesame::named<name_of(I)>>...>;

template <std::size_t N>
struct sums {
  using tools = decltype(made(std::make_index_sequence<N>{}));
};

class no_sink final : public sesame::message_sink {
 public:
  bool send(std::string_view) override { return true; }
  asio::any_io_executor executor() override { return io_.get_executor(); }

 private:
  asio::io_context io_;
};

constexpr std::string_view meta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
    R"("io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1"},)"
    R"("io.modelcontextprotocol/clientCapabilities":{}}}})";

std::string request(std::string_view method, std::string_view params) {
  std::string text = R"({"jsonrpc":"2.0","id":7,"method":")";
  return text.append(method).append(R"(","params":{)").append(params).append(meta);
}

template <std::size_t N>
class server {
 public:
  void serve(std::string_view text, std::string& out) {
    out.clear();
    server_.engine().begin(x_, {.text = text, .out = &out, .sink = &sink_, .peer = &peer_});
  }

 private:
  sesame::server<sums<N>> server_{{.name = "bench", .version = "1"}, sums<N>{}};
  no_sink sink_;
  sesame::message_peer peer_;
  sesame::exchange x_{sesame::json::limits{}};
};

template <std::size_t N>
void measure(benchmark::State& state, const std::string& text, std::string_view expected) {
  server<N> served;
  std::string out;
  served.serve(text, out);
  if (out.find(expected) == std::string::npos)
    return state.SkipWithError(("wrong answer: " + out).c_str());
  for (auto _ : state) {
    served.serve(text, out);
    benchmark::DoNotOptimize(out.data());
  }
}

template <std::size_t N>
void call(benchmark::State& state) {
  const auto name = name_of(N - 1);
  std::string params = R"("name":")";
  params.append(name.view()).append(R"(","arguments":{"a":40,"b":2},)");
  measure<N>(state, request("tools/call", params), R"("text":"42")");
}

template <std::size_t N>
void list(benchmark::State& state) {
  const auto last = name_of(N - 1);
  measure<N>(state, request("tools/list", ""), last.view());
}

template <std::size_t N>
void copy(benchmark::State& state) {
  const auto text = request("tools/list", "");
  std::string answer;
  server<N>{}.serve(text, answer);
  simdjson::dom::parser parser;
  std::string out;
  for (auto _ : state) {
    simdjson::dom::object message;
    if (parser.parse(text.data(), text.size(), true).get(message)) return;
    out.clear();
    out += answer;
    benchmark::DoNotOptimize(out.data());
  }
}

template <std::size_t N>
void add_rows() {
  const auto tools = '/' + std::to_string(N);
  benchmark::RegisterBenchmark(("call" + tools).c_str(), call<N>);
  benchmark::RegisterBenchmark(("list" + tools).c_str(), list<N>);
  benchmark::RegisterBenchmark(("copy" + tools).c_str(), copy<N>);
}

}  // namespace

int main(int argc, char** argv) {
  add_rows<1>();
  add_rows<10>();
  add_rows<100>();
  add_rows<1000>();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
