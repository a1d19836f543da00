// A parsed JSON value, seen through the document that it is in. simdjson has read it; its header, which
// is large, is needed only where these functions are defined.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace sesame::inline v0::json {

/// What a value is. Numbers are told apart by how they were written, and by what holds them.
enum class type : std::uint8_t {
  null,
  boolean,
  int64,   ///< a whole number that an `std::int64_t` holds
  uint64,  ///< a larger one, that an `std::uint64_t` holds
  real,    ///< any other number
  string,
  array,
  object,
};

class array;
class object;

/// A view into a `document`, of two words. One that was made without a document may only be assigned
/// to.
class value {
 public:
  value() = default;

  [[nodiscard]] json::type type() const noexcept;
  [[nodiscard]] bool is_null() const noexcept { return type() == json::type::null; }
  [[nodiscard]] bool is_string() const noexcept { return type() == json::type::string; }
  [[nodiscard]] bool is_array() const noexcept { return type() == json::type::array; }
  [[nodiscard]] bool is_object() const noexcept { return type() == json::type::object; }

  /// Puts the value into `to`. False, and `to` is as it was, where the value is of another type, or
  /// does not fit; a whole number fits a double.
  bool get(bool& to) const noexcept;
  bool get(std::int64_t& to) const noexcept;
  bool get(std::uint64_t& to) const noexcept;
  bool get(double& to) const noexcept;
  bool get(std::string_view& to) const noexcept;
  bool get(json::array& to) const noexcept;
  bool get(json::object& to) const noexcept;

  /// What a JSON Pointer (RFC 6901) leads to from here.
  [[nodiscard]] std::optional<value> at_pointer(std::string_view pointer) const noexcept;

 private:
  const void* document_ = nullptr;
  std::size_t place_ = 0;
};

/// One member of an object.
struct member {
  std::string_view key;
  json::value value;
};

/// The members of an object, in their order; a name may stand there twice.
class object {
 public:
  class iterator {
   public:
    using value_type = member;
    using difference_type = std::ptrdiff_t;

    [[nodiscard]] std::string_view key() const noexcept;
    [[nodiscard]] json::value value() const noexcept;
    member operator*() const noexcept { return {key(), value()}; }
    iterator& operator++() noexcept;
    iterator operator++(int) noexcept {
      const auto before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const iterator& one, const iterator& other) noexcept {
      return one.place_ == other.place_;
    }

   private:
    const void* document_ = nullptr;
    std::size_t place_ = 0;
  };

  object() = default;

  [[nodiscard]] iterator begin() const noexcept;
  [[nodiscard]] iterator end() const noexcept;
  /// How many there are, but no more than 16,777,215 is told.
  [[nodiscard]] std::size_t size() const noexcept;

  operator value() const noexcept;  // NOLINT(google-explicit-constructor)

 private:
  const void* document_ = nullptr;
  std::size_t place_ = 0;
};

/// The elements of an array.
class array {
 public:
  class iterator {
   public:
    using value_type = value;
    using difference_type = std::ptrdiff_t;

    value operator*() const noexcept;
    iterator& operator++() noexcept;
    iterator operator++(int) noexcept {
      const auto before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const iterator& one, const iterator& other) noexcept {
      return one.place_ == other.place_;
    }

   private:
    const void* document_ = nullptr;
    std::size_t place_ = 0;
  };

  array() = default;

  [[nodiscard]] iterator begin() const noexcept;
  [[nodiscard]] iterator end() const noexcept;
  /// How many there are, but no more than 16,777,215 is told.
  [[nodiscard]] std::size_t size() const noexcept;

  operator value() const noexcept;  // NOLINT(google-explicit-constructor)

 private:
  const void* document_ = nullptr;
  std::size_t place_ = 0;
};

/// The text of a value, without white space, its members in their order.
[[nodiscard]] std::string minify(value v);

/// Whether a text can stand in JSON: whether it is UTF-8.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace sesame::inline v0::json

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/json/impl/value.ipp"
#endif
