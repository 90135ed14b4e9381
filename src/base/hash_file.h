#pragma once
/// Hashes of files, which may be larger than the memory.
#include <cstdint>
#include <filesystem>
#include <optional>

namespace delstep {

/// The hash of a file's bytes, read by pieces: that of HashText() of all of them. Nothing where it
/// cannot be read, as of a folder. Waits for what comes out of a pipe.
std::optional<std::uint64_t> HashFile(const std::filesystem::path& file, std::uint64_t seed = 0);

}  // namespace delstep
