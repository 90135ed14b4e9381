#pragma once
/// Who takes part: nodes that join, leave, go down and come back (churn).
///
/// Errors: kRefused for what the state forbids; then nothing has changed. Those of a network that
///   fails come through: it is asked before the world changes; after a Detach that went well, only the collection of what ended by it can still fail.
/// Threads: one caller at a time.
#include <cstddef>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// Gives the node fresh rows, a model and a state (core/engine/compute.h).
void GiveInitialModel(const Engine& engine, std::pair<Row, Row> rows, Node& node);
/// Enters a node that has an id, address, name and neighbours into the world's tables and the
/// network. Requires that its id is the next one, and that nobody has had its address.
Result<void> EnterNode(const Engine& engine, World& world, Node node);
/// The next address of the default order (10.0.0.1, 10.0.0.2, ...) that nobody has ever had.
Address NextDefaultAddress(const World& world);

/// Adds a node to a run under way: either with fresh data and links as the topology has them
/// ("full": to all), or `like` another node, with its data, labels and neighbours. The model is an
/// initial one in both cases. See Simulation::AddNode.
Result<NodeId> AddNode(Run& run, const NewNode& wanted);
/// The node leaves for good. Its messages on the wire, in its outbox and waiting at it are lost as
/// detached; records of its models at others stay until they expire. Its address is never used
/// again. See Simulation::RemoveNode.
Result<RemoveReport> RemoveNode(Run& run, NodeId node);
}  // namespace delstep
