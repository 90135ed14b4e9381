#include "core/acts/presence.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "core/acts/behave.h"
#include "core/acts/learning.h"
#include "core/acts/membership.h"
#include "core/acts/message_outcomes.h"
#include "core/acts/network_attempt.h"
#include "core/acts/turns.h"

namespace delstep {
namespace {

using Kind = ChangeKey::Kind;

bool Exists(const World& world, NodeId node) {
  return Index(node) < world.nodes.size() && world.at(node).present;
}

/// What the network has let arrive at this very moment, because somebody sent between two changes of
/// it, is lost like what is on the way: all changes of a moment come before its messages.
template <class Concerns>
void LoseArrived(Run& run, LossReason reason, Concerns concerns) {
  World& world = run.world;
  if (world.ended->empty()) return;
  std::vector<Outcome> lost;
  for (const Outcome& outcome : *world.ended)
    if (!outcome.lost && outcome.at == world.now && concerns(outcome.message))
      lost.push_back(outcome);
  if (lost.empty()) return;
  for (const Outcome& outcome : lost) {
    std::erase_if(world.ended.Write(),
                  [&](const Outcome& each) { return each.message.id == outcome.message.id; });
    const ModelMessage message = TakeFromFlight(world, outcome.message.id);
    NoteLost(run, message.header, message.sent, world.now, reason);
  }
}

/// Messages on the way between the two are lost: the pair has parted. The network knows no contacts;
/// it is told that the link goes down, which ends what is on it, and then that it is as before. So
/// links of pairs that are out of range cost the network nothing.
Result<void> LoseBetween(Run& run, NodeId a, NodeId b) {
  World& world = run.world;
  const auto on_the_way = [&](NodeId from, NodeId to) {
    return world.mail.Of(from).in_flight_from > 0 && world.mail.Of(to).in_flight_to > 0;
  };
  LoseArrived(run, LossReason::kContact, [&](const Message& message) {
    return std::minmax(message.from, message.to) == std::minmax(a, b);
  });
  // Most pairs part without a word, and the network need not know.
  if (!on_the_way(a, b) && !on_the_way(b, a)) return {};
  DELSTEP_ASSIGN(const Passage ended,
                 AttemptAndCollect(world, [&](Network& network) -> Result<void> {
                   for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a)}) {
                     LinkProperties link = world.Link(from, to);
                     link.up = false;
                     DELSTEP_TRY(network.SetLink(from, to, link));
                     if (const auto own = world.single_links->find({from, to});
                         own != world.single_links->end())
                       DELSTEP_TRY(network.SetLink(from, to, own->second));
                     else
                       DELSTEP_TRY(network.ClearLink(from, to));
                   }
                   return {};
                 }));
  for (const Outcome& outcome : ended) {
    const auto& [id, from, to, bytes] = outcome.message;
    const bool between = std::minmax(from, to) == std::minmax(a, b);
    if (!between || outcome.lost != LossReason::kUnreachable) {
      // What had ended before, by itself.
      world.ended.Write().push_back(outcome);
      continue;
    }
    const ModelMessage message = TakeFromFlight(world, id);
    NoteLost(run, message.header, message.sent, world.now, LossReason::kContact);
  }
  return {};
}

Result<void> EndContact(Run& run, NodeId a, NodeId b) {
  World& world = run.world;
  if (!world.at(a).HasNeighbour(b)) return {};
  std::erase(world.Change(a).neighbours.Write(), b);
  std::erase(world.Change(b).neighbours.Write(), a);
  MetPair& pair = world.met.Write(a, b);
  const SimTime began = std::exchange(pair.since, SimTime{});
  pair.together += world.now - began;
  pair.now = false;
  run.Note(ContactEnded{.a = a, .b = b, .began = began});
  return LoseBetween(run, a, b);
}

void BeginContact(Run& run, NodeId a, NodeId b) {
  World& world = run.world;
  if (!world.Change(a).AddNeighbour(b)) return;
  world.Change(b).AddNeighbour(a);
  // Counted for people only (`encounters`): no result depends on it.
  MetPair& pair = world.met.Write(a, b);
  ++pair.count;
  pair.since = world.now;
  pair.now = true;
  run.Note(ContactBegan{.a = a, .b = b});
}

}  // namespace

