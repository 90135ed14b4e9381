#pragma once
/// A file that only grows, so that what has been written stays whatever happens to the program.
#include <filesystem>
#include <string_view>
#include <utility>

#include "delstep/result.h"

namespace delstep {

/// Movable; closes the file when it goes.
class AppendFile {
 public:
  /// Errors: kRefused if there is a file of that name already; kFile if it cannot be made.
  static Result<AppendFile> Create(const std::filesystem::path& path);
  AppendFile(AppendFile&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  AppendFile& operator=(AppendFile&&) = delete;
  ~AppendFile();

  /// Hands all of it to the system: it outlives a kill of the program. Errors: kFile, naming the
  /// file; a part of the text may have been written then.
  Result<void> Append(std::string_view text);

 private:
  AppendFile(std::filesystem::path path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}

  std::filesystem::path path_;
  int descriptor_;
};

}  // namespace delstep
