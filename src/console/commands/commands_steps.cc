#include <fmt/format.h>

#include "console/commands/command_rows.h"
#include "console/commands/reply_parts.h"
#include "scenario/units.h"

namespace delstep {

Result<Reply> StepNodes(CommandContext& context) {
  DELSTEP_ASSIGN(const StepReport report,
                 context.simulation.Step(context.targets.nodes, context.stop, WaitingOf(context)));
  Reply reply = ReportOf(context, report);
  if (report.aggregated.empty()) AddWaiting(reply, context);
  return reply;
}

namespace {

Result<Reply> NetworkStep(CommandContext& context) {
  const auto duration = context.arguments.Get<Duration>("DURATION");
  const SimTime before = context.simulation.now();
  auto report = context.arguments.Has("NODE")
                    ? context.simulation.NetworkStep(context.targets.nodes, duration, context.stop)
                    : context.simulation.NetworkStep(duration, context.stop);
  if (!report) {
    const Duration passed = context.simulation.now() - before;
    std::string nodes;
    if (context.arguments.Has("NODE")) nodes = context.arguments.TextOf("NODE") + ' ';
    context.redo = fmt::format("nstep {}{}", nodes, DurationText(passed));
    return std::move(report).error();
  }
  Reply reply = ReportOf(*report);
  AddSkipped(reply, context);
  return reply;
}

Result<Reply> ToggleAutonet(CommandContext& context) {
  const CommandArguments& given = context.arguments;
  const bool on = given.Has("on") || (!given.Has("off") && !context.simulation.autonet());
  context.simulation.SetAutonet(on);
  Reply reply;
  reply.text.push_back(fmt::format("autonet is {}", on ? "on" : "off"));
  reply.fields = {{"autonet", on}};
  return reply;
}

constexpr Command kSteps[] = {
    {.scope = CommandScope::kSteps,
     .usage = "step [NODE...]",
     .sentence = "aggregate if there is new model information, else train",
     .example = "step",
     .who = Who::kAll,
     .autonet = true,
     .enter_repeats = true,
     .redo = "step",
     .changes_world = true,
     .run = StepNodes},
    {.scope = CommandScope::kSteps,
     .usage = "nstep [NODE...] [DURATION]",
     .sentence = "network step: transmit what is queued and let time pass",
     .example = "nstep 100ms",
     .more =
         "Without DURATION it lasts until the time that the key network.step says. "
         "Nodes start nothing by themselves in it, but all that depends on the clock alone "
         "happens: nodes move, meet, come and go, trainings end, planned commands run. Where those "
         "keep messages on the way, only a DURATION ends it. `run` "
         "lets nodes act too.",
     .enter_repeats = true,
     .changes_world = true,
     .transmits = true,
     .run = NetworkStep},
    {.scope = CommandScope::kSteps,
     .usage = "autonet [on|off]",
     .sentence = "network step after each command, from the next one on: on, off, or the other",
     .example = "autonet on",
     .autonet = true,
     .changes_world = true,
     .run = ToggleAutonet},
};

}  // namespace

std::span<const Command> StepCommands() { return kSteps; }

}  // namespace delstep
