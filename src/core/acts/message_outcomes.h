#pragma once
/// How messages end: delivered to an inbox, or lost for a reason. In between, a message that has
/// arrived may *wait*: its receiver was not asked to step, and a node's inbox changes only by a
/// step of its own or of all nodes.
///
/// At any moment: sent = delivered + lost + in flight, where those that wait count as in flight.
/// Every function here keeps that, and the events Sent, Delivered and Lost tell of each change.
///
/// Units: simulated nanoseconds, bytes on the wire. Order: by (time, order of sending), as the
/// network reports outcomes. Threads: one caller at a time.
#include <cstddef>
#include <functional>

#include "core/engine/run.h"
#include "delstep/network.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// Chooses nodes: those that send or receive in a step.
using NodePredicate = std::function<bool(NodeId)>;

/// Counts a message as put on the wire.
void NoteSent(Run& run, const Message& message);
/// Counts a message as lost at the time `at`, which a network may report later than it happened.
void NoteLost(Run& run, const Message& message, SimTime sent, SimTime at, LossReason reason);

/// Takes a message out of the outbox. Requires that it is queued.
ModelMessage TakeFromOutbox(World& world, MessageId id);
/// Takes a message out of the list of those in flight: the network knows sizes only, and what the
/// message says has been kept there. Requires that it is in flight.
ModelMessage TakeFromFlight(World& world, MessageId id);

/// Puts a message that has arrived into the inbox of its receiver, at the end: inboxes are in
/// order of arrival, and of two messages of one peer the later one counts.
void Deliver(Run& run, ModelMessage&& message, NetworkReport& report);
/// A message that was delivered does not count as that any more. Its latency stays in the figures:
/// it was measured. The caller takes it out of the record of the cycle.
void UndoDelivered(Run& run, const Message& message);

/// Delivers what waits at a node.
void DeliverWaiting(Run& run, NodeId node, NetworkReport& report);

/// Takes the outcomes that the network reported: losses are noted, arrivals delivered where
/// `receives` chooses the receiver, and wait elsewhere.
void HandleOutcomes(Run& run, const Passage& passage, const NodePredicate& receives,
                    NetworkReport& report);

/// What a node or a link has ended by going away. Returns how many messages were lost; what
/// arrives at this very moment waits, since nobody was asked to step.
std::size_t NoteEnds(Run& run, const Passage& passage);

/// Ends, as lost for this reason, what is in the outbox of a node that leaves and what waits at
/// it. Returns how many messages. The network ends those on the wire itself.
std::size_t LoseMessagesOf(Run& run, NodeId node, LossReason reason);

}  // namespace delstep
