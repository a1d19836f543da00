// The answer to one request, written straight into the transport's buffer: the codec's outgoing
// half. Nothing else writes a JSON-RPC envelope.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/writer.hpp"
#include "sesame/protocol/error.hpp"
#include "sesame/protocol/message.hpp"
#include "sesame/protocol/revision.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace sesame::inline v0::protocol {

/// Writes one response: `begin`, any number of `member`s with a value behind each, `end`; or
/// `error`. A response that was begun and then has to be an error instead is taken back whole.
class reply {
 public:
  /// `out` is appended to. `own_meta` is what `own_meta_of` has made, and must outlive the reply.
  reply(std::string& out, std::string_view own_meta)
      : out_(out), start_(out.size()), own_meta_(own_meta) {}

  /// What a server says of itself with each result of the stateless era: the last member and all that
  /// closes it, put together once. `server_info` is the server's `Implementation` as JSON text.
  [[nodiscard]] static std::string own_meta_of(std::string_view server_info);

  void answer_to(message_id id) noexcept { id_ = id; }
  void speak(const revision& wire) noexcept { wire_ = &wire; }

  [[nodiscard]] const revision& wire() const noexcept { return *wire_; }
  [[nodiscard]] json::writer& out() noexcept { return out_; }
  [[nodiscard]] const message_id& id() const noexcept { return id_; }

  /// The HTTP status that goes with what was written.
  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] std::string_view text() const noexcept {
    return std::string_view{out_.text()}.substr(start_);
  }
  [[nodiscard]] bool written() const noexcept { return out_.text().size() != start_; }

  /// Opens the result. `type` is its `resultType` in the stateless era.
  void begin(std::string_view type = "complete");

  /// Says that a member of the result comes next, of which everything is to be written behind it.
  void next() {
    if (!first_) out_.raw(',');
    first_ = false;
  }

  /// The key of the next member of the result; its value is to be written behind it. The name needs
  /// no escape.
  void member(std::string_view name);

  /// Members of the result that are JSON text already, without the braces around them.
  void members(std::string_view text);

  /// Closes the result. `meta` are members of its `_meta`, as JSON.
  void end(std::string_view meta = {});

  /// Takes back whatever was written, and that some of it had no JSON form.
  void discard();

  /// Replaces whatever was written by an error response whose `error` is JSON text already.
  void error_text(std::string_view error);

  /// Replaces whatever was written by an error response. An id that could not be read is left out.
  void error(const rpc_error& e);

 private:
  json::writer out_;
  std::size_t start_;
  std::string_view own_meta_;
  message_id id_;
  const revision* wire_ = &stateless_revision;
  int status_ = 200;
  bool first_ = true;
};

}  // namespace sesame::inline v0::protocol

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/protocol/impl/reply.ipp"
#endif
