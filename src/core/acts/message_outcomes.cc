#include "core/acts/message_outcomes.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

namespace delstep {

void Deliver(Run& run, ModelMessage&& message, NetworkReport& report) {
  World& world = run.world;
  ++world.traffic.delivered;
  world.traffic.latency.Note(message.arrived - message.sent);
  LinkTraffic& link = world.traffic.Of(message.header);
  ++link.delivered;
  link.delivered_bytes += message.header.bytes;
  link.latency.Note(message.arrived - message.sent);
  const auto number = static_cast<std::uint64_t>(message.header.id);
  world.cycle_record.deliveries.Note({.from = message.header.from,
                                      .to = message.header.to,
                                      .message = number,
                                      // From another branch comes what nothing here tells of.
                                      .taken = std::min(message.model.queued_before, number),
                                      .queued_before = world.next_message});
  ++report.delivered;
  run.Note(Delivered{.message = message.header, .sent = message.sent, .arrived = message.arrived});
  Node& receiver = world.Change(message.header.to);
  std::vector<ModelMessage>& inbox = receiver.inbox.Write();
  // Whatever is on the way to the node comes too, unless it is lost: for the most part in this step.
  // But not where many steps' worth is on the way: moments would keep the room.
  if (inbox.empty())
    inbox.reserve(std::min<std::size_t>(world.mail.Of(message.header.to).in_flight_to + 1,
                                        std::max<std::size_t>(4, 2 * receiver.neighbours->size())));
  inbox.push_back(std::move(message));
}

void UndoDelivered(Run& run, const Message& message) {
  Traffic& traffic = run.world.traffic;
  --traffic.delivered;
  LinkTraffic& link = traffic.Of(message);
  --link.delivered;
  link.delivered_bytes -= message.bytes;
}

ModelMessage TakeFromOutbox(World& world, MessageId id) {
  ModelMessage message = world.outbox.Write().Take(id);
  --world.mail.Write(message.header.from).outbox;
  return message;
}

ModelMessage TakeFromFlight(World& world, MessageId id) {
  ModelMessage message = world.in_flight.Take(id);
  --world.mail.Write(message.header.to).in_flight_to;
  --world.mail.Write(message.header.from).in_flight_from;
  return message;
}

void NoteSent(Run& run, const Message& message) {
  // Counted when put on the wire, whether it arrives or not: that is what it costs.
  ++run.world.traffic.sent;
  run.world.traffic.bytes += message.bytes;
  LinkTraffic& link = run.world.traffic.Of(message);
  ++link.sent;
  link.bytes += message.bytes;
  run.Note(Sent{message});
}

// A message counts as lost here and nowhere else, so that sent = delivered + lost + in flight stays
// true.
void NoteLost(Run& run, const Message& message, SimTime sent, SimTime at, LossReason reason) {
  ++run.world.traffic.lost[reason];
  ++run.world.traffic.Of(message).lost[static_cast<std::size_t>(reason)];
  run.Note(Lost{.message = message, .sent = sent, .at = at, .reason = reason});
}

void DeliverWaiting(Run& run, NodeId node, NetworkReport& report) {
  if (run.world.at(node).waiting->empty()) return;
  run.world.waiting -= run.world.at(node).waiting->size();
  for (ModelMessage& message : std::exchange(run.world.Change(node).waiting.Write(), {}))
    Deliver(run, std::move(message), report);
}

void HandleOutcomes(Run& run, const Passage& passage, const NodePredicate& receives,
                    NetworkReport& report) {
  World& world = run.world;
  for (std::size_t i = 0; i < passage.size(); ++i) {
    const Outcome& outcome = passage[i];
    // Receivers lie all over memory. An inbox is three steps from its node's number, and each step
    // is asked for some messages before the next.
    constexpr std::size_t kAhead = 8;
    if (i + 3 * kAhead < passage.size()) {
      const Node& far = world.at(passage[i + 3 * kAhead].message.to);
      __builtin_prefetch(&far);
      __builtin_prefetch(&far.inbox);
      __builtin_prefetch(&*world.at(passage[i + 2 * kAhead].message.to).inbox);
      const std::vector<ModelMessage>& near = *world.at(passage[i + kAhead].message.to).inbox;
      __builtin_prefetch(near.data() + near.size(), 1);
      const ModelMessage* next = world.in_flight.PlaceToBe(passage[i + kAhead].message.id);
      __builtin_prefetch(&next->header, 1);
      __builtin_prefetch(&next->sent, 1);
    }
    ModelMessage message = TakeFromFlight(world, outcome.message.id);
    if (outcome.lost) {
      ++report.lost;
      NoteLost(run, outcome.message, outcome.sent, outcome.at, *outcome.lost);
      continue;
    }
    message.arrived = outcome.at;
    if (receives(outcome.message.to)) {
      Deliver(run, std::move(message), report);
    } else {
      world.Change(outcome.message.to).waiting.Write().push_back(std::move(message));
      ++world.waiting;
    }
  }
}

std::size_t NoteEnds(Run& run, const Passage& passage) {
  NetworkReport report;
  const auto nobody = [](NodeId) { return false; };
  HandleOutcomes(run, passage, nobody, report);
  return report.lost;
}

std::size_t LoseMessagesOf(Run& run, NodeId node, LossReason reason) {
  World& world = run.world;
  std::size_t lost = 0;
  if (world.mail.Of(node).outbox > 0)
    world.outbox.Write().Sort(
        [&](const ModelMessage& queued) -> std::optional<Parcels::Fate> {
          if (queued.header.from != node) return Parcels::Fate::kStays;
          --world.mail.Write(node).outbox;
          // Only what was sent can be lost, or the sum of messages would not come out even.
          NoteSent(run, queued.header);
          NoteLost(run, queued.header, world.now, world.now, reason);
          ++lost;
          return Parcels::Fate::kGoes;
        },
        world.in_flight, world.now);
  world.waiting -= world.at(node).waiting->size();
  // A name of its own: the list must live as long as the loop.
  const Cow<std::vector<ModelMessage>> gone = std::exchange(world.Change(node).waiting, {});
  for (const ModelMessage& message : *gone) {
    NoteLost(run, message.header, message.sent, world.now, reason);
    ++lost;
  }
  return lost;
}

}  // namespace delstep
