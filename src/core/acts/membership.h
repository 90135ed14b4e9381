#pragma once
/// Who takes part: nodes that join, leave, go down and come back (churn).
#include <cstddef>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// Enters a node that has an id, address, name and neighbours into the world's tables and the
/// network.
Result<void> Enroll(World& world, Node node);
/// The next address of the default order (10.0.0.1, 10.0.0.2, ...) that nobody has ever had.
Address NextDefaultAddress(World& world);

/// Adds a node to a run under way. See Simulation::AddNode.
Result<NodeId> AddNode(Run& run, const NewNode& wanted);
/// See Simulation::RemoveNode.
Result<RemoveReport> RemoveNode(Run& run, NodeId node);
/// See Simulation::SetUp.
Result<std::size_t> SetUp(Run& run, NodeId node, bool up);

}  // namespace delstep
