#pragma once
/// Hashes of bytes (XXH3, 64 bit): equal on every machine.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace delstep {

std::uint64_t HashBytes(std::span<const std::byte> bytes, std::uint64_t seed = 0);
inline std::uint64_t HashText(std::string_view text, std::uint64_t seed = 0) {
  return HashBytes(std::as_bytes(std::span(text)), seed);
}
/// 16 hexadecimal digits.
std::string HexHash(std::uint64_t hash);

}  // namespace delstep
