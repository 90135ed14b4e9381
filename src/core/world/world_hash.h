#pragma once
/// One number for all that decides the future of a world.
#include <cstdint>
#include <string>
#include <vector>

#include "core/world/world.h"

namespace delstep {

/// Of the floats, bit for bit.
std::uint64_t HashRow(const Row& row);

/// Of every field that fields.h calls state, the saved network included where the backend can save
/// itself: two worlds of one scenario with equal hashes go on alike. What only records is not in it
/// (the last tests), nor in which memory rows lie or who shares them. Equal on every machine of one
/// byte order. Cost: a pass over every row that is held, each once.
std::uint64_t HashWorld(const World& world);

/// Where two worlds differ in what the hash covers: "cycle", "traffic", "node 3: model". Empty
/// where their hashes are equal. Worth its time where two runs should agree and do not.
std::vector<std::string> DifferentFields(const World& a, const World& b);

}  // namespace delstep
