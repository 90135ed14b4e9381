#include "core/acts/pass_time.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/acts/backend.h"
#include "core/acts/behave.h"
#include "core/acts/learning.h"
#include "core/acts/network_step.h"
#include "core/acts/plans.h"
#include "core/acts/presence.h"
#include "core/acts/turns.h"

namespace delstep {
namespace {

using What = Agenda::What;
constexpr Duration kInstant{1};

/// Trainings that are computed at once: their rows are copied, and copies cost memory.
constexpr std::size_t kComputedAtOnce = 256;

// Time never passes by itself: whoever calls HandleNext() moves the world by one happening, and may
// look, stop, save or go back after each. So nothing here may depend on how a run was cut into
// calls: what comes next follows from the world and the plans alone, and the caches (agenda, change
// feed, trainings that were computed early) are only quicker ways to the same answer.

/// A slow network is asked for so much time at once: between two pieces one looks for Ctrl-C.
constexpr Duration kPiece = std::chrono::milliseconds(100);

/// How far one looks for changes of plan at once: plans that are drawn may never end, and never
/// change anything. Those that are known are looked through by so much, with an ear for Ctrl-C.
constexpr Duration kLookAhead = std::chrono::hours(24);

std::optional<ChangeKey> NextChange(Run& run, SimTime until) {
  return run.changes.Next(run.engine, run.world.nodes.size(), run.world.changed, until);
}

/// The same, also of an end that is far away. Errors: kInterrupted.
Result<std::optional<ChangeKey>> FindChange(Run& run, SimTime until, const std::stop_token& stop) {
  for (SimTime seen = run.world.now; !stop.stop_requested();) {
    seen = std::min(until, Later(seen, kLookAhead));
    const auto change = NextChange(run, seen);
    if (change || seen >= std::min(until, PlansRestFrom(run.engine))) return change;
  }
  return Interrupted("stopped while looking for what comes next");
}

/// Plans may still change something. At the moment of the last changes some of them may have been
/// made and others not: `next` stops between two.
bool PlansGoOn(Run& run) {
  const SimTime rest = PlansRestFrom(run.engine);
  return rest > run.world.changed.at || NextChange(run, rest).has_value();
}

/// In the order of the network, behind what waits already: by time, then as they were sent.
/// What the network has reported; the events come when they are handled.
void KeepEnded(World& world, Passage passage) {
  if (passage.empty()) return;
  std::deque<Outcome>& ended = world.ended.Write();
  ended.insert(ended.end(), passage.begin(), passage.end());
}

/// The first of the messages that have ended is handled. They are taken one by one, although the
/// network reports all of one moment at once: what the first of them brings about (a merge, a
/// training) must be seen by the second, and `next` may stop between the two.
Result<void> HandleEnded(Run& run, const Passing& passing) {
  World& world = run.world;
  const Outcome outcome = world.ended->front();
  if (world.ended->size() == 1)
    world.ended = {};
  else
    world.ended.Write().pop_front();
  const NodeId to = outcome.message.to;
  const NodePredicate everybody = [](NodeId) { return true; };
  NetworkReport unused;
  HandleOutcomes(run, {outcome}, passing.receives ? *passing.receives : everybody,
                 passing.report ? *passing.report : unused);
  if (outcome.lost) return {};
  if (passing.acting) return Tell(run, to);
  Renew(run, to);  // it will be told when nodes act again
  return {};
}

/// The core of many cores: one learner call for all trainings that are under way, not one per node.
/// A training is due: it is computed, with others that are under way, unless it was with those
/// before it. They are independent of each other: none works on what another one ends with.
Result<void> HandleTraining(Run& run, NodeId node, const Passing& passing, std::stop_token stop) {
  if (!run.computed.contains(node)) {
    std::vector<NodeId> nodes{node};
    for (const Agenda::Due& due : run.agenda.trainings()) {
      if (nodes.size() == kComputedAtOnce) break;
      if (due.node != node && !run.computed.contains(due.node)) nodes.push_back(due.node);
    }
    DELSTEP_TRY(ComputeTrainings(run, nodes, stop));
  }
  const Result<void> ended = EndTraining(run, node);
  if (ended && passing.acting) return Tell(run, node);
  Renew(run, node);
  return ended;
}

/// What a node has to do, whatever it is. In a passive pass only trainings come here.
Result<void> HandleDue(Run& run, const Agenda::Due& due, const Passing& passing,
                       std::stop_token stop) {
  switch (due.what) {
    case What::kTraining:
    case What::kTrainingNow:
      return HandleTraining(run, due.node, passing, std::move(stop));
    case What::kTell:
      return Tell(run, due.node);
    case What::kAlarm:
      return RingAlarm(run, due.node);
    case What::kTurn:
      return TakeTurn(run, due.node);
  }
  return {};
}

/// Behaviours of both ends learn of a change that was made, the one with the lower number first:
/// an order has to be, and the same in every run.
Result<void> TellChange(Run& run, const ChangeKey& change, bool was_up) {
  World& world = run.world;
  const auto present = [&](NodeId node) {
    return Index(node) < world.nodes.size() && world.at(node).present;
  };
  if (!present(change.a)) return {};
  switch (change.kind) {
    case ChangeKey::Kind::kContactBegins:
    case ChangeKey::Kind::kContactEnds: {
      // Whom one cannot reach one does not meet, and has lost already.
      if (!present(change.b) || !world.at(change.a).up || !world.at(change.b).up) break;
      const bool begins = change.kind == ChangeKey::Kind::kContactBegins;
      for (const auto& [node, peer] :
           {std::pair(change.a, change.b), std::pair(change.b, change.a)})
        DELSTEP_TRY(begins ? TellMeet(run, node, peer) : TellPart(run, node, peer));
      break;
    }
    case ChangeKey::Kind::kComes:
    case ChangeKey::Kind::kGoes: {
      const bool up = world.at(change.a).up;
      if (up == was_up) break;
      NetworkReport report;
      // What it had queued while it was away goes on the wire at once.
      if (up) DELSTEP_TRY(TransmitAll(run, report));
      for (const NodeId peer : std::vector<NodeId>(*world.at(change.a).neighbours)) {
        if (!world.at(peer).HasNeighbour(change.a)) continue;
        if (up && world.at(peer).up) DELSTEP_TRY(TellMeet(run, change.a, peer));
        DELSTEP_TRY(up ? TellMeet(run, peer, change.a) : TellPart(run, peer, change.a));
      }
      // Then of those that it does not reach any more: that belongs to its coming back.
      while (up && !world.at(change.a).behaviour.changed_peers->empty())
        DELSTEP_TRY(TellOfChangedPeer(run, change.a));
      break;
    }
    case ChangeKey::Kind::kAll:
      break;
  }
  return {};
}

/// What TellChange() would tell now waits until nodes act.
void TellChangeLater(Run& run, const ChangeKey& change) {
  const auto exists = [&](NodeId node) {
    return Index(node) < run.world.nodes.size() && run.world.at(node).present;
  };
  if (!exists(change.a)) return;
  if (change.kind == ChangeKey::Kind::kComes || change.kind == ChangeKey::Kind::kGoes)
    return TellOfNodeLater(run, change.a);
  if (!exists(change.b)) return;
  TellOfPairLater(run, change.a, change.b);
}

/// Makes a change of plan. The world notes it as the last one before behaviours hear of it: what they
/// do may end the call with an error, and the change must not come twice.
Result<void> HandleChange(Run& run, const ChangeKey& change, const Passing& passing) {
  const bool known = Index(change.a) < run.world.nodes.size();
  const bool was_up = known && run.world.at(change.a).up;
  DELSTEP_TRY(MakeChange(run, change));
  run.world.changed = change;
  if (passing.acting) return TellChange(run, change, was_up);
  TellChangeLater(run, change);
  return {};
}

/// How far one looks where nothing says when to stop: no limit, and nothing that nodes have to do.
SimTime HorizonOf(const Run& run) {
  const SimTime day = Later(run.world.now, kLookAhead), rest = PlansRestFrom(run.engine);
  return rest == SimTime::max() ? day : std::max(day, rest);
}

/// `end`, but not beyond what the network knows of where nodes are.
SimTime WithinLegs(const World& world, SimTime end) {
  return world.network->traits().has_positions ? std::min(end, world.network->legs_until()) : end;
}

/// Nothing is on the way, or nothing that matters before `end`: the network only has to follow.
Result<void> AdvanceNetwork(Run& run, SimTime end) {
  World& world = run.world;
  while (world.network->now() < end) {
    DELSTEP_TRY(TellLegs(run));
    DELSTEP_ASSIGN(Passage passage, world.network.Write()->AdvanceTo(WithinLegs(world, end)));
    KeepEnded(world, std::move(passage));
  }
  return {};
}

/// How far a network is taken at once towards `end`.
SimTime PieceOf(const World& world, SimTime end) {
  if (world.network->traits().is_slow) end = std::min(end, Later(world.network->now(), kPiece));
  return WithinLegs(world, end);
}

Upcoming UpcomingOf(const ChangeKey& change) {
  using Kind = ChangeKey::Kind;
  const bool contact = change.kind == Kind::kContactBegins || change.kind == Kind::kContactEnds;
  Upcoming upcoming{.kind = contact ? Upcoming::Kind::kContact : Upcoming::Kind::kPresence,
                    .at = change.at,
                    .node = change.a,
                    .peer = {},
                    .begins = change.kind == Kind::kContactBegins || change.kind == Kind::kComes};
  if (contact) upcoming.peer = change.b;
  return upcoming;
}

}  // namespace

// Between two changes of one moment the network is a nanosecond behind; whoever sends must not send
// into the past.
Result<void> CatchUp(Run& run) { return AdvanceNetwork(run, run.world.now); }

// One happening: what is due now in the order of its class, else the clock goes on to what is next.
Result<bool> HandleNext(Run& run, SimTime limit, const Passing& passing, std::stop_token stop) {
  World& world = run.world;
  RenewAgenda(run);
  while (true) {
    if (stop.stop_requested()) return Interrupted("stopped while time was passing");
    const Agenda::Due* due = passing.acting ? run.agenda.First() : run.agenda.FirstTraining();
    const SimTime due_at = due ? std::max(due->at, world.now) : SimTime::max();
    // What a node has to do will come, however late: then one looks until then.
    const bool nothing_says = !due && limit == SimTime::max();
    const SimTime horizon = nothing_says ? HorizonOf(run) : std::min(due_at, limit);
    // 1: changes of plan.
    DELSTEP_ASSIGN(const auto change, FindChange(run, horizon, stop));
    if (change && change->at <= world.now) {
      DELSTEP_TRY(HandleChange(run, *change, passing));
      return true;
    }
    // 2: messages.
    DELSTEP_TRY(CatchUp(run));
    if (!world.ended->empty()) {
      DELSTEP_TRY(HandleEnded(run, passing));
      return true;
    }
    const bool due_in_time = due && due_at <= limit;
    SimTime stop_at = horizon;
    // A change at its time comes before messages that end at that time.
    if (change) stop_at = std::min(stop_at, change->at - kInstant);
    if (world.network->in_flight() > 0) {
      DELSTEP_TRY(TellLegs(run));
      DELSTEP_ASSIGN(Passage passage,
                     world.network.Write()->AdvanceToNext(PieceOf(world, stop_at)));
      world.now = world.network->now();
      KeepEnded(world, std::move(passage));
      // Something has ended; or not yet, and one looks on from here.
      if (!world.ended->empty() || world.now < stop_at ||
          (!due_in_time && !change && world.now < limit))
        continue;
    }
    // 3 to 5: what nodes have to do. The agenda is in that order, so its first entry is the one;
    // what the happening adds for this very moment is found by the next call.
    if (due_in_time && due_at <= stop_at) {
      // Time has not passed yet if nothing was on the way.
      world.now = due_at;
      const Agenda::Due task = *due;
      DELSTEP_TRY(CatchUp(run));
      DELSTEP_TRY(HandleDue(run, task, passing, stop));
      return true;
    }
    // Nothing comes before the change: the network stops a nanosecond earlier, so that messages which
    // end at the moment of the change find the world as it is after it.
    if (change) {
      if (world.network->now() < change->at - kInstant) {
        DELSTEP_TRY(AdvanceNetwork(run, change->at - kInstant));
      }
      world.now = change->at;
      continue;
    }
    // Nothing up to the limit. Without one the clock stays: nothing will ever come.
    if (limit != SimTime::max() && world.now < limit) {
      world.now = limit;
      DELSTEP_TRY(CatchUp(run));
    }
    return false;
  }
}

Result<bool> HandleNextOrPlan(Run& run, SimTime limit, const Passing& passing,
                              std::stop_token stop) {
  const SimTime plan = std::max(NextPlan(run), run.world.now);
  DELSTEP_ASSIGN(const bool more, HandleNext(run, std::min(limit, plan), passing, std::move(stop)));
  if (more || plan > limit || plan == SimTime::max()) return more;
  DELSTEP_TRY(run.run_due_plan());
  run.agenda.Forget();  // a command by hand may change what nodes have to do
  return true;
}

Result<void> RunPlansOfNow(Run& run, const Passing& passing, std::stop_token stop) {
  while (NextPlan(run) <= run.world.now)
    DELSTEP_TRY(HandleNextOrPlan(run, run.world.now, passing, stop));
  return {};
}

Result<void> PassWhile(Run& run, const std::function<bool()>& busy, std::stop_token stop) {
  while (busy()) {
    DELSTEP_ASSIGN(const bool more, HandleNextOrPlan(run, SimTime::max(), {}, stop));
    if (!more) break;
  }
  return RunPlansOfNow(run, {}, stop);
}

// Where it is not, a network step leaves all to the network, which is several times as fast as going
// through the messages one by one.
bool IsAlive(Run& run) {
  RenewAgenda(run);
  return run.agenda.FirstTraining() != nullptr || !run.world.ended->empty() ||
         run.world.network->now() < run.world.now || run.world.network->traits().is_slow ||
         NextPlan(run) < SimTime::max() || PlansGoOn(run);
}

// Otherwise all of them would come at once at the beginning of the next run.
void SkipTurns(Run& run) {
  World& world = run.world;
  for (const NodeId id : world.Present()) {
    if (!BehaviourOf(run, world.at(id)) || world.at(id).behaviour.due > world.now) continue;
    SkipTurnsOf(run, id, world.now);
    Renew(run, id);
  }
}

// What a person does in the middle of an instant comes after what had already happened in it. Where
// messages end in it, what is left of its changes of plan comes before them, as always.
Result<void> FinishArrivals(Run& run, NetworkReport* report) {
  DELSTEP_TRY(CatchUp(run));
  if (run.world.ended->empty()) return {};
  while (const auto change = NextChange(run, run.world.now))
    DELSTEP_TRY(HandleChange(run, *change, {.report = report}));
  while (!run.world.ended->empty()) DELSTEP_TRY(HandleEnded(run, {.report = report}));
  return {};
}

SimTime LooksUntil(const Run& run) {
  return PlansRestFrom(run.engine) == SimTime::max() ? HorizonOf(run) : SimTime::max();
}

// What is told may still be overtaken: a turn that comes first may send something that arrives
// before what is told here.
std::optional<Upcoming> NextOf(Run& run) {
  World& world = run.world;
  RenewAgenda(run);
  std::optional<Upcoming> next;
  const auto consider = [&](const Upcoming& candidate) {
    if (!next || candidate.at < next->at) next = candidate;
  };
  // In the order of classes: of equal times the first one counts.
  const auto arrival = [&](const Message& message, SimTime at) {
    consider(
        {.kind = Upcoming::Kind::kArrival, .at = at, .node = message.to, .peer = message.from});
  };
  if (!world.ended->empty()) arrival(world.ended->front().message, world.now);
  std::optional<ExpectedArrival> first;
  for (const ExpectedArrival& expected : world.network->ExpectedArrivals())
    if (!first || expected.at < first->at) first = expected;
  if (first)
    if (const ModelMessage* message = world.in_flight.Find(first->message))
      arrival(message->header, first->at);
  if (const Agenda::Due* due = run.agenda.First()) {
    Upcoming::Kind kind = Upcoming::Kind::kTraining;
    if (due->what == What::kTurn) kind = Upcoming::Kind::kTurn;
    if (due->what == What::kAlarm || due->what == What::kTell) kind = Upcoming::Kind::kWake;
    consider({.kind = kind, .at = std::max(due->at, world.now), .node = due->node, .peer = {}});
  }
  // Changes of plan come before all else of their moment, and are looked for until then.
  const auto change = NextChange(run, next ? next->at : HorizonOf(run));
  return change ? UpcomingOf(*change) : next;
}

}  // namespace delstep
