#pragma once
/// Worlds become bytes and lists of rows; world_bytes.h says how.
///
/// Threads: worlds are read; nobody writes them meanwhile.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/world/world.h"
#include "core/world/world_bytes.h"
#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

/// Several worlds of one run. What they share is written once, with the first of them, and is
/// shared again after reading.
struct SavedWorlds {
  std::vector<std::string> fields;  ///< of each world
  SavedRows rows;                   ///< of all of them
};

/// How much the worlds after the first may add: their fields, and rows that no world before them
/// has.
struct Budget {
  Bytes least = 0;          ///< for all worlds but the first
  std::uint64_t share = 0;  ///< the same, as many times what the first one takes
};

/// The first world, and of the others, in order, as many as it takes to pass the greater one of the
/// two limits. Errors: those of Network::Save().
Result<SavedWorlds> SaveWorlds(std::span<const World* const> worlds, const Budget& budget);

}  // namespace delstep
