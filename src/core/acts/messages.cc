#include "core/acts/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "core/acts/message_outcomes.h"
#include "core/acts/network_attempt.h"

namespace delstep {
namespace {

/// Calls visit(state, message) for each message; those in flight ascending by number.
template <class Visit>
void ForEachMessage(const World& world, Visit visit) {
  world.outbox->ForEach(
      [&](const ModelMessage& message) { visit(MessageState::kOutbox, message); });
  world.in_flight.ForEach(
      [&](const ModelMessage& message) { visit(MessageState::kFlight, message); });
  for (const Node& node : world.nodes)
    for (const ModelMessage& message : *node.waiting) visit(MessageState::kArrived, message);
  for (const Node& node : world.nodes)
    for (const ModelMessage& message : *node.inbox) visit(MessageState::kInbox, message);
}

std::string Called(const World& world, NodeId node) { return world.at(node).Called(); }
std::uint64_t Number(MessageId id) { return static_cast<std::uint64_t>(id); }

/// The record that the message has become; nothing if there is none, or no longer.
std::optional<ModelMessage> FindInGuestbooks(const World& world, MessageId id) {
  for (const Node& node : world.nodes)
    for (const Encounter& record : node.guestbook.records())
      if (record.message == id)
        return ModelMessage{
            .header = {.id = id, .from = record.peer, .to = node.id, .bytes = record.bytes},
            .model = record.model,
            .sent = record.sent,
            .arrived = record.received};
  return std::nullopt;
}

/// What is known of a message that is not there.
Error NotThere(const World& world, MessageId id) {
  constexpr std::string_view kList = "`messages` lists those that are not yet aggregated";
  if (Number(id) >= world.next_message)
    return Refused(fmt::format("there is no message {} yet: the next one has number {}", Number(id),
                               world.next_message),
                   std::string(kList));
  // Only the guestbooks tell of the past: what has expired there, or was lost, is not remembered.
  if (const auto aggregated = FindInGuestbooks(world, id))
    return Refused(
        fmt::format("message {} from {} was aggregated by {}", Number(id),
                    Called(world, aggregated->header.from), Called(world, aggregated->header.to)),
        std::string(kList));
  return Refused(fmt::format("message {} is not there any more: it was aggregated, lost or dropped",
                             Number(id)),
                 std::string(kList));
}

/// Where a message is, and what stays true of it when the lists change.
struct Found {
  MessageState state{};
  Message header;
  SimTime sent{};
};

/// In the order of `ids`; one that is not there is an error.
Result<std::vector<Found>> FindAll(const World& world, std::span<const MessageId> ids) {
  std::vector<MessageId> sorted(ids.begin(), ids.end());
  std::ranges::sort(sorted);
  // One pass over all messages, however many are asked for.
  std::vector<std::optional<Found>> by_place(sorted.size());
  const auto place_of = [&](MessageId id) {
    return static_cast<std::size_t>(std::ranges::lower_bound(sorted, id) - sorted.begin());
  };
  ForEachMessage(world, [&](MessageState state, const ModelMessage& message) {
    const std::size_t place = place_of(message.header.id);
    if (place < sorted.size() && sorted[place] == message.header.id)
      by_place[place] = Found{state, message.header, message.sent};
  });
  std::vector<Found> found;
  for (const MessageId id : ids) {
    const std::optional<Found>& one = by_place[place_of(id)];
    if (!one) return NotThere(world, id);
    found.push_back(*one);
  }
  return found;
}

ModelMessage TakeFrom(std::vector<ModelMessage>& list, MessageId id) {
  const auto place = std::ranges::find(list, id, [](const auto& m) { return m.header.id; });
  ModelMessage message = std::move(*place);
  list.erase(place);
  return message;
}

/// Takes the message out of the world's lists. What it was counted as is for the caller to change.
ModelMessage Take(World& world, const Found& found) {
  const auto [id, from, to, bytes] = found.header;
  switch (found.state) {
    case MessageState::kOutbox:
      return TakeFromOutbox(world, id);
    case MessageState::kFlight:
      return TakeFromFlight(world, id);
    case MessageState::kArrived:
      --world.waiting;
      return TakeFrom(world.Change(to).waiting.Write(), id);
    case MessageState::kInbox:
      break;
  }
  return TakeFrom(world.Change(to).inbox.Write(), id);
}

/// Whether the message can be handed over.
Result<void> CheckDelivery(const World& world, const Found& found) {
  const auto [id, from, to, bytes] = found.header;
  const std::string receiver = Called(world, to), sender = Called(world, from);
  if (found.state == MessageState::kInbox)
    return Refused(fmt::format("message {} is in the inbox of {} already", Number(id), receiver),
                   "`ag` takes it in");
  if (!world.at(to).present)
    return Refused(fmt::format("message {} was for {}, which has left", Number(id), receiver));
  if (!world.at(to).up)
    return Refused(fmt::format("message {} cannot arrive: {} is down", Number(id), receiver),
                   fmt::format("`node up {}` brings it back", receiver));
  if (found.state == MessageState::kOutbox && !world.at(from).up)
    return Refused(fmt::format("message {} cannot be sent: {} is down", Number(id), sender),
                   fmt::format("`node up {}` brings it back", sender));
  return {};
}

}  // namespace

std::string_view Name(MessageState state) {
  switch (state) {
    case MessageState::kOutbox:
      return "outbox";
    case MessageState::kFlight:
      return "flight";
    case MessageState::kArrived:
      return "arrived";
    case MessageState::kInbox:
      break;
  }
  return "inbox";
}

std::vector<MessageView> MessagesOf(const World& world, std::span<const NodeId> nodes) {
  std::vector<bool> chosen(world.nodes.size(), nodes.empty());
  for (const NodeId node : nodes) chosen[Index(node)] = true;
  // Asked once for all: the network looks at each message on the way to answer.
  const std::vector<ExpectedArrival> expected = world.network->ExpectedArrivals();
  std::vector<MessageView> views;
  ForEachMessage(world, [&](MessageState state, const ModelMessage& message) {
    const Message& header = message.header;
    if (!chosen[Index(header.from)] && !chosen[Index(header.to)]) return;
    MessageView view{.message = header, .state = state, .arrives = {}};
    if (state == MessageState::kFlight) {
      const auto place =
          std::ranges::lower_bound(expected, header.id, {}, &ExpectedArrival::message);
      if (place != expected.end() && place->message == header.id) view.arrives = place->at;
    } else if (state != MessageState::kOutbox) {
      view.arrives = message.arrived;
    }
    views.push_back(view);
  });
  // The other lists are in order already; those in flight come by their arrival.
  const auto is_flight = [](const MessageView& view) {
    return view.state == MessageState::kFlight;
  };
  const auto begin = std::ranges::find_if(views, is_flight);
  const auto end = std::find_if_not(begin, views.end(), is_flight);
  std::ranges::sort(begin, end, {}, [](const MessageView& view) {
    return std::tuple(!view.arrives, view.arrives.value_or(SimTime{}), view.message.id);
  });
  return views;
}

Result<ModelMessage> FindMessage(const World& world, MessageId id) {
  std::optional<ModelMessage> found;
  ForEachMessage(world, [&](MessageState, const ModelMessage& message) {
    if (message.header.id == id) found = message;
  });
  // A record says the same as the message that it was.
  if (!found) found = FindInGuestbooks(world, id);
  if (!found) return NotThere(world, id);
  return *std::move(found);
}

Result<DropReport> Drop(Run& run, std::span<const MessageId> messages) {
  World& world = run.world;
  DELSTEP_ASSIGN(const std::vector<Found> all, FindAll(world, messages));
  std::vector<MessageId> flying;
  for (const Found& found : all)
    if (found.state == MessageState::kFlight) flying.push_back(found.header.id);
  // The network first: it may refuse, the lists cannot.
  if (!flying.empty()) DELSTEP_TRY(world.network.Write()->Withdraw(flying));
  DropReport report;
  std::vector<std::uint64_t> undone;
  for (const Found& found : all) {
    // The contents go with the message; moments that are kept still hold them.
    Take(world, found);
    if (found.state == MessageState::kOutbox) {
      report.taken_back.push_back(found.header);
      continue;
    }
    // It cannot count as both, or the sum would not come out even.
    if (found.state == MessageState::kInbox) {
      UndoDelivered(run, found.header);
      undone.push_back(Number(found.header.id));
    }
    NoteLost(run, found.header, found.sent, world.now, LossReason::kDropped);
    report.lost.push_back(found.header);
  }
  // All at once: the log of a large cycle is long.
  std::ranges::sort(undone);
  world.cycle_record.deliveries.Remove(undone);
  return report;
}

Result<std::vector<Message>> DeliverNow(Run& run, std::span<const MessageId> messages) {
  World& world = run.world;
  DELSTEP_ASSIGN(const std::vector<Found> all, FindAll(world, messages));
  std::vector<MessageId> withdrawn;  // what the network carries, or begins to carry
  for (const Found& found : all) {
    // All are checked before the network hears of the first.
    DELSTEP_TRY(CheckDelivery(world, found));
    if (found.state != MessageState::kArrived) withdrawn.push_back(found.header.id);
  }
  // Sent like any other and then taken off the wire: so its link counts it and is busy with it, and
  // the messages after it have the fates that they would have had.
  const auto carry = [&](Network& network) -> Result<void> {
    for (const Found& found : all)
      if (found.state == MessageState::kOutbox) DELSTEP_TRY(network.Send(found.header));
    return withdrawn.empty() ? Result<void>() : network.Withdraw(withdrawn);
  };
  DELSTEP_TRY(AttemptOnNetwork(world, carry));
  // From here on nothing can fail.
  NetworkReport report;
  std::vector<Message> delivered;
  for (const Found& found : all) {
    ModelMessage message = Take(world, found);
    if (found.state == MessageState::kOutbox) {
      message.sent = world.now;
      NoteSent(run, message.header);
    }
    // What has waited keeps its arrival.
    if (found.state != MessageState::kArrived) message.arrived = world.now;
    delivered.push_back(message.header);
    Deliver(run, std::move(message), report);
  }
  return delivered;
}

}  // namespace delstep
