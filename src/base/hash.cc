#include "base/hash.h"

#include <fmt/format.h>
#include <xxhash.h>

namespace delstep {

// XXH3: not safe against attackers, but faster than memory, and the same on every machine.
std::uint64_t HashBytes(std::span<const std::byte> bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::string HexHash(std::uint64_t hash) { return fmt::format("{:016x}", hash); }

}  // namespace delstep
