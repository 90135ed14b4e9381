#include "compute/compute_speeds.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "delstep/random.h"
#include "node_table/node_table.h"

namespace delstep {
namespace {

constexpr double kMostKbps = 1e12;  // as much as a bandwidth may be, 10^15 bit/s
constexpr NodeColumn kColumns[] = {{.name = "ms_per_example", .most = 1e9},
                                   {.name = "up_kbps", .most = kMostKbps, .required = false},
                                   {.name = "down_kbps", .most = kMostKbps, .required = false}};

std::optional<double> BitsPerSecond(double kbps) {
  if (std::isnan(kbps)) return std::nullopt;
  return kbps * 1000;
}

}  // namespace

Result<ComputeTable> ParseComputeTable(std::string_view text, std::string_view file,
                                       const NodesOptions& nodes) {
  DELSTEP_ASSIGN(NodeTable table, ParseNodeTable(text, file, kColumns, nodes));
  ComputeTable result;
  for (const NodeTable::Row& row : table.rows) {
    const auto [entry, is_new] = result.nodes.try_emplace(
        static_cast<std::uint32_t>(row.node), ComputeRow{.ms_per_example = row.values[0],
                                                         .up = BitsPerSecond(row.values[1]),
                                                         .down = BitsPerSecond(row.values[2])});
    if (!is_new) return AtRow(file, row, "the node comes twice", "write one line for each node");
    if (entry->second.up == 0.0 || entry->second.down == 0.0)
      return AtRow(file, row, "a link of 0 kbit/s carries nothing",
                   "leave the field empty for the capacity that all nodes have");
  }
  result.notes = std::move(table.notes);
  if (table.missing > 0)
    result.notes.push_back(fmt::format("{}: {} of {} are not in it; compute.ms_per_example holds",
                                       file, table.missing, Count(nodes.count, "node")));
  return result;
}

Result<ComputeSpeeds> ComputeSpeeds::Make(const Scenario& scenario) {
  ComputeSpeeds speeds;
  speeds.seed_ = scenario.seed;
  speeds.options_ = scenario.compute;
  const ComputeOptions& compute = scenario.compute;
  if (compute.table) {
    DELSTEP_ASSIGN(speeds.table_, ParseComputeTable(*compute.table, compute.file, scenario.nodes));
  }
  return speeds;
}

double ComputeSpeeds::NsPerExample(NodeId node) const {
  constexpr double kNsPerMs = 1e6;
  const auto found = table_.nodes.find(static_cast<std::uint32_t>(node));
  if (found != table_.nodes.end()) return found->second.ms_per_example * kNsPerMs;
  Random random(MakeKey(seed_, Purpose::kCompute, Index(node), 0));
  return options_.ms_per_example.Draw(random) * kNsPerMs;
}

Result<Duration> ComputeSpeeds::TrainingTime(NodeId node, std::uint64_t training,
                                             std::uint64_t examples) const {
  double factor = 1;
  // A stream for each training: what others do, and how often, moves no draw.
  if (options_.jitter > 0) {
    Random random(MakeKey(seed_, Purpose::kCompute, Index(node), training + 1));
    factor = random.Uniform(1 - options_.jitter, 1 + options_.jitter);
  }
  const double time = static_cast<double>(examples) * NsPerExample(node) * factor;
  // Far below the end of the clock, so that adding it to a time cannot overflow. Not a number fails
  // too.
  constexpr double kMost = 1e18;
  if (!(time <= kMost))
    return Refused(
        fmt::format("a training of {} would take {:.3g} s, and at most 1e9 s are allowed",
                    Count(examples, "example"), time / 1e9),
        "compute.ms_per_example is in milliseconds");
  return Duration(std::llround(time));
}

bool ComputeSpeeds::takes_time() const {
  return options_.ms_per_example.greatest() > 0 ||
         std::ranges::any_of(table_.nodes,
                             [](const auto& entry) { return entry.second.ms_per_example > 0; });
}

ComputeSpeeds::Capacity ComputeSpeeds::CapacityOf(NodeId node) const {
  const auto row = table_.nodes.find(static_cast<std::uint32_t>(Index(node)));
  if (row == table_.nodes.end()) return {};
  return {.up = row->second.up, .down = row->second.down};
}

}  // namespace delstep
