#pragma once
/// Training options that may differ between nodes.
///
/// Keys are full names as in a scenario ("training.lr"); values are numbers that a double holds
/// exactly.
/// Threads: reading from any thread while nobody writes.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/run.h"
#include "delstep/result.h"

namespace delstep {

/// Their keys, in the order of Scenario.
std::vector<std::string> NodeOptionKeys();
/// kUsage, with the keys that there are, for another key.
Result<void> CheckNodeOption(std::string_view key);

/// What the node trains with: the scenario's options, and its own instead where it has some.
TrainingOptions TrainingOf(const Run& run, const Node& node);

/// Whether training pulls to the model of the node's last aggregation, or sharing looks at it.
bool KeepsAnchor(const Run& run, const Node& node);
/// Gives an anchor to the nodes that keep one from now on: where it is gone, the present model.
void RenewAnchors(Run& run);

/// The nodes have, from now on, the value that `key` has in `training`. Requires a key that
/// CheckNodeOption takes.
void SetNodeOption(World& world, std::string_view key, const TrainingOptions& training,
                   std::span<const NodeId> nodes);
/// All nodes have the scenario's value again. Returns how many had one of their own.
std::size_t ResetNodeOption(World& world, std::string_view key);

}  // namespace delstep
