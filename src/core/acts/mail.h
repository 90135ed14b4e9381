#pragma once
/// The way of a message: outbox, wire, inbox.
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

// Queueing. All refuse as a whole: on an error nothing is queued.
Result<QueueReport> Send(Run& run, NodeId from, NodeId to);
Result<QueueReport> Exchange(Run& run, NodeId a, NodeId b);
Result<QueueReport> Flood(Run& run, std::span<const NodeId> nodes);
Result<QueueReport> Gossip(Run& run, std::size_t peers, std::span<const NodeId> nodes);
Result<QueueReport> Share(Run& run, const NodeGroup& group);

/// A step of all nodes. Messages of nodes that are down stay queued.
Result<NetworkReport> NetworkStep(Run& run, std::optional<Duration> duration);
/// A step of some, which are up.
Result<NetworkReport> NetworkStep(Run& run, std::span<const NodeId> nodes,
                                  std::optional<Duration> duration);

/// Takes in what the network ended at this moment without time passing: after a node or link went
/// away. Returns how many messages were lost.
Result<std::size_t> CollectEnded(Run& run);

/// Ends, as lost for this reason, what waits in a node's outbox and at its door: it leaves.
std::size_t LoseMailOf(Run& run, NodeId node, LossReason reason);

}  // namespace delstep
