#include "console/commands/label_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"

namespace delstep {
namespace {

/// The class's name, which is the key of its column too, unless another column has it.
Column ColumnOf(const std::string& name, const std::vector<Column>& others) {
  std::string key = name;
  while (std::ranges::find(others, key, &Column::key) != others.end()) key = "class " + key;
  return {std::move(key), name};
}

}  // namespace

Reply LabelReport(const Simulation& simulation) {
  const std::vector<std::string> classes = simulation.ClassNames();
  Table table{
      .key = "nodes",
      .columns = {{"node", "node"}, {"samples", "examples"}, {"entropy", "entropy/bit", 2}}};
  const std::vector<LabelCounts> nodes = simulation.Labels();
  const auto changed = static_cast<std::size_t>(
      std::ranges::count_if(nodes, [](const LabelCounts& labels) { return labels.changed > 0; }));
  if (changed > 0) table.columns.push_back({"changed", "changed"});
  for (const std::string& name : classes) table.columns.push_back(ColumnOf(name, table.columns));
  for (const LabelCounts& labels : nodes) {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : labels.counts) sum += count;
    auto& row = table.rows.emplace_back();
    row = {simulation.AddressOf(labels.node), sum, labels.entropy};
    if (changed > 0) row.emplace_back(labels.changed);
    for (const std::uint64_t count : labels.counts) row.emplace_back(count);
    // A class that no node holds has a column all the same.
    row.resize(table.columns.size());
  }
  Reply reply;
  const LoadedData& data = simulation.data();
  reply.text.push_back(fmt::format(
      "{}: {}, {}", data.name, Count(data.dataset.size(), "example"),
      data.dataset.classes == 1 ? "1 class" : fmt::format("{} classes", data.dataset.classes)));
  if (changed > 0)
    reply.text.push_back(
        fmt::format("{} with changed labels in the training part", Count(changed, "node")));
  reply.fields = {{"data", data.name}, {"examples", data.dataset.size()}, {"changed", changed}};
  reply.tables.push_back(std::move(table));
  return reply;
}

}  // namespace delstep
