#pragma once
/// What others see of a run, or of a moment of it: copies of the state in words of the public
/// interface. They change nothing. Nodes must be present. Lists are ascending by node, then by neighbour or peer.
/// Threads: any, while nobody changes the run.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/run.h"
#include "delstep/graph.h"
#include "delstep/simulation.h"

namespace delstep {

/// Of the present. `changed_labels` is counted against the data set, which a world has not.
NodeView ViewOf(const Run& run, NodeId node);
/// The same but for `changed_labels`, which is 0.
NodeView ViewOf(const World& world, NodeId node);
/// See Simulation::BehaviourNames(). Ascending.
std::vector<std::string> BehavioursOf(const World& world);
/// By address or name; nothing if it is not present.
std::optional<NodeId> FindPresent(const World& world, std::string_view address_or_name);
/// In order of creation.
std::vector<GroupView> GroupsOf(const World& world);
/// The node's row, shared: nothing is copied.
ModelValues ModelOf(const World& world, NodeId node);
/// The records of the node's guestbook. A peer may have left.
std::vector<EncounterView> EncountersOf(const World& world, NodeId node);
/// Every link of every present node, up or down, one entry per direction.
std::vector<LinkView> LinksOf(const World& world);
std::vector<LinkView> LinksOf(const World& world, NodeId node);
std::vector<LinkView> LinksAmong(const World& world, std::span<const NodeId> nodes);
/// Links that are up in at least one direction, as an undirected graph of the present nodes.
Graph TopologyOf(const Run& run);

}  // namespace delstep
