#pragma once
/// Commands of a front end that are planned for later: `at`, `every`. Here they are only kept.
///
/// Threads: one caller at a time.
#include <cstdint>
#include <optional>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// Returns its number. Errors: kRefused for a time before now.
Result<std::uint64_t> AddPlan(Run& run, PlannedCommand plan);
/// False if there is none.
bool DeletePlan(Run& run, std::uint64_t number);
/// The first one that is due, by (time, number): off the list, or due again later.
std::optional<PlannedCommand> TakeDuePlan(Run& run);

/// When the first one is due; SimTime::max() where nobody runs them, or there is none.
SimTime NextPlan(const Run& run);

/// Nodes that were moved by hand are where the world says: after it was replaced as a whole.
void PlaceNodes(Run& run);
/// Puts a node elsewhere, after the rest of this instant; see Simulation::Move().
Result<void> Move(Run& run, NodeId node, double x, double y);

}  // namespace delstep
