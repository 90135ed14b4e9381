#pragma once
/// A file that several processes write together: the first makes it and gives it room, each writes its
/// parts, the first gives it its name.
///
/// Errors (kFile) name the file and the reason.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>
#include <span>
#include <string>

#include "delstep/result.h"

namespace delstep {

/// Bytes, and where in the file they belong.
struct FilePart {
  std::uint64_t at = 0;
  std::span<const std::byte> bytes{};
};

/// Makes a file that is there at least so long; what is in it stays. Where the file system can, the
/// room is reserved, so that a full disk is found before anybody has begun.
Result<void> MakeRoom(const std::string& file, std::uint64_t size);

/// Whether the file is there and so long. Of a file that another machine has just made, one that does
/// not share the file system says no.
bool SeesFile(const std::string& file, std::uint64_t size);

/// Tells a file that is finished from another one under the same name: how long it is, and a check sum of
/// its end. The end of a zip archive has the check sums of all that is in it.
struct FileMark {
  std::uint64_t size = 0;
  std::uint64_t from = 0;       ///< where the end begins
  std::uint32_t check_sum = 0;  ///< CRC-32 of the end
};
/// Reads the end. A file that is shorter than `from` is an error.
Result<FileMark> MarkOf(const std::string& file, std::uint64_t from);
/// Whether the file is there and has this mark. Another machine that does not share the file system may
/// have a file of this name from before.
bool HasMark(const std::string& file, const FileMark& mark);

/// Writes the parts into a file that is there, which nobody else writes at these places, and returns
/// when they are on the disk. Nothing is read, and no byte beside the parts is written: on a network
/// file system others may write close by. Parts that follow each other go in one call.
Result<void> WriteParts(const std::string& file, std::span<const FilePart> parts);

/// Room for bytes, and where in the file they are.
struct FileRoom {
  std::uint64_t at = 0;
  std::span<std::byte> bytes{};
};
/// Fills all of it. A file that ends before is an error.
Result<void> ReadParts(const std::string& file, std::span<const FileRoom> parts);

/// As ReplaceFile() of base/files.h, for a file that is not written by the stream alone: `write` is told
/// its name for the time being, `path`.part-XXXXXX, which ends with the file. If the process is killed
/// meanwhile that file stays, and the next call for this path removes it. Errors: those of `write` too, in whose
/// messages `path` stands for that name; the old file stays.
Result<void> ReplaceFileTogether(
    const std::string& path,
    const std::function<Result<void>(std::ostream& out, const std::string& name)>& write);

}  // namespace delstep
