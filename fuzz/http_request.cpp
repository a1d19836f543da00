// HTTP requests, which must be read alike whole, byte by byte, and cut anywhere: a first byte says
// where.
// SPDX-License-Identifier: BSL-1.0

#include "sesame/net/http_request.hpp"

#include "sesame/net/authority.hpp"
#include "sesame/net/http_error.hpp"
#include "sesame/net/http_options.hpp"
#include "sesame/net/http_parser.hpp"

#include "fuzz.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using fuzz::demand;
using sesame::net::http_parser;
using status = http_parser::status;

constexpr sesame::net::http_limits limits{
    .request_line = 256, .field_count = 8, .fields_size = 512, .body = 1024};

void check(const sesame::net::http_request& request) {
  demand(request.host.empty() || sesame::net::authority::parse(request.host), "a host is one");
  demand(!request.host.empty() || request.minor_version == 0, "HTTP/1.1 has a host");
  for (const auto* framing : {"Host", "Content-Length", "Transfer-Encoding"})
    demand(request.only(framing) == request.field(framing), "what frames a message stands once");
  demand(!request.field("Content-Length") || !request.field("Transfer-Encoding"),
         "a length is told in one way");
  demand(request.path.starts_with('/') || request.path == "*", "a path is one");
  demand(request.fields.size() <= limits.field_count && request.body.size() <= limits.body,
         "limits hold");
  for (const auto& field : request.fields)
    demand(!field.name.empty() && field.value.find_first_of("\r\n") == std::string_view::npos &&
               field.value.find('\0') == std::string_view::npos,
           "a field is one line");
}

// All that one can see of reading the input in pieces of `step` bytes, after a first of `first`.
std::string read(std::string_view input, std::size_t first, std::size_t step) {
  http_parser parser(limits);
  parser.reset();
  sesame::net::http_request request;
  std::vector<char> held;
  auto became = status::need_more;
  for (auto piece = first; became == status::need_more && !input.empty(); piece = step) {
    piece = std::min(piece, input.size());
    // Fresh memory of exactly the size, so that the sanitizer sees a view that was kept too long.
    std::vector<char> bytes(held);
    bytes.insert(bytes.end(), input.begin(), input.begin() + static_cast<std::ptrdiff_t>(piece));
    bytes.shrink_to_fit();
    held.swap(bytes);
    input.remove_prefix(piece);
    auto size = held.size();
    became = parser.parse(held.data(), size, request);
    demand(size <= held.size() && parser.consumed() <= size, "no more is taken than has come");
    held.resize(size);
  }
  if (became == status::need_more) return "more";
  if (became == status::failed) return describe(parser.error()).text.data();
  check(request);
  std::string seen{request.method};
  for (const auto part : {request.target, request.host, request.path, request.query, request.body})
    seen.append(1, '\0').append(part);
  for (const auto& field : request.fields)
    seen.append(1, '\1').append(field.name).append(1, '\2').append(field.value);
  seen.append(parser.keep_alive() ? "keep" : "close");
  const std::string_view left{held.data() + parser.consumed(), held.size() - parser.consumed()};
  return seen.append(left).append(input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto input = fuzz::text_of(data + 1, size - 1);
  const auto whole = read(input, input.size(), 1);
  demand(read(input, 1, 1) == whole, "a request is read alike byte by byte");
  const auto cut = 1 + std::size_t{data[0]} % input.size();
  demand(read(input, cut, input.size()) == whole, "a request is read alike in two pieces");
  return 0;
}
