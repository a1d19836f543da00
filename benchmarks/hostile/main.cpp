// Whether input that was made to be slow costs more than by its length. `once/{kind}` is one message
// of some size, `tenths/{kind}` ten of a tenth of it: where the cost is linear, both are the same.
// SPDX-License-Identifier: BSL-1.0

#include <asio/io_context.hpp>

#include <benchmark/benchmark.h>
#include <cstddef>
#include <map>
#include <sesame/net/http_parser.hpp>
#include <sesame/server.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace {

struct given {
  std::map<std::string, int> entries;
  std::string text;
};

std::string take(const given& g) {
  return g.text;
}

struct sink_hole {
  using tools = sesame::tools<sesame::tool<&take, "Takes much">>;
};

class no_sink final : public sesame::message_sink {
 public:
  bool send(std::string_view) override { return true; }
  asio::any_io_executor executor() override { return io_.get_executor(); }

 private:
  asio::io_context io_;
};

// ---- Messages of about so many bytes

std::string call(std::string_view arguments, std::string_view more_params = "",
                 std::string_view more_members = "", std::string_view more_meta = "",
                 std::string_view name = "take") {
  std::string text = R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")";
  text.append(name).append(R"(","arguments":)").append(arguments).append(more_params);
  text += R"(,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
          R"("io.modelcontextprotocol/clientCapabilities":{})";
  return text.append(more_meta).append("}}").append(more_members) + "}";
}

// Members `,"k0":0,"k1":1` and so on: in their order, or all of them the same.
std::string members(std::size_t size, bool same = false) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i)
    text += ",\"k" + (same ? std::string{"0"} : std::to_string(i)) + "\":" + std::to_string(i % 10);
  return text;
}

constexpr std::string_view few = R"({"entries":{},"text":""})";

std::string message_members(std::size_t size) {
  return call(few, "", members(size));
}
std::string params_members(std::size_t size) {
  return call(few, members(size));
}
std::string meta_members(std::size_t size) {
  return call(few, "", "", members(size));
}
std::string repeated_members(std::size_t size) {
  return call(few, members(size, true));
}
std::string map_entries(std::size_t size) {
  return call(R"({"entries":{)" + members(size).substr(1) + R"(},"text":""})");
}
std::string brackets(std::size_t size) {
  return call(R"({"entries":)" + std::string(size, '['));
}
// As deep as is allowed, again and again.
std::string deep(std::size_t size) {
  std::string text;
  while (text.size() < size) text += ',' + std::string(50, '[') + std::string(50, ']');
  return call(few, R"(,"x":[0)" + text + "]");
}
std::string digits(std::size_t size) {
  return call(R"({"entries":{"a":1)" + std::string(size, '0') + R"(},"text":""})");
}
std::string fraction(std::size_t size) {
  return call(R"({"entries":{"a":0.)" + std::string(size, '3') + R"(},"text":""})");
}
std::string escapes(std::size_t size) {
  std::string text;
  while (text.size() < size) text += R"(\u0001\")";
  return call(R"({"entries":{},"text":")" + text + "\"}");
}
std::string surrogates(std::size_t size) {
  std::string text;
  while (text.size() < size) text += R"(\ud83d\ude00)";
  return call(R"({"entries":{},"text":")" + text + "\"}");
}
std::string tool_name(std::size_t size) {
  return call(few, "", "", "", std::string(size, 'x'));
}

// What the engine does with it, whatever it thinks of it.
void serve(benchmark::State& state, std::string (*make)(std::size_t), std::size_t size, int times) {
  sesame::server<sink_hole> server{{.name = "bench", .version = "1"}, sink_hole{}};
  no_sink sink;
  sesame::message_peer peer;
  sesame::exchange x{sesame::json::limits{}};
  const auto text = make(size);
  std::string out;
  for (auto _ : state)
    for (int i = 0; i < times; ++i) {
      out.clear();
      server.engine().begin(x, {.text = text, .out = &out, .sink = &sink, .peer = &peer});
      benchmark::DoNotOptimize(out.data());
    }
}

// ---- Requests over HTTP that come byte by byte

std::string slow_fields(std::size_t size) {
  std::string text = "POST /mcp HTTP/1.1\r\nHost: a\r\n";
  while (text.size() < size) text += "X: y\r\n";
  return text + "\r\n";
}
std::string slow_line(std::size_t size) {
  return "GET /" + std::string(size, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n";
}
std::string slow_body(std::size_t size) {
  return "POST /mcp HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
         std::string(size, 'x');
}
std::string small_chunks(std::size_t size) {
  std::string text = "POST /mcp HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  while (text.size() < size) text += "1\r\nx\r\n";
  return text + "0\r\n\r\n";
}

void parse(benchmark::State& state, std::string (*make)(std::size_t), std::size_t size, int times) {
  const auto text = make(size);
  constexpr std::size_t all = 1 << 24;
  sesame::net::http_parser parser{
      {.request_line = all, .field_count = all, .fields_size = all, .body = all}};
  sesame::net::http_request request;
  std::string bytes;
  for (auto _ : state)
    for (int i = 0; i < times; ++i) {
      parser.reset();
      bytes.resize(text.size());
      std::size_t arrived = 0;
      for (const char c : text) {
        bytes[arrived++] = c;
        if (parser.parse(bytes.data(), arrived, request) !=
            sesame::net::http_parser::status::need_more)
          break;
      }
      benchmark::DoNotOptimize(request);
    }
}

using run = void (*)(benchmark::State&, std::string (*)(std::size_t), std::size_t, int);

void add_rows(const std::string& kind, run measure, std::string (*make)(std::size_t)) {
  constexpr std::size_t size = 400'000;
  benchmark::RegisterBenchmark(("once/" + kind).c_str(), measure, make, size, 1);
  benchmark::RegisterBenchmark(("tenths/" + kind).c_str(), measure, make, size / 10, 10);
}

}  // namespace

int main(int argc, char** argv) {
  add_rows("message-members", serve, message_members);
  add_rows("params-members", serve, params_members);
  add_rows("meta-members", serve, meta_members);
  add_rows("repeated-members", serve, repeated_members);
  add_rows("map-entries", serve, map_entries);
  add_rows("brackets", serve, brackets);
  add_rows("deep", serve, deep);
  add_rows("digits", serve, digits);
  add_rows("fraction", serve, fraction);
  add_rows("escapes", serve, escapes);
  add_rows("surrogates", serve, surrogates);
  add_rows("tool-name", serve, tool_name);
  add_rows("slow-fields", parse, slow_fields);
  add_rows("slow-line", parse, slow_line);
  add_rows("slow-body", parse, slow_body);
  add_rows("small-chunks", parse, small_chunks);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
