#include "console/commands/time_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "scenario/units.h"

namespace delstep {
namespace {

bool IsTurnOfBusy(const Upcoming& next, const Simulation& simulation) {
  return next.kind == Upcoming::Kind::kTurn && simulation.View(next.node).busy_until.has_value();
}

class TimeRunner {
 public:
  TimeRunner(CommandContext& context, const RunGoal& goal, RunOutcome& outcome)
      : context_(context),
        simulation_(context.simulation),
        goal_(goal),
        outcome_(outcome),
        names_(NamesOf(context.simulation)) {}

  Result<void> Run() {
    outcome_.before = simulation_.now();
    if (goal_.duration) {
      if (*goal_.duration > SimTime::max() - simulation_.now())
        return Refused("simulated time would pass its end, 292 years");
      end_ = simulation_.now() + *goal_.duration;
    }
    DELSTEP_TRY(simulation_.Transmit());
    if (Holds()) return Stop(StoppedBy::kCondition);
    plan_ = NextPlanOf(simulation_);
    while (!outcome_.stopped_by) {
      DELSTEP_TRY(FinishInstant());
      if (outcome_.stopped_by || Looks()) break;
      DELSTEP_TRY(GoOn());
    }
    return {};
  }

 private:
  Result<void> Stop(StoppedBy stopped_by) {
    outcome_.stopped_by = stopped_by;
    return {};
  }

  /// All that happens now. A planned command may bring about more of it.
  Result<void> FinishInstant() {
    while (!outcome_.stopped_by) {
      DELSTEP_ASSIGN(const bool happened, Handle(simulation_.now()));
      if (happened) continue;
      if (plan_ > simulation_.now()) return {};
      DELSTEP_TRY(context_.run_plan());
      plan_ = NextPlanOf(simulation_);
      Count();
    }
    return {};
  }

  /// Whether something stops the run between two instants.
  bool Looks() {
    context_.hits = context_.breaks.Take();
    // Breakpoints are no part of the world: the same run may go on another time.
    context_.uncertain |= !context_.hits.empty();
    if (!context_.hits.empty())
      outcome_.stopped_by = StoppedBy::kBreak;
    else if (Holds())
      outcome_.stopped_by = StoppedBy::kCondition;
    else if (simulation_.now() >= end_)
      outcome_.stopped_by = StoppedBy::kDuration;
    if (context_.progress) context_.progress(simulation_.now() - outcome_.before, goal_.duration);
    return outcome_.stopped_by.has_value();
  }

  /// The first happening of the next instant, or the time of the next planned command.
  Result<void> GoOn() {
    const SimTime limit = std::min(end_, plan_);
    // A condition is not waited for where nothing can change it. What is on the way can.
    const bool may_wait =
        !goal_.condition || plan_ != SimTime::max() || simulation_.in_flight() > 0;
    // An end that is further away than Next() looks is for HandleNext() to go to.
    const bool all_seen = end_ == SimTime::max() || simulation_.looks_until() == SimTime::max();
    if (!may_wait && all_seen && !simulation_.Next()) return Stop(StoppedBy::kIdle);
    DELSTEP_ASSIGN(const bool happened, Handle(limit));
    if (!happened && limit == SimTime::max()) return Stop(StoppedBy::kIdle);
    return {};
  }

  /// Wherever a Ctrl-C has come, also in the middle of a training that is computed: the happening
  /// that it was computed for has not begun.
  Result<bool> HandleNext(SimTime limit) {
    auto happened = simulation_.HandleNext(limit, context_.stop);
    if (happened || happened.error().code != ErrorCode::kInterrupted) return happened;
    return Interrupted(fmt::format("stopped at {}, between two happenings; `run` goes on from here",
                                   DurationText(simulation_.now().time_since_epoch())));
  }

  Result<bool> Handle(SimTime limit) {
    if (!goal_.tells) {
      DELSTEP_ASSIGN(const bool happened, HandleNext(limit));
      if (happened) Count();
      return happened;
    }
    const auto expected = simulation_.Next();
    context_.heard.Begin();
    auto happened = HandleNext(limit);
    const std::vector<Happening> heard = context_.heard.End();
    if (!happened || !*happened) return happened;
    Tell(TextOf(heard, expected));
    Count();
    return true;
  }

  void Count() {
    if (++outcome_.happenings == goal_.count) outcome_.stopped_by = StoppedBy::kCount;
  }

