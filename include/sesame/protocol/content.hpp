// What tools, prompts and resources answer with: text, pictures, sound, resources and links to them;
// and how each looks to a revision that does not know it yet.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/json/writer.hpp"
#include "sesame/protocol/icon.hpp"
#include "sesame/protocol/revision.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sesame::inline v0 {

/// Who says something in a conversation with a model.
enum class role : std::uint8_t { user, assistant };

/// Whom a block of content is for, and how much it matters (0 to 1). Hints for the client.
struct content_annotations {
  bool for_user = false;
  bool for_assistant = false;
  std::optional<double> priority{};
  std::string last_modified{};  ///< an RFC 3339 time; empty for none
};

// In all of these `meta` is the block's `_meta`: the text of a JSON object, or empty.

struct text_content {
  std::string text;
  content_annotations annotations{};
  std::string meta{};
};

/// A picture. `data` holds the bytes of the file; base64 is the wire's business.
struct image_content {
  std::string data;
  std::string mime_type = "image/png";
  content_annotations annotations{};
  std::string meta{};
};

/// A sound. `data` holds the bytes of the file.
struct audio_content {
  std::string data;
  std::string mime_type = "audio/wav";
  content_annotations annotations{};
  std::string meta{};
};

/// A reference to something the client may read later.
struct resource_link {
  std::string uri;
  std::string name;
  std::string title{};
  std::string description{};
  std::string mime_type{};
  content_annotations annotations{};
  std::optional<std::uint64_t> size{};  ///< bytes
  std::vector<icon> icons{};
  std::string meta{};
};

/// The contents of a resource itself: text, or with `binary` set the bytes of a file. Without a
/// MIME type it is `text/plain`, or `application/octet-stream`.
struct embedded_resource {
  std::string uri;
  std::string mime_type;
  std::string data;
  bool binary = false;
  content_annotations annotations{};
  std::string meta{};
};

/// What `resources/read` answers with: text, or with `binary` set the bytes of a file. Without a
/// URI it is that of the request, without a MIME type that of the declaration.
struct resource_contents {
  std::string uri;
  std::string mime_type;
  std::string data;
  bool binary = false;
  std::string meta{};
};

/// One block of content.
using content =
    std::variant<text_content, image_content, audio_content, resource_link, embedded_resource>;
using content_list = std::vector<content>;

namespace protocol {

namespace detail {

void member(json::writer& out, std::string_view key, std::string_view text);

void write_annotations(const content_annotations& a, const revision& wire, json::writer& out);

// Whether a key of `_meta` is one that an application may use: a name, or a prefix of labels with
// dots between, a slash and a name. Prefixes whose second label is `modelcontextprotocol` or `mcp` are
// the protocol's own (MCP 2026-07-28, basic, `_meta`).
bool is_meta_key(std::string_view key) noexcept;

// Writes `_meta` where the revision has it. It is parsed first: what is no JSON would break the whole
// answer, and a line break in it the lines of stdio. A key that may not be used fails too.
void write_meta(std::string_view meta, const revision& wire, json::writer& out);

// What a resource holds, without the braces; the same stands in a block and in `resources/read`.
void write_held(std::string_view uri, std::string_view mime_type, std::string_view data,
                bool binary, json::writer& out);

struct content_writer {
  const revision& wire;
  json::writer& out;

  void operator()(const text_content& block) const;
  void operator()(const image_content& block) const;
  void operator()(const audio_content& block) const;
  void operator()(const resource_link& block) const;
  void operator()(const embedded_resource& block) const;

 private:
  template <class Block>
  void end(const Block& block) const {
    write_annotations(block.annotations, wire, out);
    write_meta(block.meta, wire, out);
    out.raw('}');
  }
};

}  // namespace detail

/// Writes one block as the revision knows it. What it does not know becomes the nearest thing that
/// it does: a link becomes text, a sound becomes an embedded resource.
void write(const content& block, const revision& wire, json::writer& out);

}  // namespace protocol
}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/protocol/impl/content.ipp"
#endif
