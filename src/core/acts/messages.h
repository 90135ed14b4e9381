#pragma once
/// Messages one by one: what is where, and what people do to a single one. Together with going back
/// this answers "what if this message had (not) come?".
///
/// At any moment sent = delivered + lost + in flight, also after these acts: a message that was
/// delivered to an inbox and is then dropped counts as lost, and no longer as delivered.
///
/// Units: bytes on the wire, simulated nanoseconds; no simulated time passes.
/// Order: Drop() and DeliverNow() take the messages in the order given.
/// Errors: kRefused for a message that is not there (any more), saying what became of it where that
///   is known, and for what each act says; those of the network come through. An error has changed
///   nothing. Where a network cannot be copied and fails in DeliverNow(), it may have begun to
/// carry
///   a message that still waits in its outbox here.
/// Threads: one caller at a time.
#include <span>
#include <vector>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// All messages from or to one of the nodes; all there are if no node is given. First those in
/// outboxes, as they were queued; then those in flight, the first to arrive first and those whose
/// arrival is not known last; then those that wait and those in inboxes, node by node in their
/// order of arrival.
std::vector<MessageView> MessagesOf(const World& world, std::span<const NodeId> nodes);

/// The message with its contents, wherever it is, also as a record of a guestbook. Errors: it is
/// not there.
Result<ModelMessage> FindMessage(const World& world, MessageId id);

/// Takes messages away that are not yet aggregated. What waited in an outbox counts nowhere, what
/// was sent is lost as kDropped. What its sender believes that others know of it (compression)
/// stays.
/// Requires each id once. Errors: kRefused if the network cannot take a message off the wire.
Result<DropReport> Drop(Run& run, std::span<const MessageId> messages);

/// Hands messages over now: into the inbox of the receiver, after what it has received. What waited
/// in an outbox is sent first. Nothing else is different for it: the network treats all other
/// messages as if these were still on their way. Requires each id once.
/// Errors: kRefused for a message that is in an inbox already, if the receiver is down or has left,
/// if it waits in the outbox of a node that is down, or if the network cannot hand over.
Result<std::vector<Message>> DeliverNow(Run& run, std::span<const MessageId> messages);

}  // namespace delstep
