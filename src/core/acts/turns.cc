#include "core/acts/turns.h"

#include <algorithm>

#include "core/acts/behave.h"

namespace delstep {
namespace {

/// When a turn is due, counted from 1. Reckoned from when the behaviour was set, not from the turn
/// before it, so jitter does not add up and a skipped turn moves no other.
SimTime TurnAt(const Run& run, const Node& node, std::uint64_t turn) {
  const BehaviourOptions& options = run.engine.scenario->behaviour;
  const double room = static_cast<double>((SimTime::max() - node.behaviour.since).count());
  if (static_cast<double>(turn) * static_cast<double>(options.period.count()) > room / 2 ||
      static_cast<double>(options.jitter.count()) > room / 2)
    return SimTime::max();
  Duration after = static_cast<Duration::rep>(turn) * options.period;
  if (options.jitter > Duration(0)) {
    Random random(MakeKey(run.engine.scenario->seed, Purpose::kTurn, Index(node.id), turn));
    after += Duration(static_cast<Duration::rep>(
        random.Below(static_cast<std::uint64_t>(options.jitter.count()))));
  }
  return node.behaviour.since + after;
}

/// The turns of a node on both sides of a moment.
struct Turns {
  std::uint64_t last = 0;         ///< the number of the last one up to it; 0: there was none
  SimTime next = SimTime::max();  ///< when the first one after it is due
};

/// Where jitter is longer than the period, turns may be due in another order than that of their
/// numbers, so all that may be the last or the next one are looked at: about 3 * jitter / period.
Turns TurnsAround(const Run& run, const Node& node, SimTime time) {
  const BehaviourOptions& options = run.engine.scenario->behaviour;
  const Duration passed = time - node.behaviour.since;
  // Some turn was due within a jitter and a period before `time`, so none whose latest time is before
  // that can be the last one.
  const auto before = [&](Duration end) {
    return end > options.jitter ? end - options.jitter : Duration(0);
  };
  const auto oldest = static_cast<std::uint64_t>(before(before(passed)) / options.period);
  Turns turns;
  SimTime last{};
  for (std::uint64_t turn = std::max<std::uint64_t>(oldest, 2) - 1;; ++turn) {
    const SimTime at = TurnAt(run, node, turn);
    if (at == SimTime::max()) return turns;
    if (at <= time && (turns.last == 0 || at >= last)) {
      turns.last = turn;
      last = at;
    }
    if (at > time) turns.next = std::min(turns.next, at);
    // All that are left are due a period later at least.
    const Duration earliest = static_cast<Duration::rep>(turn + 1) * options.period;
    if (earliest >= turns.next - node.behaviour.since) return turns;
  }
}

}  // namespace

void BeginTurns(Run& run, NodeId id) {
  BehaviourState& state = run.world.Change(id).behaviour;
  state.since = run.world.now;
  state.turns = 0;
  state.pending = false;
  state.due = TurnsAround(run, run.world.at(id), state.since).next;
  Renew(run, id);
}

void SkipTurnsOf(Run& run, NodeId id, SimTime until) {
  BehaviourState& state = run.world.Change(id).behaviour;
  if (state.due > until || state.due == SimTime::max()) return;
  const Turns turns = TurnsAround(run, run.world.at(id), until);
  state.turns = turns.last;
  state.due = turns.next;
}

}  // namespace delstep
