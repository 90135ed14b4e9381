#pragma once
/// CRC-32, the check sum of zip files, also of a content whose parts several processes know.
#include <cstddef>
#include <cstdint>
#include <span>

namespace delstep {

/// Of the bytes; with `before`, of what that is the check sum of and then the bytes.
std::uint32_t Crc32(std::span<const std::byte> bytes, std::uint32_t before = 0);

/// Of one content and a second one after it, which has `size` bytes.
std::uint32_t JoinCrc32(std::uint32_t first, std::uint32_t second, std::uint64_t size);

}  // namespace delstep
