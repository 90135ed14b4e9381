#include "base/hash_file.h"

#include <xxhash.h>

#include <fstream>
#include <memory>
#include <string>

namespace delstep {

std::optional<std::uint64_t> HashFile(const std::filesystem::path& file, std::uint64_t seed) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream.is_open()) return std::nullopt;
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(),
                                                                       &XXH3_freeState);
  XXH3_64bits_reset_withSeed(state.get(), seed);
  std::string piece(std::size_t{1} << 20, '\0');
  do {
    stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    XXH3_64bits_update(state.get(), piece.data(), static_cast<std::size_t>(stream.gcount()));
  } while (stream);
  if (stream.bad()) return std::nullopt;  // a folder can be opened, and not read
  return XXH3_64bits_digest(state.get());
}

}  // namespace delstep
