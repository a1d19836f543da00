// What a call costs between the bytes of the request and the bytes of the response, beside what an
// expert would write by hand for that one tool: the same parser, the same checks, a direct call,
// the text put together directly. Rows are named {floor|sesame}/{tool}/{era}; `allocs` are per
// call.
// SPDX-License-Identifier: BSL-1.0

#include <asio/io_context.hpp>

#include <array>
#include <benchmark/benchmark.h>
#include <charconv>
#include <cstdlib>
#include <new>
#include <optional>
#include <sesame/server.hpp>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace std::string_view_literals;

std::size_t allocations = 0;

}  // namespace

// Not inlined, so that the compiler does not take malloc and delete for a mismatched pair.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc{};
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace {

struct addends {
  int a;
  int b;
};

enum class shipping { standard, express, overnight };

struct order {
  std::string customer;
  std::string email;
  std::string product;
  int quantity;
  double price;
  bool gift;
  shipping method;
  std::vector<std::string> tags;
  std::vector<int> discounts;
  std::optional<std::string> note;
};

// The work of the tools is the same on both sides.
int add(const addends& n) {
  return n.a + n.b;
}

std::string create_order(const order& o) {
  std::string text = o.customer;
  text += " ordered ";
  std::array<char, 32> digits;
  const auto number = [&](auto n) {
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), n).ptr;
    text.append(digits.data(), end);
  };
  number(o.quantity);
  text += " x ";
  text += o.product;
  text += ", in all ";
  number(o.price * o.quantity);
  return text;
}

struct shop : sesame::service<> {
  int add(const addends& n) const { return ::add(n); }
  std::string create_order(const order& o) const { return ::create_order(o); }
  using tools = sesame::tools<sesame::tool<&shop::add, "Adds two integers">,
                              sesame::tool<&shop::create_order, "Places an order">>;
};

constexpr std::string_view modern_meta =
    R"(,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
    R"("io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1"},)"
    R"("io.modelcontextprotocol/clientCapabilities":{}})";
constexpr std::string_view add_arguments = R"({"a":17,"b":25})";
constexpr std::string_view order_arguments =
    R"({"customer":"Ada Lovelace","email":"ada@example.org","product":"Analytical Engine",)"
    R"("quantity":3,"price":1299.5,"gift":true,"method":"express",)"
    R"("tags":["brass","steam","large"],"discounts":[5,10,15,20],"note":"say \"hello\"\nfrom me"})";

std::string request(std::string_view tool, std::string_view arguments, bool modern) {
  std::string text = R"({"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":")";
  text += tool;
  text += R"(","arguments":)";
  text += arguments;
  if (modern) text += modern_meta;
  return text + "}}";
}

// ---- by hand

using simdjson::dom::element;
using simdjson::dom::object;

// Keys once each and all known, as the framework demands of arguments.
bool read_addends(object members, addends& to) {
  unsigned seen = 0;
  for (const auto [key, v] : members) {
    std::int64_t n = 0;
    const unsigned bit = key == "a" ? 1U : key == "b" ? 2U : 0U;
    if (bit == 0 || (seen & bit) != 0 || v.get(n) || n < INT32_MIN || n > INT32_MAX) return false;
    (bit == 1 ? to.a : to.b) = static_cast<int>(n);
    seen |= bit;
  }
  return seen == 3;
}

bool read_text(element v, std::string& to) {
  std::string_view text;
  if (v.get(text)) return false;
  to = text;
  return true;
}

