// SPDX-License-Identifier: BSL-1.0

#include "floor.hpp"

#include <asio/buffer.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/post.hpp>
#include <asio/write.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <memory>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace bench {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;
using tcp_acceptor = asio::basic_socket_acceptor<asio::ip::tcp, asio::io_context::executor_type>;

template <class Number>
void append_number(std::string& out, Number n) {
  std::array<char, 24> digits;
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), n).ptr);
}

// Whether none of eight bytes has to be escaped. Bytes beyond ASCII may be taken for one that has.
bool all_plain(const char* eight) {
  constexpr auto each = [](unsigned byte) { return 0x0101010101010101U * std::uint64_t{byte}; };
  std::uint64_t v = 0;
  std::memcpy(&v, eight, 8);
  const auto quote = v ^ each('"'), backslash = v ^ each('\\');
  return (((v - each(0x20)) | (quote - each(1)) | (backslash - each(1)) | v) & each(0x80)) == 0;
}

void append_escaped(std::string& out, std::string_view text) {
  std::size_t begin = 0, i = 0;
  while (i < text.size()) {
    if (i + 8 <= text.size() && all_plain(text.data() + i)) {
      i += 8;
      continue;
    }
    const auto c = static_cast<unsigned char>(text[i++]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, begin, i - 1 - begin);
    begin = i;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else {
      constexpr std::string_view hex = "0123456789abcdef";
      out += "\\u00";
      out += hex[c >> 4];
      out += hex[c & 15];
    }
  }
  out.append(text, begin);
}

// The tools, from the arguments to the text of the result. Keys once each and all known.

bool read_int(element v, std::int64_t least, std::int64_t most, std::int64_t& n) {
  return !v.get(n) && n >= least && n <= most;
}

bool add(object arguments, std::string& out) {
  std::array<std::int64_t, 2> n{};
  unsigned seen = 0;
  for (const auto [key, v] : arguments) {
    const unsigned bit = key == "a" ? 1U : key == "b" ? 2U : 0U;
    if (bit == 0 || (seen & bit) != 0 || !read_int(v, INT32_MIN, INT32_MAX, n[bit >> 1]))
      return false;
    seen |= bit;
  }
  if (seen != 3) return false;
  append_number(out, n[0] + n[1]);
  return true;
}

bool payload(object arguments, std::string& out) {
  std::int64_t size = -1;
  for (const auto [key, v] : arguments)
    if (key != "size" || size >= 0 || !read_int(v, 0, INT32_MAX, size)) return false;
  if (size < 0) return false;
  append_escaped(out, std::string(static_cast<std::size_t>(size), 'x'));
  return true;
}

bool take(object arguments, std::string& out) {
  std::string_view text;
  unsigned seen = 0;
  for (const auto [key, v] : arguments)
    if (key != "text" || seen++ != 0 || v.get(text)) return false;
  if (seen == 0) return false;
  append_number(out, text.size());
  return true;
}

// One `tools/call`, from its bytes to those of the answer. `text` has room behind it for the parser
// to read into.
bool answer(std::string_view text, std::string& out) {
  thread_local simdjson::dom::parser parser;
  element root;
  object message, params, arguments;
  std::string_view version, method, name;
  std::int64_t id = 0;
  if (parser.parse(text.data(), text.size(), false).get(root) || root.get(message) ||
      message["jsonrpc"].get(version) || version != "2.0" || message["id"].get(id) ||
      message["method"].get(method) || method != "tools/call" || message["params"].get(params) ||
      params["name"].get(name) || params["arguments"].get(arguments))
    return false;
  object meta, capabilities;
  const bool modern = !params["_meta"].get(meta);
  std::string_view revision;
  if (modern &&
      (meta["io.modelcontextprotocol/protocolVersion"].get(revision) || revision != "2026-07-28" ||
       meta["io.modelcontextprotocol/clientCapabilities"].get(capabilities)))
    return false;
  out += R"({"jsonrpc":"2.0","id":)";
  append_number(out, id);
  out += modern ? R"(,"result":{"resultType":"complete","content":[{"type":"text","text":")"
                : R"(,"result":{"content":[{"type":"text","text":")";
  const bool called = name == "add"       ? add(arguments, out)
                      : name == "payload" ? payload(arguments, out)
                      : name == "take"    ? take(arguments, out)
                                          : false;
  out +=
      modern
          ? R"("}],"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"bench","version":"1"}}}})"
          : R"("}]}})";
  return called;
}

// "Date: …" with its line end, as of this second.
std::string_view date_line() {
  static std::time_t written = 0;
  static std::array<char, 64> line;
  static std::size_t size = 0;
  if (const auto now = std::time(nullptr); now != written) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    size = std::strftime(line.data(), line.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
    written = now;
  }
  return {line.data(), size};
}

bool names(std::string_view field, std::string_view name) {
  return field.size() > name.size() && field[name.size()] == ':' &&
         std::equal(name.begin(), name.end(), field.begin(),
                    [](char expected, char c) { return expected == (c | 0x20); });
}

class connection : public std::enable_shared_from_this<connection> {
 public:
  explicit connection(tcp_socket socket) : socket_(std::move(socket)) {
    socket_.set_option(asio::ip::tcp::no_delay(true));
    socket_.non_blocking(true);
  }

