#pragma once
/// The communication commands. They put messages into the outbox; the network moves in
/// network_step.h.
///
/// A message carries what its sender shares at the time of queueing (see outgoing.h). What the
/// sender learns afterwards does not travel with it.
///
/// Units: bytes on the wire, header included.
/// Order: senders in the order given, the receivers of one sender in ascending order of NodeId,
///   unless a function says otherwise. Message ids follow that order.
/// Errors: kRefused. On an error nothing is queued and nothing has changed.
/// Threads: one caller at a time.
#include <cstddef>
#include <span>

#include "core/acts/outgoing.h"
#include "core/engine/run.h"
#include "delstep/behaviour.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// One message. Errors: `to` is no neighbour of `from`.
Result<QueueReport> Send(Run& run, NodeId from, NodeId to);

/// One message in each direction, a's first. Errors: they are not neighbours of each other.
Result<QueueReport> Exchange(Run& run, NodeId a, NodeId b);

/// A message from each node to each of its neighbours. Nodes without neighbours are reported in
/// `alone`. Errors, with WhenAlone::kRefuse: none of the nodes has a neighbour.
Result<QueueReport> Flood(Run& run, std::span<const NodeId> nodes, WhenAlone alone);

/// A message from each node to `peers` of its neighbours, drawn uniformly and without repetition,
/// in the order of the draw. A node with fewer neighbours sends to all of them and is reported in
/// `few`; one without any in `alone`. Errors: as Flood().
Result<QueueReport> Gossip(Run& run, std::size_t peers, std::span<const NodeId> nodes,
                           WhenAlone alone);

/// A message in each direction between every two members that are neighbours of each other, pairs
/// in the order of joining. Members that are down are left out and reported in `down`. Errors: no
/// such pair.
Result<QueueReport> Share(Run& run, const NodeGroup& group);

/// The contents of a message, queued again between the same nodes under a new number. Returns the
/// new message. Errors: one of them has left, they are no neighbours, or the sender is down.
Result<Message> Resend(Run& run, const ModelMessage& contents);

/// One message of a behaviour. Requires a neighbour.
void QueueFor(Run& run, NodeId from, NodeId to, const Outgoing& outgoing, const MessageTag& tag);

}  // namespace delstep
