#pragma once
/// The beginning: machinery and world out of a scenario, and nodes that join later.
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// Loads and deals the data, makes learner, aggregator, network, topology and nodes. Errors begin
/// with the key that is to blame ("partition.samples_per_node = 7000: ...").
Result<std::unique_ptr<Run>> Begin(const Scenario& scenario, const Registry& registry);

/// Makes learner and aggregator anew from machinery.scenario (and workers, if their number
/// changed). On an error everything is as before. Returns true if the learner's state rows have
/// another layout than before: then all nodes' states must be reset.
Result<bool> RenewMachinery(Machinery& machinery);

/// Whether RenewMachinery would take this scenario: its errors, except about workers.
Result<void> CanRenewMachinery(const Machinery& machinery, const Scenario& scenario);

/// Fresh model and state rows of a node, by `model.init`.
Result<std::pair<Row, Row>> InitialRows(Machinery& machinery, NodeId node);

/// Takes over what `set` may change (see Simulation::Reconfigure).
Result<std::vector<std::string>> Reconfigure(Run& run, const Scenario& changed,
                                             std::string_view key, std::string_view value);
Result<void> Reconfigure(Run& run, const Scenario& changed, std::string_view key,
                         std::string_view value, std::span<const NodeId> nodes);

/// Adds a node to a run under way.
Result<NodeId> AddNode(Run& run, const NewNode& wanted);

}  // namespace delstep
