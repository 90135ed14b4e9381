#pragma once
/// What others see of a run: copies of the state in words of the public interface. They change
/// nothing. Nodes must be present. Lists are ascending by node, then by neighbour or peer.
/// Threads: any, while nobody changes the run.
#include <span>
#include <vector>

#include "core/engine/run.h"
#include "delstep/graph.h"
#include "delstep/simulation.h"

namespace delstep {

NodeView ViewOf(const Run& run, NodeId node);
/// The records of the node's guestbook. A peer may have left.
std::vector<EncounterView> EncountersOf(const World& world, NodeId node);
/// Every link of every present node, up or down, one entry per direction.
std::vector<LinkView> LinksOf(const World& world);
std::vector<LinkView> LinksOf(const World& world, NodeId node);
std::vector<LinkView> LinksAmong(const World& world, std::span<const NodeId> nodes);
/// Links that are up in at least one direction, as an undirected graph of the present nodes.
Graph TopologyOf(const Run& run);

}  // namespace delstep
