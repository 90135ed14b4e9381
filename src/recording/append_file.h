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
  /// file; then some of the text's lines may have been written, each whole.
  Result<void> Append(std::string_view text);

 private:
  AppendFile(std::filesystem::path path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}
  void DropCutLine(std::string_view written);

  std::filesystem::path path_;
  int descriptor_;
};

}  // namespace delstep
