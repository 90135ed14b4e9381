#pragma once
/// Files that are read whole, and files that are never half written.
#include <cstddef>
#include <filesystem>
#include <functional>
#include <limits>
#include <ostream>
#include <string>
#include <string_view>

#include "delstep/result.h"

namespace delstep {

/// All bytes of a file, or of a pipe to its end. Errors (kFile): it is missing, a folder, cannot be
/// read, holds more than `most` bytes, or something stands in for it (file_kind.h); the message
/// names the file and the reason.
Result<std::string> ReadFile(const std::filesystem::path& path,
                             std::size_t most = std::numeric_limits<std::size_t>::max());

/// The text of a file: as ReadFile(), without the byte order mark of UTF-8 at its front, and with
/// line feeds where lines end by a carriage return alone, as on the first Macintosh. Errors
/// (kFile): those of ReadFile(), and what is no text in UTF-8: a packed file, UTF-16 or UTF-32, a
/// byte 0. The hint says how to convert it. Other bytes that are no UTF-8 stay, so that a reader
/// can say in which line they stand: NoUtf8() in file_kind.h.
Result<std::string> ReadText(const std::filesystem::path& path,
                             std::size_t most = std::numeric_limits<std::size_t>::max());

/// What a shell makes of a path that a person typed: `~` and `~/x` in the user's own home folder,
/// `~ann/x` in that of the user ann. Every other path stays as it is, also that of a user who does
/// not exist.
std::string ExpandHome(std::string_view path);

/// Whether there is a byte 0 in the path: the system would take what stands before it for the whole.
bool EndsEarly(std::string_view path);

/// Asked before a file or folder is made: after ExpandHome() a path that still begins with ~ names a
/// user that is not there, and a folder called ~ would be a trap.
Result<void> CheckHome(std::string_view path);

/// Why a file cannot be opened, after `error` of errno: "No such file or directory"; of a link to
/// nowhere, as git-annex leaves them, what it leads to.
std::string OpenFailure(const std::filesystem::path& path, int error);

/// Replaces the file by what `write` puts into the stream, whole or not at all: writes beside it,
/// synchronises, renames. Errors: kFile; the old file stays.
Result<void> ReplaceFile(const std::string& path, const std::function<void(std::ostream&)>& write);
Result<void> ReplaceFile(const std::string& path, std::string_view text);

}  // namespace delstep
