#pragma once
/// Nodes that stay where they are.
#include <cstdint>
#include <memory>

#include "delstep/mobility.h"

namespace delstep {

/// Each node lies for ever at a point drawn uniformly from the unit square: x, y in [0, 1), z = 0,
/// a function of (seed, node) alone, by the stream Purpose::kPosition. Never fails.
std::unique_ptr<Mobility> MakeStill(std::uint64_t seed);

}  // namespace delstep
