// URI templates, read backwards: a template and a URI, one a line.
// SPDX-License-Identifier: BSL-1.0

#include "sesame/service/uri_template.hpp"

#include "sesame/json/document.hpp"
#include "sesame/net/url.hpp"

#include "fuzz.hpp"
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using fuzz::demand;
using values = std::vector<std::pair<std::string_view, std::string>>;
namespace detail = sesame::detail;

// The URI that a template makes of values (RFC 6570, section 3.2.2), all of it encoded.
std::string expand(std::string_view text, const values& given) {
  std::string uri;
  while (!text.empty()) {
    const auto part = detail::take_part(text);
    demand(part.has_value(), "a template without a fault can be taken apart");
    uri += part->literal;
    for (const auto& [name, value] : given)
      if (name == part->variable) sesame::net::append_percent_encoded(uri, value);
  }
  return uri;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto [text, uri] = fuzz::split_line(fuzz::text_of(data, size));
  if (detail::fault_of(text) != detail::template_fault::none) return 0;
  const auto found = detail::match_template(text, uri);
  if (!found) return 0;
  for (const auto& [name, value] : *found)
    demand(!value.empty() && sesame::json::is_utf8(value), "a value is a text");
  demand(detail::match_template(text, expand(text, *found)) == found,
         "the values make a URI that has them");
  return 0;
}
