#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/dry_run.h"
#include "scenario/units.h"

namespace delstep {
namespace {

/// Commands that a plan may run: what acts on nodes, network and groups, logs, sets or judges. Not
/// what moves time, goes back, loads, checkpoints or ends the program.
bool MayBePlanned(const Command& command) {
  switch (command.scope) {
    case CommandScope::kLearning:
    case CommandScope::kCommunication:
    case CommandScope::kNetwork:
    case CommandScope::kGroup:
    case CommandScope::kLogging:
      return true;
    default:
      break;
  }
  constexpr std::array<std::string_view, 5> kVerbs = {"step", "set", "expect", "echo", "repeat"};
  const std::string_view verb = command.usage.substr(0, command.usage.find(' '));
  return std::ranges::find(kVerbs, verb) != kVerbs.end();
}

/// What the form of a planned command tells; who will be there when it runs, nobody knows.
Result<void> CheckPlanned(const Statement& statement, const DryRun& now) {
  if (statement.bad) return *statement.bad;
  DELSTEP_ASSIGN(Call call, MatchCommand(statement.words));
  const Command& command = *call.command;
  if (!MayBePlanned(command))
    return At(statement.words.front(),
              UsageError(fmt::format("'{}' cannot be planned", statement.words.front().text),
                         "plans take learning, communication, network, group and logging commands, "
                         "step, set, test, expect, echo and repeat"));
  if (!command.follow || command.inlined) return {};
  DryRun dry_run = now;
  dry_run.forms_only = true;
  if (auto targets = FindTargets(call, dry_run.directory))
    dry_run.targets = *std::move(targets);
  else if (targets.error().code != ErrorCode::kRefused)
    return std::move(targets).error();
  else
    return {};
  dry_run.arguments = std::move(call.arguments);
  auto followed = command.follow(dry_run);
  return followed || followed.error().code != ErrorCode::kUsage ? Result<void>() : followed;
}

/// The commands of a block too. Errors, at the word: kUsage.
Result<void> CheckBody(std::span<const Statement> body, const Word& when, const DryRun& now) {
  if (body.empty())
    return At(when, UsageError("the block is empty: nothing would run",
                               "for example: every 10s { test global }"));
  for (const Statement& statement : body)
    if (auto checked = CheckPlanned(statement, now); !checked)
      return At(statement.words.front(), std::move(checked).error());
  return {};
}

Result<Duration> PeriodOf(const CommandArguments& arguments) {
  const Duration period = *arguments.Get<Duration>("DURATION");
  if (period > Duration(0)) return period;
  return At(arguments.WordOf("DURATION"), UsageError("`every` needs a duration above 0",
                                                     "for example: every 10s { test global }"));
}

/// A planned command as it was typed: "every 10s test global".
std::string PlanText(const PlannedCommand& plan) {
  return plan.every ? fmt::format("every {} {{ {} }}", DurationText(*plan.every), plan.command)
                    : fmt::format("at {} {{ {} }}", DurationText(plan.at.time_since_epoch()),
                                  plan.command);
}

Result<Reply> Plan(CommandContext& context, const Word& when, PlannedCommand plan) {
  const DryRun now{.simulation = context.simulation,
                   .registry = context.registry,
                   .directory = DryRunDirectory(context.simulation),
                   .config = context.config};
  DELSTEP_TRY(CheckBody(context.queue.Body(), when, now));
  plan.command = context.queue.BodyText();
  const SimTime at = plan.at;
  const auto every = plan.every;
  const std::string command = plan.command;
  auto number = context.simulation.AddPlan(std::move(plan));
  if (!number) return At(when, std::move(number).error());
  Reply reply;
  reply.text.push_back(
      fmt::format("planned {}: at {}{}: {}", *number, DurationText(at.time_since_epoch()),
                  every ? fmt::format(", then every {}", DurationText(*every)) : "", command));
  reply.fields = {{"number", *number},
                  {"due", at.time_since_epoch()},
                  {"every", every ? Cell(*every) : Cell()},
                  {"command", command}};
  return reply;
}

Result<Reply> PlanAt(CommandContext& context) {
  const SimTime at{*context.arguments.Get<Duration>("TIME")};
  return Plan(context, context.arguments.WordOf("TIME"),
              {.number = 0, .at = at, .every = {}, .command = {}});
}

Result<Reply> PlanEvery(CommandContext& context) {
  DELSTEP_ASSIGN(const Duration period, PeriodOf(context.arguments));
  const Word& when = context.arguments.WordOf("DURATION");
  if (period > SimTime::max() - context.simulation.now())
    return At(when, Refused("simulated time would pass its end, 292 years"));
  return Plan(
      context, when,
      {.number = 0, .at = context.simulation.now() + period, .every = period, .command = {}});
}

Result<void> FollowPlan(DryRun& dry_run) {
  const CommandArguments& arguments = dry_run.arguments;
  if (arguments.Has("DURATION")) DELSTEP_TRY(PeriodOf(arguments));
  const Word& when = arguments.WordOf(arguments.Has("TIME") ? "TIME" : "DURATION");
  return CheckBody(dry_run.queue.Body(), when, dry_run);
}

Result<Reply> ListPlans(CommandContext& context) {
  Table table{.key = "plans",
              .columns = {{"number", "plan"},
                          {"due", "next at"},
                          {.key = "every", .title = "every", .optional = true},
                          {"command", "command"}}};
  for (const PlannedCommand& plan : context.simulation.Plans())
    table.rows.push_back({plan.number, plan.at.time_since_epoch(),
                          plan.every ? Cell(*plan.every) : Cell(), plan.command});
  Reply reply;
  if (table.rows.empty()) reply.text.push_back("nothing is planned; plan: at TIME COMMAND");
  reply.tables.push_back(std::move(table));
  return reply;
}

Result<Reply> DeletePlan(CommandContext& context) {
  const std::uint64_t number = *context.arguments.Get<std::uint64_t>("K");
  const std::vector<PlannedCommand> plans = context.simulation.Plans();
  const auto plan = std::ranges::find(plans, number, &PlannedCommand::number);
  if (plan == plans.end())
    return At(context.arguments.WordOf("K"),
              Refused(fmt::format("there is no planned command {}", number),
                      plans.empty() ? "nothing is planned" : "list them: schedule"));
  context.simulation.DeletePlan(number);
  Reply reply;
  reply.text.push_back(fmt::format("forgot {}: {}", number, PlanText(*plan)));
  reply.fields = {{"number", number}};
  return reply;
}

constexpr std::string_view kPlanHelp =
    "It runs inside `run`, `next` and `nstep`, and while `train` by hand takes time, after all "
    "else "
    "of that instant; several that are due at once run by number. What it queues inside a `run` or "
    "`nstep` goes on the wire at once. A `train` in it begins, and ends by itself later. What is "
    "refused then is reported with its time and ends the `run`, unless --keep-going. Plans are "
    "part "
    "of the world: undo, branches and checkpoints have them. They take learning, communication, "
    "network, group and logging commands, step, set, test, expect, echo and repeat.";

constexpr Command kPlans[] = {
    {.scope = CommandScope::kTime,
     .usage = "at TIME COMMAND | at TIME { ... }",
     .form = "at TIME",
     .sentence = "plan a command or a block for a time of the simulated clock",
     .example = "at 60s { node down 10.0.0.3 }",
     .more = kPlanHelp,
     .changes_world = true,
     .run = PlanAt,
     .follow = FollowPlan},
    {.scope = CommandScope::kTime,
     .usage = "every DURATION COMMAND | every DURATION { ... }",
     .form = "every DURATION",
     .sentence = "plan it again and again, for the first time DURATION from now",
     .example = "every 10s { test global }",
     .more = "The DURATION of `every` is above 0.",
     .changes_world = true,
     .run = PlanEvery,
     .follow = FollowPlan},
    {.scope = CommandScope::kTime,
     .usage = "schedule",
     .sentence = "list the planned commands, with when each runs next",
     .example = "schedule",
     .shows = true,
     .run = ListPlans},
    {.scope = CommandScope::kTime,
     .usage = "schedule delete K",
     .sentence = "forget a planned command",
     .example = "schedule delete 1",
     .changes_world = true,
     .run = DeletePlan},
};

}  // namespace

std::span<const Command> PlanCommands() { return kPlans; }

}  // namespace delstep
