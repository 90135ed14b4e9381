#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "console/commands/class_report.h"
#include "console/commands/command_rows.h"
#include "console/commands/reply_parts.h"

namespace delstep {
namespace {

std::string SpreadText(std::string_view what, std::span<const Evaluated> results,
                       double Evaluated::*value) {
  double sum = 0;
  for (const Evaluated& e : results) sum += e.*value;
  const auto [least, most] = std::ranges::minmax_element(results, {}, value);
  return fmt::format("{} mean {:.4f}, min {:.4f}, max {:.4f}", what,
                     sum / static_cast<double>(results.size()), (*least).*value, (*most).*value);
}

}  // namespace

Result<Reply> TrainNodes(CommandContext& context) {
  DELSTEP_ASSIGN(const StepReport report,
                 context.simulation.Train(context.targets.nodes, context.stop));
  return ReportOf(context, report);
}

Result<Reply> AggregateNodes(CommandContext& context) {
  DELSTEP_ASSIGN(const StepReport report, context.simulation.Aggregate(context.targets.nodes));
  return ReportOf(context, report);
}

Result<Reply> TestNodes(CommandContext& context) {
  const EvaluationScope scope = ScopeOf(context.arguments);
  const bool by_class = context.arguments.Has("by");
  std::vector<Evaluated> results;
  std::vector<ClassTest> class_tests;
  if (by_class) {
    DELSTEP_ASSIGN(class_tests, context.simulation.EvaluateByClass(context.targets.nodes, scope,
                                                                   false, context.stop));
    for (const ClassTest& test : class_tests) results.push_back(test.test);
  } else {
    DELSTEP_ASSIGN(results,
                   context.simulation.Evaluate(context.targets.nodes, scope, context.stop));
  }
  Reply reply;
  Table table{.key = "results",
              .columns = {{"node"}, {"scope"}, {"loss"}, {"accuracy"}, {"examples"}},
              .shown = 0};
  for (const Evaluated& e : results) {
    ResultEntry result{.cycle = context.simulation.cycle(),
                       .node = context.Address(e.node),
                       .scope = Name(e.scope),
                       .loss = e.loss,
                       .accuracy = e.accuracy};
    reply.output.push_back(ResultLine(result));
    table.rows.push_back({result.node, result.scope, e.loss, e.accuracy, e.examples});
    context.results.push_back(std::move(result));
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
  if (by_class) AddClasses(reply, context, class_tests);
  return reply;
}

namespace {

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

constexpr Command kLearning[] = {
    {.scope = CommandScope::kLearning,
     .usage = "train [NODE...]",
     .sentence = "train on the node's own data, training.epochs passes",
     .example = "train 10.0.0.[1-4]",
     .who = Who::kAll,
     .autonet = true,
     .enter_repeats = true,
     .redo = "train",
     .run = TrainNodes},
    {.scope = CommandScope::kLearning,
     .usage = "ag [NODE...]",
     .sentence = "aggregate the models received with the node's own",
     .example = "ag @g1",
     .who = Who::kAll,
     .autonet = true,
     .redo = "ag",
     .run = AggregateNodes},
    {.scope = CommandScope::kLearning,
     .usage = "test [NODE...] [local|global|group G] [by class]",
     .sentence = "evaluate on the node's held-out part, on all of them, or on a group's; `by "
                 "class` shows the accuracy in each class too",
     .example = "test 10.0.0.2 local",
     .who = Who::kAll,
     .autonet = true,
     .run = TestNodes},
    {.scope = CommandScope::kLearning,
     .usage = "lrate V [NODE...]",
     .sentence = "set the communal learning rate, 0 to 1",
     .example = "lrate 0.5 10.0.0.1",
     .who = Who::kAll,
     .autonet = true,
     .run = SetRate},
};

}  // namespace

std::span<const Command> LearningCommands() { return kLearning; }

}  // namespace delstep
