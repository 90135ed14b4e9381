#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "console/commands/command_table.h"
#include "console/commands/reply_parts.h"

namespace delstep {
namespace {

Result<Reply> Train(CommandContext& context) {
  DELSTEP_ASSIGN(const StepReport report,
                 context.simulation.Train(context.targets.nodes, context.stop));
  return ReportOf(context, report);
}

Result<Reply> Aggregate(CommandContext& context) {
  DELSTEP_ASSIGN(const StepReport report, context.simulation.Aggregate(context.targets.nodes));
  return ReportOf(context, report);
}

Result<Reply> Step(CommandContext& context) {
  DELSTEP_ASSIGN(const StepReport report,
                 context.simulation.Step(context.targets.nodes, context.stop));
  return ReportOf(context, report);
}

EvaluationScope ScopeOf(const CommandArguments& arguments) {
  using Kind = EvaluationScope::Kind;
  if (arguments.Has("local")) return {Kind::kLocal};
  if (arguments.Has("global")) return {Kind::kGlobal};
  if (arguments.Has("group")) return {Kind::kGroup, arguments.WordOf("G").text};
  return {Kind::kGeneral};
}

std::string SpreadText(std::string_view what, std::span<const Evaluated> results,
                       double Evaluated::*value) {
  double sum = 0;
  for (const Evaluated& e : results) sum += e.*value;
  const auto [least, most] = std::ranges::minmax_element(results, {}, value);
  return fmt::format("{} mean {:.4f}, min {:.4f}, max {:.4f}", what,
                     sum / static_cast<double>(results.size()), (*least).*value, (*most).*value);
}

Result<Reply> Test(CommandContext& context) {
  DELSTEP_ASSIGN(
      const std::vector<Evaluated> results,
      context.simulation.Evaluate(context.targets.nodes, ScopeOf(context.arguments), context.stop));
  Reply reply;
  Table table{.key = "results",
              .columns = {{"node"}, {"scope"}, {"loss"}, {"accuracy"}, {"examples"}},
              .shown = 0};
  for (const Evaluated& e : results) {
    LogEntry entry;
    entry.cycle = context.simulation.cycle();
    entry.is_result = true;
    entry.node = context.Address(e.node);
    entry.scope = Name(e.scope);
    entry.loss = e.loss;
    entry.accuracy = e.accuracy;
    reply.output.push_back(FormatLogEntry(entry));
    table.rows.push_back({entry.node, entry.scope, e.loss, e.accuracy, e.examples});
    context.results.push_back(std::move(entry));
  }
  if (results.size() > 1)
    reply.text.push_back(fmt::format("tested {}: {} · {}", Count(results.size(), "node"),
                                     SpreadText("loss", results, &Evaluated::loss),
                                     SpreadText("accuracy", results, &Evaluated::accuracy)));
  std::vector<NodeId> untested;  // results come in the order of the nodes
  for (auto result = results.begin(); const NodeId node : context.targets.nodes)
    if (result != results.end() && result->node == node)
      ++result;
    else
      untested.push_back(node);
  AddNodes(reply, context, "without_data", "nothing to test on", untested);
  AddSkipped(reply, context);
  reply.tables.push_back(std::move(table));
  return reply;
}

Result<Reply> ReportLabels(CommandContext& context, const LabelChange& change) {
  DELSTEP_ASSIGN(const std::vector<LabelsChanged> done,
                 context.simulation.ChangeLabels(change, context.targets.nodes));
  Table table{.key = "labels",
              .columns = {{"node", "node"}, {"changed", "changed"}, {"examples", "examples"}},
              .shown = 12};
  for (const LabelsChanged& e : done)
    table.rows.push_back(
        {context.Address(e.node), e.changed, context.simulation.View(e.node).train_samples});
  Reply reply;
  reply.text.push_back(fmt::format("labels of {}: {}", Count(done.size(), "node"), Name(change)));
  reply.fields = {{"how", Name(change)}};
  AddSkipped(reply, context);
  reply.tables.push_back(std::move(table));
  return reply;
}

Result<Reply> AddLabelNoise(CommandContext& context) {
  return ReportLabels(context, {LabelChange::Kind::kNoise, *context.arguments.Get<double>("P")});
}

Result<Reply> FlipLabels(CommandContext& context) {
  DELSTEP_ASSIGN(const std::int32_t from,
                 FindClass(context.arguments.WordOf("FROM"), context.simulation));
  DELSTEP_ASSIGN(const std::int32_t to,
                 FindClass(context.arguments.WordOf("TO"), context.simulation));
  return ReportLabels(context, {LabelChange::Kind::kFlip, 0, from, to});
}

Result<Reply> FlipAllLabels(CommandContext& context) {
  return ReportLabels(context, {LabelChange::Kind::kFlipAll});
}

Result<Reply> RestoreLabels(CommandContext& context) {
  return ReportLabels(context, {LabelChange::Kind::kRestore});
}

Result<Reply> SetRate(CommandContext& context) {
  const double rate = *context.arguments.Get<double>("V");
  context.simulation.SetRate(rate, context.targets.nodes);
  Reply reply;
  reply.text.push_back(fmt::format("communal learning rate {} at {}", ShortestReal(rate),
                                   Count(context.targets.nodes.size(), "node")));
  reply.fields = {{"rate", rate}, {"nodes", context.targets.nodes.size()}};
  AddSkipped(reply, context);
  return reply;
}

Result<Reply> NetworkStep(CommandContext& context) {
  const auto duration = context.arguments.Get<Duration>("DURATION");
  auto report = context.arguments.Has("NODE")
                    ? context.simulation.NetworkStep(context.targets.nodes, duration)
                    : context.simulation.NetworkStep(duration);
  if (!report) return std::move(report).error();
  Reply reply = ReportOf(*report);
  AddSkipped(reply, context);
  return reply;
}

Result<Reply> ToggleAutonet(CommandContext& context) {
  const bool on = !context.simulation.autonet();
  context.simulation.SetAutonet(on);
  Reply reply;
  reply.text.push_back(fmt::format("autonet is {}", on ? "on" : "off"));
  reply.fields = {{"autonet", on}};
  return reply;
}

void AddLabelCommands(std::vector<Command>& table) {
  const auto add = [&](std::string usage, std::string sentence, std::string example, auto* run) {
    table.push_back({.scope = CommandScope::kLearning,
                     .usage = std::move(usage),
                     .sentence = std::move(sentence),
                     .example = std::move(example),
                     .autonet = true,
                     .run = run});
  };
  add("labels NODE... noise P", "replace each training label, with probability P, by another one",
      "labels 10.0.0.[1-3] noise 0.2", AddLabelNoise);
  add("labels NODE... flip FROM TO", "give training examples of one class the label of another",
      "labels 10.0.0.1 flip 1 7", FlipLabels);
  add("labels NODE... flip all", "replace each training label y by classes - 1 - y",
      "labels @attackers flip all", FlipAllLabels);
  add("labels NODE... restore", "give the training examples their labels back",
      "labels all restore", RestoreLabels);
}

}  // namespace

Result<std::int32_t> FindClass(const Word& word, const Simulation& simulation) {
  const std::vector<std::string> classes = simulation.ClassNames();
  const auto found = std::ranges::find(classes, word.text);
  if (found != classes.end()) return static_cast<std::int32_t>(found - classes.begin());
  std::string hint = DidYouMean(word.text, classes);
  if (hint.empty()) hint = "list the classes: data show";
  return At(word, Refused(fmt::format("no class named '{}'", word.text), std::move(hint)));
}

void AddLearningCommands(std::vector<Command>& table) {
  const auto scope = CommandScope::kLearning;
  table.push_back({.scope = scope,
                   .usage = "train [NODE...]",
                   .sentence = "train on the node's own data, training.epochs passes",
                   .example = "train 10.0.0.[1-4]",
                   .who = Who::kAll,
                   .autonet = true,
                   .enter_repeats = true,
                   .run = Train});
  table.push_back({.scope = scope,
                   .usage = "ag [NODE...]",
                   .sentence = "aggregate the models received with the node's own",
                   .example = "ag @g1",
                   .who = Who::kAll,
                   .autonet = true,
                   .run = Aggregate});
  table.push_back(
      {.scope = scope,
       .usage = "test [NODE...] [local|global|group G]",
       .sentence = "evaluate on the node's held-out part, on all of them, or on a group's",
       .example = "test 10.0.0.2 local",
       .who = Who::kAll,
       .autonet = true,
       .run = Test});
  table.push_back({.scope = scope,
                   .usage = "lrate V [NODE...]",
                   .sentence = "set the communal learning rate, 0 to 1",
                   .example = "lrate 0.5 10.0.0.1",
                   .who = Who::kAll,
                   .autonet = true,
                   .run = SetRate});
  AddLabelCommands(table);
}

void AddStepCommands(std::vector<Command>& table) {
  const auto scope = CommandScope::kSteps;
  table.push_back({.scope = scope,
                   .usage = "step [NODE...]",
                   .sentence = "aggregate if there is new model information, else train",
                   .example = "step",
                   .who = Who::kAll,
                   .autonet = true,
                   .enter_repeats = true,
                   .run = Step});
  table.push_back({.scope = scope,
                   .usage = "nstep [NODE...] [DURATION]",
                   .sentence = "network step: transmit what is queued and let time pass",
                   .example = "nstep 100ms",
                   .enter_repeats = true,
                   .run = NetworkStep});
  table.push_back({.scope = scope,
                   .usage = "autonet",
                   .sentence = "toggle the network step after each command, from the next one on",
                   .example = "autonet",
                   .autonet = true,
                   .run = ToggleAutonet});
}

void AddGroupLearningCommands(std::vector<Command>& table) {
  const auto add = [&](std::string usage, std::string sentence, std::string example, auto* run) {
    table.push_back({.scope = CommandScope::kGroup,
                     .usage = std::move(usage),
                     .sentence = std::move(sentence),
                     .example = std::move(example),
                     .who = Who::kMembers,
                     .autonet = true,
                     .run = run});
  };
  add("group G train", "train the members", "group g1 train", Train);
  add("group G ag", "aggregate at each member", "group g1 ag", Aggregate);
  add("group G test [local|global|group G]", "evaluate the members", "group g1 test local", Test);
  add("group G step", "step each member: aggregate, else train", "group g1 step", Step);
}

}  // namespace delstep
