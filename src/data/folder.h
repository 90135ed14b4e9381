#pragma once
/// Files and folders that a user names; what lies in a folder comes in the same order everywhere.
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "archive/byte_buffer.h"
#include "delstep/result.h"

namespace delstep {

/// Paths of the entries, sorted by name, byte by byte; those whose name begins with "." are left
/// out, and what systems leave behind ("__MACOSX", "@eaDir"). Errors (kFile): no such folder, no
/// permission, a file: what kind of one, and the folder that it lies in.
Result<std::vector<std::filesystem::path>> EntriesOf(const std::filesystem::path& folder);

/// `path` if it is no folder, else its entries that end in `ending` (".json"; case does not
/// matter), as EntriesOf() sorts them. Errors (kFile): as EntriesOf(), or there is no such entry.
Result<std::vector<std::filesystem::path>> FilesAt(const std::filesystem::path& path,
                                                   std::string_view ending);

/// All bytes of a file. Errors (kFile): no such file, no permission, no regular file, more than
/// `most` bytes, no memory.
Result<ByteBuffer> ReadWhole(const std::filesystem::path& path, std::uint64_t most);

bool IsFolder(const std::filesystem::path& path);

}  // namespace delstep
