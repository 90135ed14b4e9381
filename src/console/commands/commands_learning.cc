#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"
#include "console/commands/class_report.h"
#include "console/commands/command_rows.h"
#include "console/commands/reply_parts.h"
#include "console/commands/test_cost.h"

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

/// Names the columns of the RESULT rows, as in a file of results. Its words are as wide as those of
/// the first row, so that they stand above each other.
std::string HeaderOver(const ResultEntry& first) {
  const auto padded = [](std::string_view title, std::string_view below) {
    const std::size_t width = DisplayWidth(below);
    return std::string(title) + std::string(width - std::min(width, title.size()), ' ');
  };
  return fmt::format("CYCLE\tTYPE\t{}\t{}\tLOSS\tACC", padded("NODE", Printable(first.node)),
                     padded("SCOPE", first.scope));
}

/// "on the held-out parts of all nodes (300 examples)": what a scope means here.
std::string MeaningOf(const EvaluationScope& scope, const Simulation& simulation,
                      std::int64_t examples) {
  using Kind = EvaluationScope::Kind;
  const LoadedData& data = simulation.data();
  const std::string size = Count(static_cast<std::uint64_t>(examples), "example");
  const bool official =
      simulation.scenario().data.pool == "train" && data.train_examples < data.dataset.size();
  if (scope.kind == Kind::kLocal) return "on its own held-out part";
  if (scope.kind == Kind::kSample)
    return static_cast<std::uint64_t>(examples) < scope.sample
               ? fmt::format("on {}, which are all there are", size)
               : fmt::format("on {}, the same for all models", size);
  if (scope.kind == Kind::kGroup)
    return fmt::format("on the held-out parts of group '{}' ({})", scope.group, size);
  if (scope.kind == Kind::kGeneral && official)
    return fmt::format("on the test part of {} ({})", data.name, size);
  return fmt::format("on the held-out parts of all nodes ({})", size);
}

std::string TestedText(const Simulation& simulation, const EvaluationScope& scope,
                       std::span<const Evaluated> results) {
  const bool each = results.size() > 1 && scope.kind == EvaluationScope::Kind::kLocal;
  std::string text =
      fmt::format("tested {}{} {}", Count(results.size(), "node"), each ? ", each" : "",
                  MeaningOf(scope, simulation, results.front().examples));
  if (results.size() > 1)
    text += fmt::format(": {} · {}", SpreadText("loss", results, &Evaluated::loss),
                        SpreadText("accuracy", results, &Evaluated::accuracy));
  return text;
}

}  // namespace

Result<Reply> TrainNodes(CommandContext& context) {
  DELSTEP_ASSIGN(const StepReport report,
                 context.simulation.Train(context.targets.nodes, context.stop, WaitingOf(context)));
  return ReportOf(context, report);
}

Result<Reply> AggregateNodes(CommandContext& context) {
  DELSTEP_ASSIGN(const StepReport report, context.simulation.Aggregate(context.targets.nodes));
  Reply reply = ReportOf(context, report);
  if (!std::ranges::all_of(report.aggregated, &Aggregated::changed)) AddWaiting(reply, context);
  return reply;
}

Result<Reply> TestNodes(CommandContext& context) {
  const EvaluationScope scope = ScopeOf(context.arguments);
  const bool by_class = context.arguments.Has("by");
  DELSTEP_TRY(MindTestCost(context, scope, by_class));
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
    const NodeLabel label = context.Label(e.node);
    ResultEntry result{.cycle = context.simulation.cycle(),
                       .node = label.shown(),
                       .scope = Name(e.scope),
                       .loss = e.loss,
                       .accuracy = e.accuracy};
    if (reply.output.empty()) reply.output.push_back(HeaderOver(result));
    reply.output.push_back(ResultLine(result));
    table.rows.push_back({label, result.scope, e.loss, e.accuracy, e.examples});
    // Files know nodes by their addresses.
    result.node = label.address;
    context.results.push_back(std::move(result));
  }
  reply.text.push_back(TestedText(context.simulation, scope, results));
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
  // Often typed by those who mean the other one.
  reply.text.push_back(
      fmt::format("communal learning rate {} at {} (how much of the average `ag` takes; the rate "
                  "of training is training.lr)",
                  ShortestReal(rate), Count(context.targets.nodes.size(), "node")));
  reply.fields = {{"rate", rate}, {"node_count", context.targets.nodes.size()}};
  AddSkipped(reply, context);
  return reply;
}

constexpr Command kLearning[] = {
    {.scope = CommandScope::kLearning,
     .usage = "train [NODE...]",
     .sentence = "train on the node's own data, training.epochs passes",
     .example = "train 10.0.0.[1-4]",
     .more = "The keys training.* say how; `set training.epochs 1` and the like change them.",
     .who = Who::kAll,
     .autonet = true,
     .enter_repeats = true,
     .redo = "train",
     .changes_world = true,
     .run = TrainNodes},
    {.scope = CommandScope::kLearning,
     .usage = "ag [NODE...]",
     .sentence = "aggregate: mix the models received into the node's own",
     .example = "ag @g1",
     .more = "Models count by the number of examples their nodes train on, trained or not: a node "
             "that never trained pulls the average towards its initial model. `ag` takes all "
             "messages out of the inbox into the guestbook. With nothing there it changes nothing.",
     .who = Who::kAll,
     .autonet = true,
     .redo = "ag",
     .changes_world = true,
     .run = AggregateNodes},
    {.scope = CommandScope::kLearning,
     .usage = "test [NODE...] [local|global|group G|sample K] [by class]",
     .sentence = "test models on held-out data: a node's own, everybody's, a group's, or a sample; "
                 "`by class` shows the accuracy in each class too",
     .example = "test 10.0.0.2 local",
     .more = "local: each node on its own held-out part.\n"
             "global: on the held-out parts of all nodes together.\n"
             "group G: on those of the members of G; the nodes need not be members.\n"
             "sample K: on K of the examples that `test` alone takes, drawn by the seed: the same "
             "ones for all models and all through the run.\n"
             "no scope (general): on the test part of the data where there is one and data.pool = "
             "train, else as global.\n"
             "A row is: cycle, RESULT, node, scope, loss, accuracy.\n"
             "Very many different models on very many examples would take long: beyond test.limit "
             "examples in all the program asks first, or refuses where nobody can answer.",
     .who = Who::kAll,
     .shows = true,
     .autonet = true,
     .run = TestNodes},
    {.scope = CommandScope::kLearning,
     .usage = "lrate V [NODE...]",
     .sentence = "set the communal learning rate, 0 to 1: how much `ag` takes of the average",
     .example = "lrate 0.5 10.0.0.1",
     .more = "0 keeps the node's own model, 1 takes the average. It is not the learning rate of "
             "training: that is `set training.lr 0.01`.",
     .who = Who::kAll,
     .autonet = true,
     .changes_world = true,
     .run = SetRate},
};

}  // namespace

std::span<const Command> LearningCommands() { return kLearning; }

}  // namespace delstep
