// A folder of files as resources.
//
//     sesame::server server{{.name = "docs", .version = "1.0.0"},
//                           sesame::directory{{.root = "/srv/docs", .uri = "docs://files/"}}};
// SPDX-License-Identifier: BSL-1.0

#pragma once

#include "sesame/result.hpp"
#include "sesame/service/entry.hpp"
#include "sesame/service/policies.hpp"
#include "sesame/service/resource.hpp"
#include "sesame/service/resource_result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
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
  ~descriptor();

  [[nodiscard]] int number() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }

 private:
  int number_;
};

/// The files below one folder, and what they are as resources.
class folder {
 public:
  /// Throws as `directory` does.
  explicit folder(directory_options options);

  [[nodiscard]] result<std::optional<resource_contents>> read(std::string_view path) const;

  /// Writes what is known only now into the template's row.
  void finish(resource_entry& made) const;

 private:
  [[nodiscard]] descriptor open(std::string_view path) const;
  [[nodiscard]] bool fill(std::string& data, const descriptor& file) const;

  directory_options options_;
  descriptor root_;
  std::string template_;
};

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
  explicit directory(directory_options options) : folder_(std::move(options)) {}

  /// A file by its path below the folder.
  struct address {
    std::string path;
  };
  [[nodiscard]] result<std::optional<resource_contents>> read(const address& at) const {
    return folder_.read(at.path);
  }

  /// Called by the server.
  void finish(detail::resource_entry& made) const { folder_.finish(made); }

  using resources =
      sesame::resources<resource_template<&directory::read, "file:///{+path}", "A file">>;

 private:
  detail::folder folder_;
};

}  // namespace sesame::inline v0

#ifndef SESAME_SEPARATE_COMPILATION
#  include "sesame/service/impl/directory.ipp"
#endif
