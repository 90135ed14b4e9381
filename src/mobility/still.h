#pragma once
/// Nodes that stay where they are.
#include <cstdint>
#include <memory>

#include "delstep/mobility.h"
#include "delstep/scenario.h"

namespace delstep {

/// Each node lies for ever at a point drawn uniformly from the field: x in [0, width), y in [0,
/// height), z = 0, a function of (seed, node) alone, by the stream Purpose::kPosition.
std::unique_ptr<Mobility> MakeStill(std::uint64_t seed, const Area& field = {});

}  // namespace delstep