  /// What happened stands first, and what came of it after that.
  std::string TextOf(const std::vector<Happening>& heard,
                     const std::optional<Upcoming>& expected) const {
    if (heard.empty()) {
      if (!expected) return "nothing came of what happened";
      const std::string text = Sentence(*expected, simulation_);
      return IsTurnOfBusy(*expected, simulation_) ? text : text + ", and nothing comes of it";
    }
    constexpr std::size_t kTold = 4;
    std::vector<std::string> parts;
    std::size_t more = 0;
    for (const Happening& what : heard) {
      // It is sent at once, and that is told.
      if (parts.size() > 0 && std::holds_alternative<Queued>(what)) continue;
      if (parts.size() < kTold)
        parts.push_back(Sentence(what, names_));
      else
        ++more;
    }
    if (more > 0) parts.push_back(fmt::format("and {} more", more));
    return Join(parts, "; ");
  }

  void Tell(std::string what) {
    if (context_.say)
      context_.say(fmt::format("{}: {}", DurationText(simulation_.now().time_since_epoch()), what));
    outcome_.told.push_back({simulation_.now(), std::move(what)});
  }

  /// A condition that cannot be measured yet does not hold.
  bool Holds() {
    if (!goal_.condition) return false;
    context_.uncertain |= LooksAtTests(*goal_.condition);
    const auto verdict = Judge(*goal_.condition, simulation_);
    outcome_.condition = verdict ? delstep::TextOf(*verdict) : verdict.error().message;
    return verdict && verdict->holds;
  }

  CommandContext& context_;
  Simulation& simulation_;
  const RunGoal& goal_;
  RunOutcome& outcome_;
  NodeNames names_;
  SimTime end_ = SimTime::max();
  SimTime plan_ = SimTime::max();  // when the next planned command is due
};

}  // namespace

std::string_view Name(StoppedBy stopped_by) {
  constexpr std::array<std::string_view, 6> kNames = {"duration", "condition", "break",
                                                      "count",    "interrupt", "idle"};
  return kNames[static_cast<std::size_t>(stopped_by)];
}

NodeNames NamesOf(const Simulation& simulation) {
  return [&simulation](NodeId node) {
    const std::string name = simulation.NameOf(node);
    return name.empty() ? simulation.AddressOf(node) : name;
  };
}

SimTime NextPlanOf(const Simulation& simulation) {
  const std::vector<PlannedCommand> plans = simulation.Plans();
  return plans.empty() ? SimTime::max() : plans.front().at;
}

std::string Sentence(const Upcoming& next, const Simulation& simulation) {
  const NodeNames names = NamesOf(simulation);
  const std::string node = names(next.node);
  const std::string peer = next.peer ? names(*next.peer) : "";
  switch (next.kind) {
    case Upcoming::Kind::kArrival:
      return fmt::format("a message from {} reaches {}, or is lost", peer, node);
    case Upcoming::Kind::kTraining:
      return fmt::format("a training of {} ends", node);
    case Upcoming::Kind::kTurn:
      return IsTurnOfBusy(next, simulation)
                 ? fmt::format("{} is busy: its turn waits until its training ends", node)
                 : fmt::format("{} takes its next turn", node);
    case Upcoming::Kind::kWake:
      return fmt::format("{} goes on with what it waits for", node);
    case Upcoming::Kind::kContact:
      return fmt::format("{} and {} {}", node, peer, next.begins ? "meet" : "part");
    case Upcoming::Kind::kPresence:
      return fmt::format("{} {}", node, next.begins ? "comes online" : "goes offline");
  }
  return {};
}

Result<void> RunTime(CommandContext& context, const RunGoal& goal, RunOutcome& outcome) {
  auto run = TimeRunner(context, goal, outcome).Run();
  outcome.after = context.simulation.now();
  if (outcome.stopped_by == StoppedBy::kIdle)
    outcome.idle = NothingToCome(context.simulation, "more ");
  // In the middle of an instant nobody has looked yet.
  if (outcome.stopped_by == StoppedBy::kCount) context.hits = context.breaks.Take();
  if (!run && run.error().code == ErrorCode::kInterrupted)
    outcome.stopped_by = StoppedBy::kInterrupt;
  return run;
}

std::string NothingToCome(const Simulation& simulation, std::string_view more) {
  const SimTime seen = simulation.looks_until();
  const std::string within =
      seen == SimTime::max() ? "" : " within " + DurationText(seen - simulation.now());
  return fmt::format("nothing {}is to come{}", more, within);
}

std::optional<ToCome> NextToCome(const Simulation& simulation) {
  const auto next = simulation.Next();
  const SimTime plan = NextPlanOf(simulation);
  if (plan != SimTime::max() && (!next || plan < next->at))
    return ToCome{plan,
                  fmt::format("a planned command runs: {}", simulation.Plans().front().command)};
  if (!next) return {};
  return ToCome{next->at, Sentence(*next, simulation)};
}

}  // namespace delstep
