// The server of twenty tools as it is written with nlohmann's JSON: members listed by its macro,
// schemas by hand, a table of functions, and a loop of Asio that knows just enough HTTP.
// SPDX-License-Identifier: BSL-1.0

#include <asio.hpp>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using nlohmann::json;

template <int>
struct record {
  std::string name;
  std::string address;
  int count = 0;
  double price = 0;
  bool urgent = false;
  std::vector<std::string> tags;
  int limit = 0;
  std::string note;

  NLOHMANN_DEFINE_TYPE_INTRUSIVE_WITH_DEFAULT(record, name, address, count, price, urgent, tags,
                                              limit, note)

  static json schema() {
    return {{"type", "object"},
            {"properties",
             {{"name", {{"type", "string"}}},
              {"address", {{"type", "string"}}},
              {"count", {{"type", "integer"}}},
              {"price", {{"type", "number"}}},
              {"urgent", {{"type", "boolean"}}},
              {"tags", {{"type", "array"}, {"items", {{"type", "string"}}}}},
              {"limit", {{"type", "integer"}}},
              {"note", {{"type", "string"}}}}},
            {"required", {"name", "address"}}};
  }
};

template <int N>
std::string take(const record<N>& given) {
  return given.name + ' ' + std::to_string(given.count + N);
}

struct tool {
  json schema;
  std::function<std::string(const json&)> call;
};

template <int... N>
std::map<std::string, tool> made(std::integer_sequence<int, N...>) {
  return {{"take_" + std::to_string(N), tool{record<N>::schema(), [](const json& arguments) {
                                               return take(arguments.get<record<N>>());
                                             }}}...};
}

const auto tools = made(std::make_integer_sequence<int, 20>{});

json answer(const json& request) {
  json result;
  if (request.at("method") == "tools/list") {
    result["tools"] = json::array();
    for (const auto& [name, one] : tools)
      result["tools"].push_back(
          {{"name", name}, {"description", "Takes a record"}, {"inputSchema", one.schema}});
  } else {
    const auto& params = request.at("params");
    const auto& one = tools.at(params.at("name").get<std::string>());
    result["content"] = {{{"type", "text"}, {"text", one.call(params.at("arguments"))}}};
  }
  return {{"jsonrpc", "2.0"}, {"id", request.at("id")}, {"result", std::move(result)}};
}

class connection : public std::enable_shared_from_this<connection> {
 public:
  explicit connection(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  void read() {
    asio::async_read_until(socket_, asio::dynamic_buffer(in_), "\r\n\r\n",
                           [self = shared_from_this()](std::error_code failed, std::size_t head) {
                             if (!failed) self->read_body(head);
                           });
  }

 private:
  void read_body(std::size_t head) {
    const auto at = in_.find("Content-Length: ");
    if (at >= head) return;
    const auto whole = head + std::strtoul(in_.c_str() + at + 16, nullptr, 10);
    const auto missing = whole > in_.size() ? whole - in_.size() : 0;
    asio::async_read(socket_, asio::dynamic_buffer(in_), asio::transfer_exactly(missing),
                     [self = shared_from_this(), head, whole](std::error_code failed, std::size_t) {
                       if (!failed) self->write(head, whole);
                     });
  }

  void write(std::size_t head, std::size_t whole) {
    std::string body;
    try {
      body = answer(json::parse(in_.begin() + static_cast<std::ptrdiff_t>(head),
                                in_.begin() + static_cast<std::ptrdiff_t>(whole)))
                 .dump();
    } catch (const json::exception&) {
      return;
    }
    in_.erase(0, whole);
    out_ = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    asio::async_write(socket_, asio::buffer(out_),
                      [self = shared_from_this()](std::error_code failed, std::size_t) {
                        if (!failed) self->read();
                      });
  }

  asio::ip::tcp::socket socket_;
  std::string in_, out_;
};

void accept(asio::ip::tcp::acceptor& from) {
  from.async_accept([&from](std::error_code failed, asio::ip::tcp::socket socket) {
    if (!failed) std::make_shared<connection>(std::move(socket))->read();
    accept(from);
  });
}

}  // namespace

int main() {
  asio::io_context io;
  asio::ip::tcp::acceptor from{io, {asio::ip::address_v4::loopback(), 8080}};
  accept(from);
  io.run();
}
