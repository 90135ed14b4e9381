#include "console/commands/label_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/text.h"

namespace delstep {
namespace {

/// {"cat":12,"dog":0}.
JsonValue LabelsCell(const std::vector<std::string>& classes,
                     const std::vector<std::uint64_t>& counts) {
  std::string json = "{";
  for (std::size_t i = 0; i < std::min(classes.size(), counts.size()); ++i)
    json += fmt::format("{}{}:{}", i > 0 ? "," : "", JsonString(classes[i]), counts[i]);
  return {json + '}', {}};
}

}  // namespace

Reply LabelReport(const Simulation& simulation) {
  const std::vector<std::string> classes = simulation.ClassNames();
  // People read a column a class; a program an object, as a class may be called anything.
  Table table{.columns = {{"", "node"}, {"", "examples"}, {"", "entropy/bit", 2}}};
  Table objects{.key = "nodes",
                .columns = {{"node"}, {"examples"}, {"entropy"}, {"changed_labels"}, {"labels"}},
                .shown = 0};
  const std::vector<LabelCounts> nodes = simulation.Labels();
  const auto changed = static_cast<std::size_t>(
      std::ranges::count_if(nodes, [](const LabelCounts& labels) { return labels.changed > 0; }));
  if (changed > 0) table.columns.push_back({"", "changed"});
  for (const std::string& name : classes) table.columns.push_back({"", name});
  for (const LabelCounts& labels : nodes) {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : labels.counts) sum += count;
    auto& row = table.rows.emplace_back();
    row = {NodeLabel{.address = simulation.AddressOf(labels.node),
                     .name = simulation.NameOf(labels.node)},
           sum, labels.entropy};
    if (changed > 0) row.emplace_back(labels.changed);
    for (const std::uint64_t count : labels.counts) row.emplace_back(count);
    // A class that no node holds has a column all the same.
    row.resize(table.columns.size());
    objects.rows.push_back({simulation.AddressOf(labels.node), sum, labels.entropy, labels.changed,
                            LabelsCell(classes, labels.counts)});
  }
  Reply reply;
  const LoadedData& data = simulation.data();
  reply.text.push_back(fmt::format(
      "{}: {}, {}", data.name, Count(data.dataset.size(), "example"),
      data.dataset.classes == 1 ? "1 class" : fmt::format("{} classes", data.dataset.classes)));
  if (changed > 0)
    reply.text.push_back(
        fmt::format("{} with changed labels in the training part", Count(changed, "node")));
  reply.fields = {
      {"data", data.name}, {"examples", data.dataset.size()}, {"changed_nodes", changed}};
  reply.tables.push_back(std::move(table));
  reply.tables.push_back(std::move(objects));
  return reply;
}

}  // namespace delstep