bool read_order(object members, order& to) {
  unsigned seen = 0;
  const auto once = [&](unsigned bit) {
    const bool first = (seen & bit) == 0;
    seen |= bit;
    return first;
  };
  for (const auto [key, v] : members) {
    if (key == "customer") {
      if (!once(1) || !read_text(v, to.customer)) return false;
    } else if (key == "email") {
      if (!once(2) || !read_text(v, to.email)) return false;
    } else if (key == "product") {
      if (!once(4) || !read_text(v, to.product)) return false;
    } else if (key == "quantity") {
      std::int64_t n = 0;
      if (!once(8) || v.get(n) || n < INT32_MIN || n > INT32_MAX) return false;
      to.quantity = static_cast<int>(n);
    } else if (key == "price") {
      if (!once(16) || v.get(to.price)) return false;
    } else if (key == "gift") {
      if (!once(32) || v.get(to.gift)) return false;
    } else if (key == "method") {
      std::string_view name;
      if (!once(64) || v.get(name)) return false;
      if (name == "standard")
        to.method = shipping::standard;
      else if (name == "express")
        to.method = shipping::express;
      else if (name == "overnight")
        to.method = shipping::overnight;
      else
        return false;
    } else if (key == "tags") {
      simdjson::dom::array items;
      if (!once(128) || v.get(items)) return false;
      for (const auto item : items)
        if (!read_text(item, to.tags.emplace_back())) return false;
    } else if (key == "discounts") {
      simdjson::dom::array items;
      if (!once(256) || v.get(items)) return false;
      for (const auto item : items) {
        std::int64_t n = 0;
        if (item.get(n) || n < INT32_MIN || n > INT32_MAX) return false;
        to.discounts.push_back(static_cast<int>(n));
      }
    } else if (key == "note") {
      if (!once(512) || !read_text(v, to.note.emplace())) return false;
    } else {
      return false;
    }
  }
  return (seen & 511U) == 511U;
}

void append_escaped(std::string& out, std::string_view text) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, begin, i - begin);
    begin = i + 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\n') {
      out += "\\n";
    } else {
      constexpr std::string_view hex = "0123456789abcdef";
      out += "\\u00";
      out += hex[c >> 4];
      out += hex[c & 15];
    }
  }
  out.append(text, begin);
}

// Some members of an object: a bit for each that is there, or none where one is there twice.
template <class... Wanted>
unsigned take(object from, Wanted... wanted) {
  unsigned seen = 0;
  for (const auto [key, v] : from) {
    unsigned bit = 1;
    bool once = true;
    const auto put = [&, key = key, v = v](const auto& one) {
      if (key == one.first) {
        *one.second = v;
        once = (seen & bit) == 0;
        seen |= bit;
        return true;
      }
      bit <<= 1U;
      return false;
    };
    (void)(put(wanted) || ...);
    if (!once) return 0;
  }
  return seen;
}

bool is(element v, std::string_view expected) {
  std::string_view text;
  return !v.get(text) && text == expected;
}

// A number or a text, as it came.
bool put_id(element id, std::string& out) {
  if (std::int64_t number = 0; !id.get(number)) {
    std::array<char, 24> digits;
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + 24, number).ptr);
    return true;
  }
  std::string_view text;
  if (id.get(text)) return false;
  out += '"';
  append_escaped(out, text);
  out += '"';
  return true;
}

// One tool, one era, nothing else.
class by_hand {
 public:
  explicit by_hand(bool modern) : modern_(modern) {}

  template <class Arguments, class Read, class Call>
  bool serve(std::string_view text, std::string_view tool, Read read, Call call, std::string& out) {
    element root;
    if (parser_.parse(text.data(), text.size(), true).get(root)) return false;
    object message, params;
    element version, id, method, name, given_params, given, meta;
    if (root.get(message) ||
        take(message, std::pair{"jsonrpc"sv, &version}, std::pair{"id"sv, &id},
             std::pair{"method"sv, &method}, std::pair{"params"sv, &given_params}) != 15 ||
        !is(version, "2.0") || !is(method, "tools/call") || given_params.get(params) ||
        take(params, std::pair{"name"sv, &name}, std::pair{"arguments"sv, &given},
             std::pair{"_meta"sv, &meta}) != (modern_ ? 7 : 3) ||
        !is(name, tool))
      return false;
    if (modern_) {
      object members, capabilities;
      element revision, declared, client;
      if (meta.get(members) ||
          (take(members, std::pair{"io.modelcontextprotocol/protocolVersion"sv, &revision},
                std::pair{"io.modelcontextprotocol/clientCapabilities"sv, &declared},
                std::pair{"io.modelcontextprotocol/clientInfo"sv, &client}) &
           3U) != 3 ||
          !is(revision, "2026-07-28") || declared.get(capabilities))
        return false;
    }
    object members;
    Arguments arguments{};
    if (given.get(members) || !read(members, arguments)) return false;
    out += R"({"jsonrpc":"2.0","id":)";
    if (!put_id(id, out)) return false;
    out +=
        modern_
            ? std::
                  string_view{R"(,"result":{"resultType":"complete","content":[{"type":"text","text":")"}
            : std::string_view{R"(,"result":{"content":[{"type":"text","text":")"};
    call(arguments, out);
    out +=
        modern_
            ? std::
                  string_view{R"("}],"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"bench","version":"1"}}}})"}
            : std::string_view{R"("}]}})"};
    return true;
  }

 private:
  simdjson::dom::parser parser_;
  bool modern_;
};

