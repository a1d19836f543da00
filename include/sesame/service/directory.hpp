// A folder of files as resources.
//
//     sesame::server server{{.name = "docs", .version = "1.0.0"},
//                           sesame::directory{{.root = "/srv/docs", .uri = "docs://files/"}}};
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/configuration.hpp"
#include "sesame/json/document.hpp"
#include "sesame/net/uri.hpp"
#include "sesame/net/url.hpp"
#include "sesame/result.hpp"
#include "sesame/service/entry.hpp"
#include "sesame/service/policies.hpp"
#include "sesame/service/resource.hpp"
#include "sesame/service/resource_result.hpp"

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

namespace sesame::inline v0 {

/// What a `directory` serves, and under which URIs.
struct directory_options {
  std::string root;            ///< the folder
  std::string uri{};           ///< before the path; empty: `file://` and the folder
  std::string name = "files";  ///< of the template
  std::string description = "A file, by its path below the folder";
  std::size_t max_size = std::size_t{4} << 20;  ///< bytes of one file; larger ones are refused
  bool hidden = false;                          ///< also what begins with a dot
};

namespace detail {

/// A file descriptor that is closed with its owner.
class descriptor {
 public:
  explicit descriptor(int number) noexcept : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }

 private:
  int number_;
};

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

}  // namespace detail

/// Serves the files below one folder, as they are when they are read. The policies are those of a
/// service.
///
/// A path has no way out: it is taken apart after its one decoding, and each part is opened from the
/// folder before it. Empty parts, `.` and `..` are refused, symbolic links are not followed, and
/// only regular files are read: no devices, no pipes, no sockets. What cannot be read is not found.
/// A hard link cannot be told from the file itself. Needs POSIX.
template <class... Policies>
class directory : public service<Policies...> {
 public:
  /// Throws `configuration_error` for a folder that is none, or for a `uri` that cannot stand before
  /// a path.
  explicit directory(directory_options options)
      : options_(std::move(options)),
        root_(::open(options_.root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (!root_) throw configuration_error("root", "must be a folder that can be read");
    if (options_.uri.empty()) options_.uri = uri_of(options_.root);
    if (!options_.uri.ends_with('/') || !net::is_uri(options_.uri + "x"))
      throw configuration_error("uri", "must have a scheme and end with a slash");
    template_ = options_.uri + "{+path}";
  }

  /// A file by its path below the folder.
  struct address {
    std::string path;
  };
  [[nodiscard]] result<std::optional<resource_contents>> read(const address& at) const {
    const auto file = open(at.path);
    struct stat facts{};
    if (!file || ::fstat(file.number(), &facts) != 0 || !S_ISREG(facts.st_mode))
      return std::optional<resource_contents>{};
    std::string data;
    if (!fill(data, file)) return failure{error{"the file could not be read"}};
    if (data.size() > options_.max_size) return failure{error{"the file is too large to be read"}};
    return std::optional{contents_of(at.path, std::move(data))};
  }

  /// Writes what is known only now into the template's row; called by the server.
  void finish(detail::resource_entry& made) const {
    made.key = template_;
    made.name = options_.name;
    made.description = options_.description;
  }

  using resources =
      sesame::resources<resource_template<&directory::read, "file:///{+path}", "A file">>;

 private:
  static std::string uri_of(const std::string& root) {
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

  // Opens what is at the end of a path, each folder on the way from the one before it. Nothing waits
  // for a pipe's other end, and no terminal becomes the program's own.
  [[nodiscard]] detail::descriptor open(std::string_view path) const {
    constexpr int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    detail::descriptor none{-1};
    detail::descriptor folder{-1};
    if (path.find('\0') != std::string_view::npos) return none;
    while (true) {
      const std::string part{path.substr(0, path.find('/'))};
      if (part.empty() || part == "." || part == ".." || (!options_.hidden && part.front() == '.'))
        return none;
      const int from = folder ? folder.number() : root_.number();
      const bool last = part.size() == path.size();
      // Opening a device can do something already.
      struct stat facts{};
      if (::fstatat(from, part.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0 ||
          !(last ? S_ISREG(facts.st_mode) : S_ISDIR(facts.st_mode)))
        return none;
      detail::descriptor next{::openat(from, part.c_str(), last ? flags : flags | O_DIRECTORY)};
      if (last || !next) return next;
      folder = std::move(next);
      path.remove_prefix(part.size() + 1);
    }
  }

  // Reads a file, and one byte more than it may have.
  [[nodiscard]] bool fill(std::string& data, const detail::descriptor& file) const {
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

  // A text is what is UTF-8, unless its name says that it is something else.
  static resource_contents contents_of(std::string_view path, std::string data) {
    const auto known = std::ranges::find_if(
        detail::file_types, [&](const auto& type) { return path.ends_with(type.ending); });
    const bool named = known != detail::file_types.end();
    const bool is_text =
        (!named || known->is_text) && data.find('\0') == std::string::npos && json::is_utf8(data);
    const std::string_view otherwise = is_text ? "text/plain" : "application/octet-stream";
    return {{}, std::string{named ? known->mime_type : otherwise}, std::move(data), !is_text};
  }

  directory_options options_;
  detail::descriptor root_;
  std::string template_;
};

}  // namespace sesame::inline v0
