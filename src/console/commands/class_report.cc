#include "console/commands/class_report.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "console/commands/reply_parts.h"
#include "console/commands/test_cost.h"

namespace delstep {
namespace {

/// A node's matrix, row by row.
class Confusion {
 public:
  Confusion(const ClassTest& test, std::size_t classes) : test_(test), classes_(classes) {}

  std::int64_t At(std::size_t truth, std::size_t predicted) const {
    return test_.confusion[truth * classes_ + predicted];
  }
  std::int64_t Examples(std::size_t truth) const {
    std::int64_t sum = 0;
    for (std::size_t p = 0; p < classes_; ++p) sum += At(truth, p);
    return sum;
  }
  /// No value for a class without examples.
  Cell Accuracy(std::size_t truth) const {
    const std::int64_t examples = Examples(truth);
    if (examples == 0) return {};
    return static_cast<double>(At(truth, truth)) / static_cast<double>(examples);
  }

 private:
  const ClassTest& test_;
  std::size_t classes_;
};

/// One row per node, one column per class.
Table WideClasses(const CommandContext& context, std::span<const ClassTest> tests,
                  const std::vector<std::string>& classes) {
  Table table{.columns = {{"", "node"}, {"", "all"}}};
  for (const std::string& name : classes) table.columns.push_back({"", name, 2});
  for (const ClassTest& test : tests) {
    auto& row = table.rows.emplace_back();
    row = {context.Label(test.test.node), test.test.accuracy};
    const Confusion confusion(test, classes.size());
    for (std::size_t c = 0; c < classes.size(); ++c) row.push_back(confusion.Accuracy(c));
  }
  return table;
}

/// One row per node and class: class names are values here, so they cannot clash with members.
Table LongClasses(const CommandContext& context, std::span<const ClassTest> tests,
                  const std::vector<std::string>& classes) {
  Table table{.key = "classes",
              .columns = {{"node"}, {"scope"}, {"class"}, {"examples"}, {"correct"}, {"accuracy"}},
              .shown = 0};
  for (const ClassTest& test : tests) {
    const Confusion confusion(test, classes.size());
    for (std::size_t c = 0; c < classes.size(); ++c)
      table.rows.push_back({context.Label(test.test.node), Name(test.test.scope), classes[c],
                            confusion.Examples(c), confusion.At(c, c), confusion.Accuracy(c)});
  }
  return table;
}

Table WideConfusion(const CommandContext& context, std::span<const ClassTest> tests,
                    const std::vector<std::string>& classes) {
  Table table;
  if (tests.size() > 1) table.columns.push_back({"", "node"});
  table.columns.push_back({"", "true"});
  for (const std::string& name : classes) table.columns.push_back({"", name});
  table.columns.push_back({"", "examples"});
  table.columns.push_back({"", "accuracy"});
  for (const ClassTest& test : tests) {
    const Confusion confusion(test, classes.size());
    for (std::size_t t = 0; t < classes.size(); ++t) {
      auto& row = table.rows.emplace_back();
      if (tests.size() > 1) row.emplace_back(context.Label(test.test.node));
      row.emplace_back(classes[t]);
      for (std::size_t p = 0; p < classes.size(); ++p) row.emplace_back(confusion.At(t, p));
      row.emplace_back(confusion.Examples(t));
      row.push_back(confusion.Accuracy(t));
    }
  }
  return table;
}

/// Without the zeros, which are most of it.
Table LongConfusion(const CommandContext& context, std::span<const ClassTest> tests,
                    const std::vector<std::string>& classes) {
  Table table{
      .key = "confusion", .columns = {{"node"}, {"true"}, {"predicted"}, {"count"}}, .shown = 0};
  for (const ClassTest& test : tests) {
    const Confusion confusion(test, classes.size());
    for (std::size_t t = 0; t < classes.size(); ++t)
      for (std::size_t p = 0; p < classes.size(); ++p)
        if (const std::int64_t count = confusion.At(t, p); count > 0)
          table.rows.push_back({context.Label(test.test.node), classes[t], classes[p], count});
  }
  return table;
}

Table TestsOf(const CommandContext& context, std::span<const ClassTest> tests) {
  Table table{.key = "results",
              .columns = {{"node"}, {"scope"}, {"loss"}, {"accuracy"}, {"examples"}},
              .shown = 0};
  for (const auto& [test, confusion] : tests)
    table.rows.push_back(
        {context.Label(test.node), Name(test.scope), test.loss, test.accuracy, test.examples});
  return table;
}

}  // namespace

EvaluationScope ScopeOf(const CommandArguments& arguments) {
  using Kind = EvaluationScope::Kind;
  if (arguments.Has("local")) return {Kind::kLocal};
  if (arguments.Has("global")) return {Kind::kGlobal};
  if (arguments.Has("group")) return {Kind::kGroup, arguments.WordOf("G").text};
  if (arguments.Has("sample"))
    return {.kind = Kind::kSample, .sample = *arguments.Get<std::uint64_t>("K")};
  return {Kind::kGeneral};
}

void AddClasses(Reply& reply, const CommandContext& context, std::span<const ClassTest> tests) {
  const std::vector<std::string> classes = context.simulation.ClassNames();
  reply.tables.push_back(LongClasses(context, tests, classes));
  reply.tables.push_back(WideClasses(context, tests, classes));
}

Result<Reply> ShowConfusion(CommandContext& context) {
  DELSTEP_TRY(MindTestCost(context, ScopeOf(context.arguments), true));
  DELSTEP_ASSIGN(const std::vector<ClassTest> tests,
                 context.simulation.EvaluateByClass(
                     context.targets.nodes, ScopeOf(context.arguments), true, context.stop));
  const std::vector<std::string> classes = context.simulation.ClassNames();
  Reply reply;
  for (const auto& [test, confusion] : tests)
    reply.output.push_back(fmt::format(
        "{}, {}: accuracy {:.4f} over {}", context.Label(test.node).shown(), Name(test.scope),
        test.accuracy, Count(static_cast<std::size_t>(test.examples), "example")));
  reply.text.emplace_back("rows: true class, columns: what the node takes it for");
  reply.fields = {{"class_names", classes}};
  reply.tables = {TestsOf(context, tests), LongConfusion(context, tests, classes),
                  WideConfusion(context, tests, classes)};
  AddSkipped(reply, context);
  return reply;
}

}  // namespace delstep