void put_sum(const addends& n, std::string& out) {
  std::array<char, 24> digits;
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + 24, add(n)).ptr);
}

void put_order(const order& o, std::string& out) {
  append_escaped(out, create_order(o));
}

// ---- the framework

class no_sink final : public sesame::message_sink {
 public:
  bool send(std::string_view) override { return true; }
  asio::any_io_executor executor() override { return io_.get_executor(); }

 private:
  asio::io_context io_;
};

class framework {
 public:
  explicit framework(bool modern) {
    if (modern) return;
    std::string out;
    serve(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":)"
          R"("2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}})",
          out);
  }

  void serve(std::string_view text, std::string& out) {
    server_.engine().begin(x_, {.text = text, .out = &out, .sink = &sink_, .peer = &peer_});
  }

 private:
  sesame::server<shop> server_{{.name = "bench", .version = "1"}, shop{}};
  no_sink sink_;
  sesame::message_peer peer_;
  sesame::exchange x_{sesame::json::limits{}};
};

template <class Serve>
void measure(benchmark::State& state, std::string_view expected, Serve serve) {
  std::string out;
  serve(out);
  if (out.find(expected) == std::string::npos || out.find("isError") != std::string::npos)
    return state.SkipWithError(("wrong answer: " + out).c_str());
  const auto before = allocations;
  for (auto _ : state) {
    out.clear();
    serve(out);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  state.counters["allocs"] = benchmark::Counter(static_cast<double>(allocations - before) /
                                                static_cast<double>(state.iterations()));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(out.size()));
}

void floor_add(benchmark::State& state, bool modern) {
  by_hand hand{modern};
  const auto text = request("add", add_arguments, modern);
  measure(state, R"("text":"42")", [&](std::string& out) {
    if (!hand.serve<addends>(text, "add", read_addends, put_sum, out)) out = "refused";
  });
}

void floor_order(benchmark::State& state, bool modern) {
  by_hand hand{modern};
  const auto text = request("create_order", order_arguments, modern);
  measure(state, "in all 3898.5", [&](std::string& out) {
    if (!hand.serve<order>(text, "create_order", read_order, put_order, out)) out = "refused";
  });
}

void sesame_call(benchmark::State& state, std::string_view tool, std::string_view arguments,
                 std::string_view expected, bool modern) {
  framework server{modern};
  const auto text = request(tool, arguments, modern);
  measure(state, expected, [&](std::string& out) { server.serve(text, out); });
}

}  // namespace

int main(int argc, char** argv) {
  for (const bool modern : {true, false}) {
    const std::string era = modern ? "modern" : "session";
    benchmark::RegisterBenchmark(("floor/add/" + era).c_str(), floor_add, modern);
    benchmark::RegisterBenchmark(("sesame/add/" + era).c_str(), sesame_call, "add", add_arguments,
                                 R"("text":"42")", modern);
    benchmark::RegisterBenchmark(("floor/create_order/" + era).c_str(), floor_order, modern);
    benchmark::RegisterBenchmark(("sesame/create_order/" + era).c_str(), sesame_call,
                                 "create_order", order_arguments, "in all 3898.5", modern);
  }
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
