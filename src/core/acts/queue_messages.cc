#include "core/acts/queue_messages.h"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "core/acts/outgoing.h"

namespace delstep {
namespace {

std::string CalledIn(const World& world, NodeId node) { return world.at(node).Called(); }

/// Sending asks for a neighbour, up or not: a link that is down loses what is sent over it, and
/// that is for the network to find out.
Result<void> RequireNeighbours(const World& world, NodeId from, NodeId to) {
  if (world.at(from).HasNeighbour(to)) return {};
  return Refused(
      fmt::format("{} is no neighbour of {}", CalledIn(world, to), CalledIn(world, from)),
      fmt::format("`link {} {} up` makes a link", CalledIn(world, from), CalledIn(world, to)));
}

/// Names the node if there is only one. With several it is an error only if none has a neighbour.
Error NobodyToSendTo(const World& world, std::span<const NodeId> nodes) {
  return Refused(
      nodes.size() == 1 ? fmt::format("{} has no neighbours", CalledIn(world, nodes[0]))
                        : "none of these nodes has a neighbour",
      world.Present().size() == 1 ? "add a node: node add" : "`link A B up` makes a link");
}

/// One message to be made: from whom to whom. A list of routes is all that the commands of
/// communication differ in.
struct Route {
  NodeId from{}, to{};
};

/// The message holds a handle of the row, so a flood to many neighbours copies no numbers. The time
/// of sending is set when the message goes on the wire.
Message QueueOne(Run& run, const Route& route, const Outgoing& outgoing,
                 const MessageTag& tag = {}) {
  World& world = run.world;
  ModelMessage message{
      .header = {.id = static_cast<MessageId>(world.next_message++),
                 .from = route.from,
                 .to = route.to,
                 .bytes = outgoing.bytes},
      .model = outgoing.model,
      .tag = tag,
  };
  ++world.mail.Write(route.from).outbox;
  const Message header = message.header;
  run.Note(Queued{header});
  world.outbox.Write().Add(std::move(message));
  return header;
}

/// Queues a message for each route, in order. All that can fail comes before the first of them.
Result<QueueReport> QueueAll(Run& run, std::span<const Route> routes, QueueReport report = {}) {
  // All messages of a sender carry the same: it is made once, however many neighbours there are.
  constexpr std::size_t kNone = ~std::size_t{0};
  std::vector<std::size_t> places(run.world.nodes.size(), kNone);  // of a node among the senders
  std::vector<NodeId> senders;
  for (const Route& route : routes)
    if (std::size_t& place = places[Index(route.from)]; place == kNone) {
      place = senders.size();
      senders.push_back(route.from);
    }
  DELSTEP_ASSIGN(const std::vector<Outgoing> outgoing, MakeOutgoing(run, senders));
  for (const Route& route : routes) {
    const Message queued = QueueOne(run, route, outgoing[places[Index(route.from)]]);
    ++report.queued;
    report.bytes += queued.bytes;
  }
  return report;
}

/// Draws `count` of `nodes` without repetition. The first steps of a Fisher-Yates shuffle are such
/// a draw.
void KeepRandom(std::size_t count, Random& random, std::vector<NodeId>& nodes) {
  for (std::size_t i = 0; i < count; ++i)
    std::swap(nodes[i], nodes[i + static_cast<std::size_t>(random.Below(nodes.size() - i))]);
  nodes.resize(count);
}

}  // namespace

Result<QueueReport> Send(Run& run, NodeId from, NodeId to) {
  DELSTEP_TRY(RequireNeighbours(run.world, from, to));
  const Route route{from, to};
  return QueueAll(run, {&route, 1});
}

Result<QueueReport> Exchange(Run& run, NodeId a, NodeId b) {
  // Links have directions, so both must be there.
  DELSTEP_TRY(RequireNeighbours(run.world, a, b));
  DELSTEP_TRY(RequireNeighbours(run.world, b, a));
  const Route routes[] = {{a, b}, {b, a}};
  return QueueAll(run, routes);
}

Result<QueueReport> Flood(Run& run, std::span<const NodeId> nodes, WhenAlone alone) {
  QueueReport report;
  std::vector<Route> routes;
  for (const NodeId from : nodes) {
    const std::vector<NodeId>& neighbours = *run.world.at(from).neighbours;
    if (neighbours.empty()) report.alone.push_back(from);
    for (const NodeId to : neighbours) routes.push_back({from, to});
  }
  if (routes.empty() && !nodes.empty() && alone == WhenAlone::kRefuse)
    return NobodyToSendTo(run.world, nodes);
  return QueueAll(run, routes, std::move(report));
}

Result<QueueReport> Gossip(Run& run, std::size_t peers, std::span<const NodeId> nodes,
                           WhenAlone alone) {
  QueueReport report;
  std::vector<Route> routes;
  for (const NodeId from : nodes) {
    const Node& sender = run.world.at(from);
    std::vector<NodeId> receivers = *sender.neighbours;
    // A stream per node and gossip: a node draws the same whoever else gossips with it.
    Random random(
        MakeKey(run.engine.scenario->seed, Purpose::kGossip, Index(from), sender.gossips));
    if (receivers.empty())
      report.alone.push_back(from);
    else if (receivers.size() < peers)
      report.few.push_back(from);
    else
      KeepRandom(peers, random, receivers);
    for (const NodeId to : receivers) routes.push_back({from, to});
  }
  if (routes.empty() && !nodes.empty() && alone == WhenAlone::kRefuse)
    return NobodyToSendTo(run.world, nodes);
  DELSTEP_ASSIGN(report, QueueAll(run, routes, std::move(report)));
  // Counted last: a gossip that was refused is drawn alike when it is asked for again.
  for (const NodeId from : nodes) ++run.world.Change(from).gossips;
  return report;
}

Result<QueueReport> Share(Run& run, const NodeGroup& group) {
  QueueReport report;
  std::vector<NodeId> members;
  for (const NodeId member : group.members)
    (run.world.at(member).up ? members : report.down).push_back(member);
  std::vector<Route> routes;
  // Each pair once, in the order in which members joined.
  for (std::size_t i = 0; i < members.size(); ++i)
    for (std::size_t j = i + 1; j < members.size(); ++j) {
      // A pair with a link in one direction only does not exchange at all.
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

void QueueFor(Run& run, NodeId from, NodeId to, const Outgoing& outgoing, const MessageTag& tag) {
  QueueOne(run, {from, to}, outgoing, tag);
}

Result<Message> Resend(Run& run, const ModelMessage& contents) {
  const World& world = run.world;
  const auto [id, from, to, bytes] = contents.header;
  for (const NodeId end : {from, to})
    if (Index(end) >= world.nodes.size())
      return Refused(
          fmt::format("message {} was from or to a node that joined on another way; it is "
                      "not there at this moment",
                      static_cast<std::uint64_t>(id)),
          "`history` shows the moments; `goto` that of the message");
  for (const NodeId end : {from, to})
    if (!world.at(end).present)
      return Refused(fmt::format("message {} was from {} to {}, and {} has left",
                                 static_cast<std::uint64_t>(id), CalledIn(world, from),
                                 CalledIn(world, to), CalledIn(world, end)));
  if (!world.at(from).up)
    return Refused(fmt::format("{} is down, and cannot send", CalledIn(world, from)),
                   fmt::format("`node up {}` brings it back", CalledIn(world, from)));
  DELSTEP_TRY(RequireNeighbours(world, from, to));
  return QueueOne(run, {from, to}, {.model = contents.model, .bytes = bytes}, contents.tag);
}

}  // namespace delstep
