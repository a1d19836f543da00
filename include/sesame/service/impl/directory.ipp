// What service/directory.hpp declares.
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"
#include "sesame/json/value.hpp"
#include "sesame/linkage.hpp"
#include "sesame/net/uri.hpp"
#include "sesame/net/url.hpp"
#include "sesame/protocol/content.hpp"
#include "sesame/result.hpp"
#include "sesame/service/directory.hpp"
#include "sesame/service/entry.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sesame::inline v0::detail {

/// What is known of a file by the end of its name.
struct file_type {
  std::string_view ending;
  std::string_view mime_type;
  bool is_text;
};
inline constexpr std::array<file_type, 26> file_types{{
    {".c", "text/x-c", true},
    {".cpp", "text/x-c++", true},
    {".css", "text/css", true},
    {".csv", "text/csv", true},
    {".gif", "image/gif", false},
    {".gz", "application/gzip", false},
    {".hpp", "text/x-c++", true},
    {".htm", "text/html", true},
    {".html", "text/html", true},
    {".jpeg", "image/jpeg", false},
    {".jpg", "image/jpeg", false},
    {".js", "text/javascript", true},
    {".json", "application/json", true},
    {".md", "text/markdown", true},
    {".mp3", "audio/mpeg", false},
    {".pdf", "application/pdf", false},
    {".png", "image/png", false},
    {".py", "text/x-python", true},
    {".svg", "image/svg+xml", true},
    {".txt", "text/plain", true},
    {".wav", "audio/wav", false},
    {".webp", "image/webp", false},
    {".xml", "application/xml", true},
    {".yaml", "application/yaml", true},
    {".yml", "application/yaml", true},
    {".zip", "application/zip", false},
}};

SESAME_INLINE std::string uri_of_folder(const std::string& root) {
  std::error_code failed;
  const auto path = std::filesystem::canonical(root, failed);
  if (failed) throw configuration_error("root", "must be a folder that can be read");
  std::string uri = "file://";
  for (const auto& part : path.relative_path()) {
    uri += '/';
    net::append_percent_encoded(uri, part.string());
  }
  return uri + '/';
}

// A text is what is UTF-8, unless its name says that it is something else.
SESAME_INLINE resource_contents contents_of_file(std::string_view path, std::string data) {
  const auto known = std::ranges::find_if(
      file_types, [&](const auto& type) { return path.ends_with(type.ending); });
  const bool named = known != file_types.end();
  const bool is_text =
      (!named || known->is_text) && data.find('\0') == std::string::npos && json::is_utf8(data);
  const std::string_view otherwise = is_text ? "text/plain" : "application/octet-stream";
  return {{}, std::string{named ? known->mime_type : otherwise}, std::move(data), !is_text};
}

SESAME_INLINE descriptor::~descriptor() {
  if (number_ >= 0) ::close(number_);
}

SESAME_INLINE folder::folder(directory_options options)
    : options_(std::move(options)),
      root_(::open(options_.root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (!root_) throw configuration_error("root", "must be a folder that can be read");
  if (options_.uri.empty()) options_.uri = uri_of_folder(options_.root);
  if (!options_.uri.ends_with('/') || !net::is_uri(options_.uri + "x"))
    throw configuration_error("uri", "must have a scheme and end with a slash");
  template_ = options_.uri + "{+path}";
}

SESAME_INLINE void folder::finish(resource_entry& made) const {
  made.key = template_;
  made.name = options_.name;
  made.description = options_.description;
}

SESAME_INLINE result<std::optional<resource_contents>> folder::read(std::string_view path) const {
  const auto file = open(path);
  struct stat facts{};
  if (!file || ::fstat(file.number(), &facts) != 0 || !S_ISREG(facts.st_mode))
    return std::optional<resource_contents>{};
  std::string data;
  if (!fill(data, file)) return failure{error{"the file could not be read"}};
  if (data.size() > options_.max_size) return failure{error{"the file is too large to be read"}};
  return std::optional{contents_of_file(path, std::move(data))};
}

// Opens what is at the end of a path, each folder on the way from the one before it. Nothing waits
// for a pipe's other end, and no terminal becomes the program's own.
SESAME_INLINE descriptor folder::open(std::string_view path) const {
  constexpr int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  descriptor none{-1};
  descriptor above{-1};
  if (path.find('\0') != std::string_view::npos) return none;
  while (true) {
    const std::string part{path.substr(0, path.find('/'))};
    if (part.empty() || part == "." || part == ".." || (!options_.hidden && part.front() == '.'))
      return none;
    const int from = above ? above.number() : root_.number();
    const bool last = part.size() == path.size();
    // Opening a device can do something already.
    struct stat facts{};
    if (::fstatat(from, part.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0 ||
        !(last ? S_ISREG(facts.st_mode) : S_ISDIR(facts.st_mode)))
      return none;
    descriptor next{::openat(from, part.c_str(), last ? flags : flags | O_DIRECTORY)};
    if (last || !next) return next;
    above = std::move(next);
    path.remove_prefix(part.size() + 1);
  }
}

// Reads a file, and one byte more than it may have.
SESAME_INLINE bool folder::fill(std::string& data, const descriptor& file) const {
  std::array<char, 16'384> block;
  while (data.size() <= options_.max_size) {
    const auto most = std::min(block.size(), options_.max_size - data.size() + 1);
    const auto got = ::read(file.number(), block.data(), most);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    data.append(block.data(), static_cast<std::size_t>(got));
  }
  return true;
}

}  // namespace sesame::inline v0::detail
