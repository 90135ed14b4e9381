#pragma once
/// Opening a file that somebody named, with every check that does not depend on its format.
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "delstep/result.h"

namespace delstep {

/// An open file; whoever takes it closes the descriptor.
struct OpenFile {
  int descriptor = -1;
  std::uint64_t size = 0;
};

/// Opens a file to read it from its front. Errors (kFile), each with the path: it is missing, there
/// is no permission, it is a folder, a device or a pipe, it is empty, or it is not what its name
/// says (OtherKind() in base/file_kind.h, with `takes`).
Result<OpenFile> OpenRegular(const std::filesystem::path& path, std::string_view takes);

}  // namespace delstep
