// What service/uri_template.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/value.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/uri.hpp"
#include "sesame/service/uri_template.hpp"

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace sesame::inline v0::detail {

SESAME_INLINE std::optional<template_values> match_template(std::string_view text,
                                                            std::string_view uri) {
  template_values values;
  while (!text.empty()) {
    const auto part = take_part(text);
    if (!part || !uri.starts_with(part->literal)) return std::nullopt;
    uri.remove_prefix(part->literal.size());
    if (part->variable.empty()) break;
    std::size_t size = part->reserved ? uri.size() : 0;
    while (size < uri.size() && !ends_variable(uri[size])) ++size;
    auto value = net::percent_decode(uri.substr(0, size));
    if (!value || !json::is_utf8(*value)) return std::nullopt;
    if (!value->empty()) values.emplace_back(part->variable, *std::move(value));
    uri.remove_prefix(size);
  }
  if (!uri.empty()) return std::nullopt;
  return values;
}

}  // namespace sesame::inline v0::detail
