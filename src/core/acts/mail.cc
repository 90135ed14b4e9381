#include "core/acts/mail.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include "core/acts/sharing.h"

namespace delstep {
namespace {

std::string AddressIn(const World& world, NodeId node) { return ToString(world.at(node).address); }

Result<void> RequireNeighbours(const World& world, NodeId from, NodeId to) {
  if (world.at(from).HasNeighbour(to)) return {};
  return Refused(
      fmt::format("{} is no neighbour of {}", AddressIn(world, to), AddressIn(world, from)),
      fmt::format("`link {} {} up` makes a link", AddressIn(world, from), AddressIn(world, to)));
}

Error NobodyToSendTo(const World& world, std::span<const NodeId> nodes) {
  return Refused(nodes.size() == 1 ? fmt::format("{} has no neighbours", AddressIn(world, nodes[0]))
                                   : "none of these nodes has a neighbour",
                 "`link A B up` makes a link");
}

void Queue(Run& run, NodeId from, NodeId to, const Outgoing& outgoing, QueueReport& report) {
  Node& sender = run.world.at(from);
  ++sender.outbox;
  ModelMessage parcel;
  parcel.message.id = static_cast<MessageId>(run.world.next_message++);
  parcel.message.from = from;
  parcel.message.to = to;
  parcel.message.bytes = outgoing.bytes;
  parcel.model = outgoing.model;
  ++report.queued;
  report.bytes += parcel.message.bytes;
  run.Note(Queued{parcel.message});
  run.world.outbox.push_back(std::move(parcel));
}

struct Route {
  NodeId from{}, to{};
};

/// Queues a message for each route, in order; a sender makes what it sends once.
Result<QueueReport> QueueAll(Run& run, std::span<const Route> routes, QueueReport report = {}) {
  constexpr std::size_t kNone = ~std::size_t{0};
  std::vector<std::size_t> places(run.world.nodes.size(), kNone);
  std::vector<NodeId> senders;
  for (const Route& route : routes)
    if (std::size_t& place = places[Index(route.from)]; place == kNone) {
      place = senders.size();
      senders.push_back(route.from);
    }
  DELSTEP_ASSIGN(const std::vector<Outgoing> outgoing, MakeOutgoing(run, senders));
  for (const Route& route : routes)
    Queue(run, route.from, route.to, outgoing[places[Index(route.from)]], report);
  return report;
}

void NoteLost(Run& run, const Message& message, SimTime sent, SimTime at, LossReason reason) {
  ++run.world.traffic.lost[reason];
  run.Note(Lost{message, sent, at, reason});
}

void NoteSent(Run& run, const Message& message) {
  ++run.world.traffic.sent;
  run.world.traffic.bytes += message.bytes;
  run.Note(Sent{message});
}

/// Takes the parcel. What the network refuses (an arrival beyond the end of simulated time) is lost
/// as expired, so that it does not block what is queued behind it. An error: the network is gone.
Result<void> PutOnWire(Run& run, ModelMessage& parcel, NetworkReport& report) {
  World& world = run.world;
  Node& receiver = world.at(parcel.message.to);
  std::optional<LossReason> lost;
  if (!receiver.present) {
    lost = LossReason::kDetached;
  } else if (auto sent = world.network->Send(parcel.message); !sent) {
    if (sent.error().code != ErrorCode::kRefused) return sent;
    lost = LossReason::kExpired;
  }
  parcel.sent = world.now;
  ++report.sent;
  --world.at(parcel.message.from).outbox;
  NoteSent(run, parcel.message);
  if (lost) {
    ++report.lost;
    NoteLost(run, parcel.message, world.now, world.now, *lost);
    return {};
  }
  ++receiver.in_flight_to;
  world.in_flight.emplace(static_cast<std::uint64_t>(parcel.message.id), std::move(parcel));
  return {};
}

/// Transmits the queued messages that `sends` chooses, in the order of queueing. On an error what
/// was not sent stays queued.
template <class Chooser>
Result<std::vector<MessageId>> Transmit(Run& run, Chooser sends, NetworkReport& report) {
  std::vector<MessageId> sent;
  std::deque<ModelMessage> staying;
  std::deque<ModelMessage> queue = std::exchange(run.world.outbox, {});
  sent.reserve(queue.size());
  auto& in_flight = run.world.in_flight;
  if (queue.size() > in_flight.size()) in_flight.reserve(in_flight.size() + queue.size());
  Result<void> result;
  for (ModelMessage& parcel : queue) {
    const MessageId id = parcel.message.id;
    if (result && sends(parcel.message.from)) {
      result = PutOnWire(run, parcel, report);
      if (result) {
        sent.push_back(id);
        continue;
      }
    }
    staying.push_back(std::move(parcel));
  }
  run.world.outbox = std::move(staying);
  DELSTEP_TRY(result);
  return sent;
}

void Deliver(Run& run, ModelMessage parcel, NetworkReport& report) {
  World& world = run.world;
  ++world.traffic.delivered;
  world.traffic.latency.Note(parcel.arrived - parcel.sent);
  ++report.delivered;
  run.Note(Delivered{parcel.message, parcel.sent, parcel.arrived});
  world.at(parcel.message.to).inbox.push_back(std::move(parcel));
}

/// Moves what has arrived at a node's door into its inbox.
void DeliverWaiting(Run& run, Node& node, NetworkReport& report) {
  run.world.waiting -= node.waiting.size();
  for (ModelMessage& parcel : std::exchange(node.waiting, {}))
    Deliver(run, std::move(parcel), report);
}

/// Sorts outcomes into inboxes, doors and losses. Arrivals for whom `receives` does not choose
/// wait.
template <class Chooser>
void HandleOutcomes(Run& run, const Passage& passage, Chooser receives, NetworkReport& report) {
  World& world = run.world;
  for (const Outcome& outcome : passage) {
    const auto found = world.in_flight.find(static_cast<std::uint64_t>(outcome.message.id));
    assert(found != world.in_flight.end());
    ModelMessage parcel = std::move(found->second);
    world.in_flight.erase(found);
    Node& receiver = world.at(outcome.message.to);
    --receiver.in_flight_to;
    if (outcome.lost) {
      ++report.lost;
      NoteLost(run, outcome.message, outcome.sent, outcome.at, *outcome.lost);
      continue;
    }
    parcel.arrived = outcome.at;
    if (receives(outcome.message.to)) {
      Deliver(run, std::move(parcel), report);
    } else {
      receiver.waiting.push_back(std::move(parcel));
      ++world.waiting;
    }
  }
}

void Finish(const Run& run, NetworkReport& report) {
  report.after = run.world.now;
  report.in_flight = run.world.in_flight.size() + run.world.waiting;
  report.waiting = run.world.waiting;
}

/// How long a step lasts; nothing: until the messages have ended.
Result<std::optional<Duration>> StepLength(const Run& run, std::optional<Duration> asked) {
  const std::optional<Duration> length = asked ? asked : run.engine.scenario.network.step;
  if (length && *length > SimTime::max() - run.world.now)
    return Refused("simulated time would pass its end, 292 years");
  return length;
}

/// Lets time pass by the duration, or until `until` have ended; without either until nothing is in
/// flight.
Result<Passage> Pass(Run& run, std::optional<Duration> duration, std::span<const MessageId> until) {
  if (!duration) return run.world.network->Drain(until);
  return run.world.network->AdvanceTo(run.world.now + *duration);
}

}  // namespace

Result<QueueReport> Send(Run& run, NodeId from, NodeId to) {
  DELSTEP_TRY(RequireNeighbours(run.world, from, to));
  const Route route{from, to};
  return QueueAll(run, {&route, 1});
}

Result<QueueReport> Exchange(Run& run, NodeId a, NodeId b) {
  DELSTEP_TRY(RequireNeighbours(run.world, a, b));
  DELSTEP_TRY(RequireNeighbours(run.world, b, a));
  const Route routes[] = {{a, b}, {b, a}};
  return QueueAll(run, routes);
}

Result<QueueReport> Flood(Run& run, std::span<const NodeId> nodes) {
  QueueReport report;
  std::vector<Route> routes;
  for (const NodeId from : nodes) {
    const std::vector<NodeId>& neighbours = run.world.at(from).neighbours;
    if (neighbours.empty()) report.alone.push_back(from);
    for (const NodeId to : neighbours) routes.push_back({from, to});
  }
  if (routes.empty() && !nodes.empty()) return NobodyToSendTo(run.world, nodes);
  return QueueAll(run, routes, std::move(report));
}

Result<QueueReport> Gossip(Run& run, std::size_t peers, std::span<const NodeId> nodes) {
  QueueReport report;
  std::vector<Route> routes;
  for (const NodeId from : nodes) {
    Node& sender = run.world.at(from);
    std::vector<NodeId> chosen = sender.neighbours;
    Random random(MakeKey(run.engine.scenario.seed, Purpose::kGossip, Index(from), sender.gossips));
    if (chosen.empty()) {
      report.alone.push_back(from);
    } else if (chosen.size() < peers) {
      report.few.push_back(from);
    } else {
      // The first steps of a shuffle are a draw without repetition.
      for (std::size_t i = 0; i < peers; ++i)
        std::swap(chosen[i], chosen[i + static_cast<std::size_t>(random.Below(chosen.size() - i))]);
      chosen.resize(peers);
    }
    for (const NodeId to : chosen) routes.push_back({from, to});
  }
  if (routes.empty() && !nodes.empty()) return NobodyToSendTo(run.world, nodes);
  DELSTEP_ASSIGN(report, QueueAll(run, routes, std::move(report)));
  for (const NodeId from : nodes) ++run.world.at(from).gossips;
  return report;
}

Result<QueueReport> Share(Run& run, const NodeGroup& group) {
  QueueReport report;
  std::vector<NodeId> members;
  for (const NodeId member : group.members)
    (run.world.at(member).up ? members : report.down).push_back(member);
  std::vector<Route> routes;
  for (std::size_t i = 0; i < members.size(); ++i)
    for (std::size_t j = i + 1; j < members.size(); ++j) {
      if (run.world.at(members[i]).HasNeighbour(members[j]) &&
          run.world.at(members[j]).HasNeighbour(members[i]))
        routes.insert(routes.end(), {{members[i], members[j]}, {members[j], members[i]}});
      else
        ++report.skipped_pairs;
    }
  if (routes.empty())
    return Refused(fmt::format("group '{}' has no pair of neighbours that are up", group.name));
  return QueueAll(run, routes, std::move(report));
}

Result<NetworkReport> NetworkStep(Run& run, std::optional<Duration> duration) {
  World& world = run.world;
  NetworkReport report;
  report.before = world.now;
  DELSTEP_ASSIGN(const std::optional<Duration> length, StepLength(run, duration));
  DELSTEP_TRY(Transmit(
      run, [&](NodeId from) { return world.at(from).up; }, report));
  DELSTEP_ASSIGN(const Passage passage, Pass(run, length, {}));
  world.now = world.network->now();
  for (Node& node : world.nodes) DeliverWaiting(run, node, report);
  HandleOutcomes(
      run, passage, [](NodeId) { return true; }, report);
  Finish(run, report);
  return report;
}

Result<NetworkReport> NetworkStep(Run& run, std::span<const NodeId> nodes,
                                  std::optional<Duration> duration) {
  World& world = run.world;
  std::vector<bool> chosen(world.nodes.size());
  for (const NodeId node : nodes) chosen[Index(node)] = true;
  const auto is_chosen = [&](NodeId node) { return chosen[Index(node)]; };
  NetworkReport report;
  report.before = world.now;
  DELSTEP_ASSIGN(const std::optional<Duration> length, StepLength(run, duration));
  DELSTEP_ASSIGN(std::vector<MessageId> until, Transmit(run, is_chosen, report));
  for (const auto& [id, parcel] : world.in_flight)
    if (is_chosen(parcel.message.to)) until.push_back(parcel.message.id);

  Passage passage;
  // No message to wait for would mean all of them to Drain().
  if (length || !until.empty()) {
    std::ranges::sort(until);
    DELSTEP_ASSIGN(passage, Pass(run, length, until));
    world.now = world.network->now();
  }
  for (const NodeId node : nodes) DeliverWaiting(run, world.at(node), report);
  HandleOutcomes(run, passage, is_chosen, report);
  Finish(run, report);
  return report;
}

Result<std::size_t> CollectEnded(Run& run) {
  NetworkReport report;
  DELSTEP_ASSIGN(const Passage passage, run.world.network->AdvanceTo(run.world.now));
  HandleOutcomes(
      run, passage, [](NodeId) { return false; }, report);
  return report.lost;
}

std::size_t LoseMailOf(Run& run, NodeId node, LossReason reason) {
  World& world = run.world;
  std::size_t lost = 0;
  std::deque<ModelMessage> staying;
  for (ModelMessage& parcel : std::exchange(world.outbox, {})) {
    if (parcel.message.from != node) {
      staying.push_back(std::move(parcel));
      continue;
    }
    NoteSent(run, parcel.message);
    NoteLost(run, parcel.message, world.now, world.now, reason);
    ++lost;
  }
  world.outbox = std::move(staying);
  Node& receiver = world.at(node);
  world.waiting -= receiver.waiting.size();
  for (const ModelMessage& parcel : std::exchange(receiver.waiting, {})) {
    NoteLost(run, parcel.message, parcel.sent, world.now, reason);
    ++lost;
  }
  return lost;
}

}  // namespace delstep
