#pragma once
/// A file seen as memory: only what is looked at is read.
#include <string>
#include <string_view>
#include <utility>

#include "delstep/result.h"

namespace delstep {

/// The view is valid as long as the object. The file must not become shorter meanwhile, which ends the
/// program: for files that are replaced by renaming. For looking here and there, not from end to end.
class MappedFile {
 public:
  /// Errors (kFile): it cannot be opened or mapped.
  static Result<MappedFile> Open(const std::string& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept {
    std::swap(view_, other.view_);
    return *this;
  }
  ~MappedFile();

  std::string_view view() const { return view_; }

 private:
  explicit MappedFile(std::string_view view) : view_(view) {}
  std::string_view view_;
};

}  // namespace delstep
