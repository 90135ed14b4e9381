#include "core/acts/behave.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/user_failure.h"
#include "core/acts/network_step.h"
#include "core/acts/node_host.h"
#include "core/acts/training_time.h"
#include "core/acts/turns.h"

namespace delstep {
namespace {

// Behaviours are called from here alone. A call may do anything that Host allows, also to other
// nodes by what it sends, but nothing of it calls another behaviour: messages take at least a turn
// of HandleNext(). So calls never nest, and a behaviour never sees the world half changed.

/// Due at once.
constexpr SimTime kNow{};

/// The first one that the behaviour has not been told of; messages come in order, so those that it
/// knows come first.
std::size_t FirstUntold(const Node& node) {
  const auto& inbox = *node.inbox;
  return static_cast<std::size_t>(
      std::ranges::partition_point(inbox, [](const ModelMessage& m) { return m.told; }) -
      inbox.begin());
}

bool HasNews(const Node& node) {
  return node.behaviour.trained == TrainingNews::kEnded || !node.behaviour.changed_peers->empty() ||
         FirstUntold(node) < node.inbox->size();
}

/// What the node was to be told of the peer later it need not be told twice.
void IsTold(Run& run, NodeId id, NodeId peer) {
  if (!run.world.at(id).behaviour.changed_peers->empty())
    std::erase(run.world.Change(id).behaviour.changed_peers.Write(), peer);
}

/// One call of the behaviour, and what follows from it: what it has sent goes on the wire.
template <class Call>
Result<void> CallBehaviour(Run& run, NodeId id, Call call) {
  const Behaviour* behaviour = BehaviourOf(run, run.world.at(id));
  if (!behaviour) return {};
  NodeHost host(run, id);
  try {
    call(*behaviour, host);
  } catch (const UserFailure& failure) {
    // The agenda may not fit what the node has done until then.
    run.agenda.Forget();
    Error error = failure.error;
    // A behaviour knows no addresses.
    error.message = fmt::format("{}: {}", run.world.at(id).Called(), error.message);
    return error;
  }
  DELSTEP_TRY(host.TakeResult());
  NetworkReport report;
  DELSTEP_TRY(TransmitAll(run, report));
  Renew(run, id);
  return {};
}

}  // namespace

const std::string& BehaviourName(const World& world, const Node& node) {
  return node.behaviour.own.empty() ? world.scenario->behaviour.name : node.behaviour.own;
}

// Only the name of a file has a folder in front of it.
std::string BehaviourTitle(const World& world, const Node& node) {
  return std::filesystem::path(BehaviourName(world, node)).filename().string();
}

bool IsSameBehaviour(const Run& run, const Node& a, const Node& b) {
  const std::string &one = BehaviourName(run.world, a), &other = BehaviourName(run.world, b);
  if (one == other) return true;
  const auto& parts = run.engine.registry->behaviours;
  if (!parts.IsFile(one) || !parts.IsFile(other)) return false;
  std::error_code failed;
  const auto full = [&](const std::string& name) {
    return std::filesystem::absolute(name, failed).lexically_normal();
  };
  return full(one) == full(other);
}

const Behaviour* BehaviourOf(Run& run, const Node& node) {
  const auto behaviour = FindBehaviour(run.engine, BehaviourName(run.world, node));
  // That it can be made was seen when it was set.
  return behaviour ? *behaviour : nullptr;
}

// All of a node's entries at once: what a call has changed need not be known in detail.
void Renew(Run& run, NodeId id) {
  if (!run.agenda.valid()) return;
  const Node& node = run.world.at(id);
  Agenda::Tasks tasks;
  const bool busy = node.training_now.has_value();
  if (busy && !node.training_now->left) {
    const TrainingNow& training = *node.training_now;
    (training.began < training.ends ? tasks.training : tasks.training_now) = training.ends;
  }
  if (node.present && node.up && BehaviourOf(run, node)) {
    if (!busy && HasNews(node)) tasks.tell = kNow;
    if (!busy && node.behaviour.alarm) tasks.alarm = *node.behaviour.alarm;
    tasks.turn = !busy && node.behaviour.pending ? kNow : node.behaviour.due;
    if (*tasks.turn == SimTime::max()) tasks.turn.reset();
  }
  run.agenda.Set(id, tasks);
}

void RenewAgenda(Run& run) {
  if (run.agenda.valid()) return;
  run.agenda.Begin();
  for (const Node& node : run.world.nodes) Renew(run, node.id);
}

// One thing after the other, as each call may begin a training: what is left then waits for its end.
Result<void> Tell(Run& run, NodeId id) {
  const World& world = run.world;
  while (world.at(id).up && !world.at(id).training_now && BehaviourOf(run, world.at(id)) &&
         (HasNews(world.at(id)) || world.at(id).behaviour.pending)) {
    if (world.at(id).behaviour.trained == TrainingNews::kEnded) {
      run.world.Change(id).behaviour.trained = TrainingNews::kNone;
      DELSTEP_TRY(CallBehaviour(
          run, id, [](const Behaviour& behaviour, Host& host) { behaviour.OnTrained(host); }));
      continue;
    }
    // Before the messages: what trains on each of them would never come to its turn.
    if (world.at(id).behaviour.pending) {
      DELSTEP_TRY(TakeTurn(run, id));
      continue;
    }
    if (!world.at(id).behaviour.changed_peers->empty()) {
      DELSTEP_TRY(TellOfChangedPeer(run, id));
      continue;
    }
    ModelMessage& message = run.world.Change(id).inbox.Write()[FirstUntold(world.at(id))];
    message.told = true;
    const ReceivedMessage received = NodeHost::Describe(message);
    DELSTEP_TRY(CallBehaviour(run, id, [&](const Behaviour& behaviour, Host& host) {
      behaviour.OnReceive(host, received);
    }));
  }
  Renew(run, id);
  return {};
}

Result<void> TellOfChangedPeer(Run& run, NodeId id) {
  std::vector<NodeId>& peers = run.world.Change(id).behaviour.changed_peers.Write();
  const NodeId peer = peers.front();
  peers.erase(peers.begin());
  const bool reachable = run.world.at(id).HasNeighbour(peer) && run.world.at(peer).up;
  return reachable ? TellMeet(run, id, peer) : TellPart(run, id, peer);
}

Result<void> TakeTurn(Run& run, NodeId id) {
  BehaviourState& state = run.world.Change(id).behaviour;
  const bool was_pending = std::exchange(state.pending, false);
  // Of a pending turn and one that is due now, one comes.
  if (!was_pending || state.due <= run.world.now) SkipTurnsOf(run, id, run.world.now);
  if (run.world.at(id).training_now) {
    run.world.Change(id).behaviour.pending = true;
    Renew(run, id);
    return {};
  }
  run.Note(TurnTaken{.node = id,
                     .behaviour = BehaviourTitle(run.world, run.world.at(id)),
                     .turn = run.world.at(id).behaviour.turns});
  return CallBehaviour(run, id,
                       [](const Behaviour& behaviour, Host& host) { behaviour.OnTurn(host); });
}

// Off before the call: the behaviour may set the next one in it.
Result<void> RingAlarm(Run& run, NodeId id) {
  run.world.Change(id).behaviour.alarm.reset();
  return CallBehaviour(run, id,
                       [](const Behaviour& behaviour, Host& host) { behaviour.OnWake(host); });
}

// Whom a node had as it went down is kept already, and whom it reaches when it is back it meets then.
// All others it need not hear of.
void TellOfPeerLater(Run& run, NodeId id, NodeId peer) {
  if (!run.world.at(id).up || !BehaviourOf(run, run.world.at(id))) return;
  std::vector<NodeId>& peers = run.world.Change(id).behaviour.changed_peers.Write();
  if (std::ranges::find(peers, peer) == peers.end()) peers.push_back(peer);
  Renew(run, id);
}

// Who is down has neither met the other nor can it lose it: it was lost as it went.
void TellOfPairLater(Run& run, NodeId a, NodeId b) {
  if (!run.world.at(a).up || !run.world.at(b).up) return;
  TellOfPeerLater(run, a, b);
  TellOfPeerLater(run, b, a);
}

void KeepPeers(Run& run, NodeId id) {
  const World& world = run.world;
  if (!BehaviourOf(run, world.at(id))) return;
  const std::vector<NodeId> before = *world.at(id).behaviour.changed_peers;
  std::vector<NodeId> all = before;
  for (const NodeId peer : *world.at(id).neighbours)
    if (world.at(peer).up && world.at(peer).HasNeighbour(id) &&
        std::ranges::find(before, peer) == before.end())
      all.push_back(peer);
  if (all.size() > before.size()) run.world.Change(id).behaviour.changed_peers = std::move(all);
}

// By hand as by plan: a behaviour that waits for a peer must hear that it is gone, or is back.
void TellOfNodeLater(Run& run, NodeId id) {
  for (const Node& other : run.world.nodes) {
    if (!other.HasNeighbour(id)) continue;
    TellOfPeerLater(run, other.id, id);
    if (other.up && run.world.at(id).HasNeighbour(other.id)) TellOfPeerLater(run, id, other.id);
  }
}

Result<void> TellMeet(Run& run, NodeId id, NodeId peer) {
  if (!run.world.at(id).up) return {};
  IsTold(run, id, peer);
  return CallBehaviour(
      run, id, [&](const Behaviour& behaviour, Host& host) { behaviour.OnMeet(host, peer); });
}

Result<void> TellPart(Run& run, NodeId id, NodeId peer) {
  if (!run.world.at(id).up) return {};
  IsTold(run, id, peer);
  return CallBehaviour(
      run, id, [&](const Behaviour& behaviour, Host& host) { behaviour.OnPart(host, peer); });
}

// Nobody hears of a training where there is no behaviour, whosever it is.
TrainingNews NewsOfForeign(Run& run, const Node& node) {
  return BehaviourOf(run, node) ? TrainingNews::kForeign : TrainingNews::kNone;
}

// Messages that lie in the inbox stay: the new behaviour is told of those that the old one did not
// know yet.
void BeginBehaviour(Run& run, NodeId id) {
  BehaviourState& state = run.world.Change(id).behaviour;
  state.memory = {};
  state.last_sent = {};
  state.changed_peers = {};
  // Contacts that it begins with are met as any other. Where links stay, nobody meets.
  if (run.engine.contacts)
    for (const NodeId peer : *run.world.at(id).neighbours) TellOfPeerLater(run, id, peer);
  state.alarm.reset();
  state.trained = NewsOfForeign(run, run.world.at(id));
  if (!run.world.at(id).training_now) state.trained = TrainingNews::kNone;
  BeginTurns(run, id);
}

}  // namespace delstep
