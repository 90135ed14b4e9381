#pragma once
/// The loop of `run` and `next`: simulated time passes happening by happening, planned commands run
/// at their times, and between two instants one looks whether to stop.
///
///   transmit     what waits in outboxes goes on the wire
///   instant      all happenings of it; then each planned command that is due, by number, and all
///                happenings of the instant that it brings about
///   look         breakpoints, then the condition, then the end
///   next instant that of the next happening or planned command, at most the end
///
/// Only a number of happenings that was asked for stops inside an instant. A planned command counts
/// as one happening: it is what comes next.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "console/commands/command_table.h"
#include "console/commands/expectation.h"
#include "delstep/result.h"
#include "delstep/simulation.h"
#include "recording/event_sentence.h"

namespace delstep {

enum class StoppedBy : std::uint8_t { kDuration, kCondition, kBreak, kCount, kInterrupt, kIdle };
std::string_view Name(StoppedBy stopped_by);  // "duration", ...

/// When to stop. Breakpoints and a Ctrl-C stop always.
struct RunGoal {
  std::optional<Duration> duration;
  std::optional<Expectation> condition;
  std::optional<std::uint64_t> count;  ///< of happenings
  bool tells = false;                  ///< each happening is said, in one sentence
};

/// One happening as it is told.
struct ToldHappening {
  SimTime at{};
  std::string what;  ///< one sentence
};

struct RunOutcome {
  std::uint64_t happenings = 0;
  SimTime before{}, after{};
  std::optional<StoppedBy> stopped_by;  ///< nothing: an error that is no interrupt
  std::vector<ToldHappening> told;      ///< for programs; people have read them as they came
  std::string condition;                ///< what the condition measured when it was last looked at
  std::string idle;                     ///< kIdle: what was found, as a clause
};

/// Lets time pass. `outcome` says how far it came, also where the result is an error. Breakpoints
/// that have stopped it are in context.hits. Errors: those of Simulation::HandleNext() and of
/// planned commands; kRefused beyond the end of simulated time.
Result<void> RunTime(CommandContext& context, const RunGoal& goal, RunOutcome& outcome);

/// What comes next, as one sentence: "ann takes its next turn".
std::string Sentence(const Upcoming& next, const Simulation& simulation);
/// What people call the nodes of the simulation.
NodeNames NamesOf(const Simulation& simulation);
/// When the first planned command is due; SimTime::max() where there is none.
SimTime NextPlanOf(const Simulation& simulation);
/// "nothing is to come", or "nothing more is to come within 86400s": as far as one looks.
std::string NothingToCome(const Simulation& simulation, std::string_view more);
/// What comes next: a happening, or the planned command that comes before it; nothing is to come.
struct ToCome {
  SimTime at{};
  std::string sentence;
};
std::optional<ToCome> NextToCome(const Simulation& simulation);

}  // namespace delstep
