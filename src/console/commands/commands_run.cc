#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/dry_run.h"
#include "console/commands/run_words.h"
#include "console/commands/time_runner.h"
#include "scenario/units.h"

namespace delstep {
namespace {

/// Why it has stopped, where that is not plain from the command. What a breakpoint says of it is
/// said after the reply.
std::string EndOf(const RunGoal& goal, const RunOutcome& outcome) {
  if (!outcome.stopped_by) return {};
  switch (*outcome.stopped_by) {
    case StoppedBy::kCondition:
      return "the condition holds: " + outcome.condition;
    case StoppedBy::kDuration:
      return goal.condition ? "the condition does not hold: " + outcome.condition : "";
    case StoppedBy::kBreak:
      return "stopped by a breakpoint";
    case StoppedBy::kIdle:
      return outcome.idle;
    default:
      return {};
  }
}

Reply ReportOf(const RunGoal& goal, const RunOutcome& outcome, bool lists) {
  Reply reply;
  std::string text = fmt::format("{} · clock {}", Count(outcome.happenings, "happening"),
                                 FormatDuration(outcome.after.time_since_epoch()));
  if (const Duration passed = outcome.after - outcome.before; passed > Duration{0})
    text += fmt::format(" (+{})", FormatDuration(passed));
  if (const std::string end = EndOf(goal, outcome); !end.empty()) text += " · " + end;
  reply.text.push_back(std::move(text));
  reply.fields = {{"happenings", outcome.happenings},
                  {"before", outcome.before.time_since_epoch()},
                  {"after", outcome.after.time_since_epoch()}};
  if (outcome.stopped_by)
    reply.fields.emplace_back("stopped_by", std::string(Name(*outcome.stopped_by)));
  if (!lists) return reply;
  Table told{.key = "happened", .columns = {{"t"}, {"what"}}, .shown = 0};
  for (const ToldHappening& each : outcome.told)
    told.rows.push_back({each.at.time_since_epoch(), each.what});
  reply.tables.push_back(std::move(told));
  return reply;
}

/// What was done is told beside an error too.
Result<Reply> RunTowards(CommandContext& context, const RunGoal& goal) {
  RunOutcome outcome;
  auto ran = RunTime(context, goal, outcome);
  Reply reply = ReportOf(goal, outcome, goal.tells);
  if (ran) return reply;
  context.measured = std::move(reply);
  // As many happenings are the same run up to here, bit for bit.
  if (outcome.happenings > 0) context.redo = fmt::format("next {}", outcome.happenings);
  return std::move(ran).error();
}

Result<Reply> RunFor(CommandContext& context) {
  const RunGoal goal{.duration = context.arguments.Get<Duration>("DURATION"),
                     .condition = {},
                     .count = {},
                     .tells = context.verbose};
  if (!goal.duration && !context.stoppable && context.breaks.list().empty())
    return Refused("`run` alone ends at a breakpoint, and none is set",
                   "give it a duration (run 60s), or set a breakpoint: break CONDITION");
  return RunTowards(context, goal);
}

/// Errors, at the first word: kRefused for names that are not there.
Result<UntilWords> UntilOf(const CommandArguments& arguments, const Directory& directory) {
  DELSTEP_ASSIGN(UntilWords words, ParseUntil(arguments.TextOf("UNTIL")));
  if (auto known = CheckNames(words.condition, directory); !known)
    return At(*arguments.First("UNTIL")->word, std::move(known).error());
  return words;
}

/// Whether only a `test` can give it a value, and none has.
bool WaitsForTest(const MetricComparison& comparison, const Simulation& simulation) {
  if (comparison.metric->kind != Metric::Kind::kTest) return false;
  return !Judge({.text = comparison.text, .alternatives = {{comparison}}}, simulation);
}

/// Time alone tests nothing: without a planned `test` such a condition would be waited for without
/// end. Errors, at the first word: kRefused.
Result<void> CheckThatItCanHold(const CommandContext& context, const Expectation& condition) {
  const Simulation& simulation = context.simulation;
  const auto tests = [](const PlannedCommand& plan) {
    return plan.command.find("test") != std::string::npos;
  };
  if (std::ranges::any_of(simulation.Plans(), tests)) return {};
  const auto waits = [&](const MetricComparison& each) { return WaitsForTest(each, simulation); };
  for (const auto& all : condition.alternatives) {
    if (std::ranges::none_of(all, waits)) return {};
    // What has no value ends the judging, so that what stands behind an `or` is not reached.
    if (waits(all.front())) break;
  }
  const auto verdict = Judge(condition, simulation);
  const std::string why = verdict ? TextOf(*verdict) : verdict.error().message;
  return At(*context.arguments.First("UNTIL")->word,
            Refused(fmt::format("{}, and no planned command tests: this would never end", why),
                    "plan a test before it: every 10s { test global }"));
}

Result<Reply> RunUntil(CommandContext& context) {
  DELSTEP_ASSIGN(UntilWords words,
                 UntilOf(context.arguments, SimulationDirectory(context.simulation)));
  if (!words.most) DELSTEP_TRY(CheckThatItCanHold(context, words.condition));
  return RunTowards(context, {.duration = words.most,
                              .condition = std::move(words.condition),
                              .count = {},
                              .tells = context.verbose});
}

Result<void> FollowRunUntil(DryRun& dry_run) {
  DELSTEP_TRY(UntilOf(dry_run.arguments, dry_run.directory));
  return {};
}

Result<Reply> TellNext(CommandContext& context) {
  const Simulation& simulation = context.simulation;
  Table table{.key = "next", .columns = {{"t"}, {"what"}}, .shown = 0};
  Reply reply;
  if (const auto next = NextToCome(simulation)) {
    table.rows.push_back({next->at.time_since_epoch(), next->sentence});
    reply.text.push_back(
        fmt::format("next, at {}: {}", DurationText(next->at.time_since_epoch()), next->sentence));
  } else {
    reply.text.push_back(NothingToCome(simulation, ""));
  }
  if (simulation.queued() > 0)
    reply.text.push_back(fmt::format("{} in outboxes: `run`, `next` and `nstep` send {} first",
                                     Count(simulation.queued(), "message"),
                                     simulation.queued() == 1 ? "it" : "them"));
  const Duration now = simulation.now().time_since_epoch();
  reply.fields = {{"happenings", std::uint64_t{0}},
                  {"before", now},
                  {"after", now},
                  {"stopped_by", std::string(Name(StoppedBy::kCount))}};
  reply.tables.push_back(std::move(table));
  return reply;
}

Result<Reply> RunNext(CommandContext& context) {
  return RunTowards(context, {.duration = {},
                              .condition = {},
                              .count = context.arguments.Get<std::uint64_t>("N").value_or(1),
                              .tells = true});
}

constexpr Command kRun[] = {
    {.scope = CommandScope::kSteps,
     .usage = "run [DURATION]",
     .sentence = "let simulated time pass: nodes move, meet, come and go, compute and act",
     .example = "run 60s",
     .more =
         "What waits in outboxes goes on the wire first. All that happens up to and including the "
         "end is handled, so `run 5s; run 5s` is `run 10s`, bit for bit. Without DURATION it runs "
         "until a breakpoint or Ctrl-C; in a script that takes a breakpoint. It ends at once where "
         "nothing is to come. With -v each happening is said. Planned commands (`at`, `every`) run "
         "at their times, after all else of that instant.",
     .changes_world = true,
     .transmits = true,
     .run = RunFor},
    {.scope = CommandScope::kSteps,
     .usage = "run until CONDITION... [for DURATION]",
     .form = "run until UNTIL...",
     .sentence = "the same until a condition holds, or DURATION has passed",
     .example = "run until test_acc:global(mean) > 0.9 for 10min",
     .more =
         "The condition is looked at before the first instant and after each one in which "
         "something has happened; one that cannot be measured yet does not hold. What `test` "
         "measures takes a planned `test`, such as `every 10s { test global }` before it; without "
         "one, and without `for`, it is refused. It ends at once where nothing is to come.",
     .changes_world = true,
     .transmits = true,
     .run = RunUntil,
     .follow = FollowRunUntil},
    {.scope = CommandScope::kSteps,
     .usage = "next 0",
     .sentence = "tell what comes next, and do nothing",
     .example = "next 0",
     .shows = true,
     .run = TellNext},
    {.scope = CommandScope::kSteps,
     .usage = "next [N]",
     .sentence = "handle the next N happenings (default 1), and tell each in one sentence",
     .example = "next 5",
     .more = "A happening is a message that ends, a training that ends, a turn of a node, a "
             "contact that begins or ends, a node that comes or goes, or a planned command. Of "
             "several at one instant one is handled at a time.",
     .enter_repeats = true,
     .changes_world = true,
     .transmits = true,
     .run = RunNext},
};

}  // namespace

std::span<const Command> RunCommands() { return kRun; }

}  // namespace delstep