  void read() {
    if (in_.size() < size_ + least_room + simdjson::SIMDJSON_PADDING)
      in_.resize(std::max(2 * in_.size(), size_ + least_room + simdjson::SIMDJSON_PADDING));
    socket_.async_read_some(
        asio::buffer(in_.data() + size_, in_.size() - size_ - simdjson::SIMDJSON_PADDING),
        [self = shared_from_this()](const std::error_code& failed, std::size_t count) {
          if (failed) return;
          self->size_ += count;
          self->serve();
        });
  }

 private:
  static constexpr std::size_t least_room = 2048;
  static constexpr std::size_t most = std::size_t{32} << 20;  // of a request
  static constexpr std::size_t copied_body = std::size_t{16} << 10;

  void serve() {
    do {
      out_.clear();
      body_.clear();
    } while (answer_all() && write());
  }

  // Answers what is there as a whole, or up to an answer that is too large to be copied. False if
  // there is nothing to send.
  bool answer_all() {
    while (body_.empty()) {
      const std::string_view all{in_.data() + begin_, size_ - begin_};
      if (body_begin_ == 0 && !read_head(all)) return false;
      if (body_begin_ == 0 || all.size() < body_begin_ + body_size_) break;
      if (!answer(all.substr(body_begin_, body_size_), body_)) return false;
      out_ += "HTTP/1.1 200 OK\r\n";
      out_ += date_line();
      out_ += "Content-Type: application/json\r\nContent-Length: ";
      append_number(out_, body_.size());
      out_ += "\r\n\r\n";
      if (body_.size() <= copied_body) {
        out_ += body_;
        body_.clear();
      }
      begin_ += body_begin_ + body_size_;
      body_begin_ = 0;
    }
    if (!out_.empty()) return true;
    // What is left is the beginning of a request, if anything.
    std::memmove(in_.data(), in_.data() + begin_, size_ - begin_);
    size_ -= std::exchange(begin_, 0);
    if (size_ <= most) read();
    return false;
  }

  // False for what is no request that is served here; `body_begin_` stays 0 while the end is
  // missing.
  bool read_head(std::string_view all) {
    const auto end = all.find("\r\n\r\n");
    if (end == std::string_view::npos) return true;
    constexpr std::string_view request_line = "POST /mcp HTTP/1.1\r\n";
    if (!all.starts_with(request_line)) return false;
    body_size_ = 0;
    for (auto at = request_line.size(); at < end;) {
      const auto line_end = all.find('\r', at);
      const auto field = all.substr(at, line_end - at);
      if (names(field, "content-length")) {
        const auto digits = field.substr(std::min(field.size(), field.find_first_not_of(' ', 15)));
        const auto digits_end = digits.data() + digits.size();
        if (std::from_chars(digits.data(), digits_end, body_size_).ptr != digits_end ||
            digits.empty() || body_size_ > most)
          return false;
      }
      at = line_end + 2;
    }
    body_begin_ = end + 4;
    return true;
  }

  // True if everything is sent; else goes on when it is.
  bool write() {
    std::error_code failed;
    const std::array<asio::const_buffer, 2> all{asio::buffer(out_), asio::buffer(body_)};
    const auto sent =
        body_.empty() ? socket_.write_some(all[0], failed) : socket_.write_some(all, failed);
    if (failed && failed != asio::error::would_block) return false;
    if (sent == out_.size() + body_.size()) return true;
    const auto of_head = std::min(sent, out_.size());
    const std::array<asio::const_buffer, 2> rest{all[0] + of_head, all[1] + (sent - of_head)};
    asio::async_write(socket_, rest,
                      [self = shared_from_this()](const std::error_code& later, std::size_t) {
                        if (!later) self->serve();
                      });
    return false;
  }

  tcp_socket socket_;
  std::string in_, body_, out_;
  std::size_t begin_ = 0, size_ = 0;  // of what has been read and not been answered
  std::size_t body_begin_ = 0, body_size_ = 0;
};

// Each thread has its own io_context, and they get the connections in turn.
class listener {
 public:
  explicit listener(std::size_t threads)
      : threads_(threads), acceptor_(threads_.front(), {asio::ip::address_v4::loopback(), 0}) {
    accept();
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  void run() {
    std::vector<std::thread> others;
    for (std::size_t i = 1; i < threads_.size(); ++i)
      others.emplace_back([&io = threads_[i]] {
        const auto busy = asio::make_work_guard(io);
        io.run();
      });
    threads_.front().run();
  }

 private:
  struct one_thread : asio::io_context {
    one_thread() : asio::io_context(1) {}
  };

  void accept() {
    auto& io = threads_[next_++ % threads_.size()];
    acceptor_.async_accept(io, [this, &io](const std::error_code& failed, tcp_socket socket) {
      if (!failed)
        asio::post(io, [made = std::make_shared<connection>(std::move(socket))] { made->read(); });
      accept();
    });
  }

  std::vector<one_thread> threads_;
  tcp_acceptor acceptor_;
  std::size_t next_ = 0;
};

}  // namespace

void serve_by_hand(std::size_t threads, const std::function<void(std::uint16_t)>& listening) {
  listener made{threads};
  listening(made.port());
  made.run();
}

}  // namespace bench
