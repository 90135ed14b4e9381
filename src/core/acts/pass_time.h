#pragma once
/// How time passes in a world where things happen by themselves: happening by happening. The order
/// of happenings is that of Simulation::HandleNext().
///
/// Time passes in two ways. Nodes *act* in a run: they take turns and answer what comes. In a
/// network step, or while somebody trains by hand, time passes *passively*: what depends on the
/// clock alone happens (moving, churn, arrivals, ends of trainings), and behaviours learn of it when
/// nodes act again.
///
/// Errors: those of the network and of training; kInterrupted after `stop`. An error leaves a world
/// between two happenings.
/// Threads: one caller at a time.
#include <functional>
#include <optional>
#include <stop_token>

#include "core/acts/message_outcomes.h"
#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// How time passes, and what it has brought.
struct Passing {
  bool acting = false;
  /// Whose messages come into the inbox; those of others wait. Null: everybody's.
  const NodePredicate* receives = nullptr;
  NetworkReport* report = nullptr;  ///< null: nobody counts
};

/// The next happening up to and including `limit`, and whether there was one; see
/// Simulation::HandleNext().
Result<bool> HandleNext(Run& run, SimTime limit, const Passing& passing, std::stop_token stop);

/// The same, where planned commands run at their times: `limit` may lie after them. True also where
/// one has run.
Result<bool> HandleNextOrPlan(Run& run, SimTime limit, const Passing& passing,
                              std::stop_token stop);
/// If planned commands are due now: all else of this instant happens, then they run.
Result<void> RunPlansOfNow(Run& run, const Passing& passing, std::stop_token stop);

/// Time passes, passively, while `busy` holds and anything is still to come.
Result<void> PassWhile(Run& run, const std::function<bool()>& busy, std::stop_token stop);

/// Something other than messages may happen while time passes: then a network step cannot leave it
/// to the network.
bool IsAlive(Run& run);

/// Turns that have fallen due in time that passed passively do not come any more.
void SkipTurns(Run& run);

/// The clock of the network follows that of the world; what has ended by then is kept for later.
Result<void> CatchUp(Run& run);
/// The clock of the network follows that of the world, and what the network had reported as ended
/// is handled: in the middle of an instant a command by hand comes after both.
Result<void> FinishArrivals(Run& run, NetworkReport* report = nullptr);

/// What comes next, as far as one looks.
std::optional<Upcoming> NextOf(Run& run);
/// How far that is where nothing is due: to the end of plans that are known as a whole (lists and
/// traces), else for a day. SimTime::max(): after that there is nothing.
SimTime LooksUntil(const Run& run);

}  // namespace delstep