// By hand and by plan alike; what differs is who tells of it.
Result<std::size_t> GoUpOrDown(Run& run, NodeId id, bool up, bool planned) {
  World& world = run.world;
  if (world.at(id).up == up) return std::size_t{0};
  DELSTEP_ASSIGN(Passage ended,
                 AttemptAndCollect(world, [&](Network& network) { return network.SetUp(id, up); }));
  // At a change of plan the network's clock is a nanosecond behind.
  for (Outcome& outcome : ended) outcome.at = std::max(outcome.at, world.now);
  // What has arrived at this very moment is no end that the change has made: it is handled after
  // all changes of the moment, as if nobody had asked the network in between.
  if (planned) {
    const auto arrived = std::ranges::stable_partition(
        ended, [](const Outcome& outcome) { return outcome.lost.has_value(); });
    if (!arrived.empty())
      world.ended.Write().insert(world.ended->end(), arrived.begin(), arrived.end());
    ended.erase(arrived.begin(), arrived.end());
  }
  // Changed only now that the network has agreed.
  if (planned && !up)
    LoseArrived(run, LossReason::kDown,
                [&](const Message& message) { return message.from == id || message.to == id; });
  if (!up) KeepPeers(run, id);
  Node& node = world.Change(id);
  node.up = up;
  if (up)
    run.Note(NodeCameUp{.node = id, .planned = planned});
  else
    run.Note(NodeWentDown{.node = id, .planned = planned});
  if (node.training_now) {
    TrainingNow& training = *node.training_now;
    const std::string& offline = run.engine.scenario->compute.offline;
    if (up && training.left) {
      training.ends = world.now + *std::exchange(training.left, std::nullopt);
    } else if (!up && offline == "pause") {
      training.left = training.ends - world.now;
    } else if (!up && offline == "lose") {
      GiveUpTraining(run, id);
    }
  }
  // What a node missed while it was down, it missed.
  if (!up) node.behaviour.pending = false;
  if (up && BehaviourOf(run, node)) SkipTurnsOf(run, id, world.now - Duration(1));
  Renew(run, id);
  return NoteEnds(run, ended);  // what went down has ended its messages, now
}

// Both must agree: a phone that is switched on where nobody is has nobody to talk to.
bool IsOnlineByPlan(const Engine& engine, NodeId node, SimTime now) {
  return (!engine.churn || engine.churn->IsOnline(node, now)) &&
         (!engine.mobility || engine.mobility->LegAt(node, now).present);
}

// A change says when to look, and the plans say what is true then: churn may bring a node online
// while its trace has a gap, and the node stays away.
Result<void> MakeChange(Run& run, const ChangeKey& change) {
  World& world = run.world;
  if (!Exists(world, change.a)) return {};
  switch (change.kind) {
    case Kind::kGoes:
    case Kind::kComes:
      DELSTEP_TRY(GoUpOrDown(run, change.a, IsOnlineByPlan(run.engine, change.a, world.now), true));
      break;
    case Kind::kContactEnds:
      return Exists(world, change.b) ? EndContact(run, change.a, change.b) : Result<void>();
    case Kind::kContactBegins:
      if (Exists(world, change.b)) BeginContact(run, change.a, change.b);
      break;
    case Kind::kAll:
      break;
  }
  return {};
}

// Nobody has gone or come: a node that is away by plan begins so, and has lost no peer by it.
Result<void> BeginPresence(Run& run, NodeId node) {
  if (IsOnlineByPlan(run.engine, node, run.world.now)) return {};
  DELSTEP_TRY(GoUpOrDown(run, node, false, true));
  run.world.Change(node).behaviour.changed_peers = {};
  return {};
}

// Told one by one, as at changes of plan: who goes next keeps whom it has lost already.
Result<void> FollowPresence(Run& run) {
  for (const NodeId node : run.world.Present()) {
    const bool online = IsOnlineByPlan(run.engine, node, run.world.now);
    if (run.world.at(node).up == online) continue;
    DELSTEP_TRY(GoUpOrDown(run, node, online, true));
    TellOfNodeLater(run, node);
  }
  return {};
}

// Compared with the plan as a whole: a node that was put elsewhere may have left many and met many,
// and no list of changes tells of it.
Result<void> FollowContacts(Run& run) {
  World& world = run.world;
  const std::vector<ContactPlan::Pair> pairs =
      run.engine.contacts->At(world.nodes.size(), world.now);
  const std::set<ContactPlan::Pair> now(pairs.begin(), pairs.end());
  for (const NodeId a : world.Present())
    for (const NodeId b : std::vector<NodeId>(*world.at(a).neighbours))
      if (a < b && !now.contains({a, b})) {
        DELSTEP_TRY(EndContact(run, a, b));
        TellOfPairLater(run, a, b);
      }
  for (const auto& [a, b] : pairs) {
    if (!Exists(world, a) || !Exists(world, b) || world.at(a).HasNeighbour(b)) continue;
    BeginContact(run, a, b);
    TellOfPairLater(run, a, b);
  }
  return {};
}

// The messages between them have ended with the node, before this.
Result<void> EndContactsOf(Run& run, NodeId node) {
  for (const NodeId peer : std::vector<NodeId>(*run.world.at(node).neighbours)) {
    DELSTEP_TRY(EndContact(run, std::min(node, peer), std::max(node, peer)));
    TellOfPairLater(run, node, peer);
  }
  return {};
}

}  // namespace delstep
