#include "data/deal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "base/text.h"
#include "delstep/scenario.h"

namespace delstep {

std::vector<std::size_t> EqualSizes(std::size_t total, std::size_t parts) {
  assert(parts >= 1);
  std::vector<std::size_t> sizes(parts, total / parts);
  for (std::size_t i = 0; i < total % parts; ++i) ++sizes[i];
  return sizes;
}

Partition DealRuns(std::span<const std::uint32_t> examples, std::span<const std::size_t> sizes) {
  Partition partition;
  partition.reserve(sizes.size());
  for (const std::size_t size : sizes) {
    assert(size <= examples.size());
    const auto run = examples.first(size);
    partition.emplace_back(run.begin(), run.end());
    examples = examples.subspan(size);
  }
  return partition;
}

std::vector<std::vector<std::uint32_t>> ByClass(const PartitionRequest& request) {
  std::vector<std::vector<std::uint32_t>> lists(static_cast<std::size_t>(request.classes));
  for (const std::uint32_t example : request.pool)
    lists[static_cast<std::size_t>(request.labels[example])].push_back(example);
  return lists;
}

void SortByLabel(std::span<const std::int32_t> labels, std::vector<std::uint32_t>& examples) {
  std::ranges::stable_sort(examples, {}, [&](std::uint32_t example) { return labels[example]; });
}

void ShuffleEach(RandomKey key, Partition& partition) {
  for (std::size_t node = 0; node < partition.size(); ++node)
    Random(Derive(key, node)).Shuffle(std::span(partition[node]));
}

Result<void> CheckSizes(const PartitionRequest& request) {
  const std::vector<std::size_t>& sizes = request.options->partition_sizes;
  if (sizes.size() != request.nodes) {
    return UsageError(fmt::format("partition.partition_sizes has {}, expected one for each of {}",
                                  Count(sizes.size(), "size"), Count(request.nodes, "node")),
                      "give as many sizes as nodes.count")
        .About("partition.partition_sizes");
  }
  std::size_t left = request.pool.size();
  for (std::size_t node = 0; node < sizes.size(); ++node) {
    if (sizes[node] > left) {
      return UsageError(
          fmt::format(
              "partition.partition_sizes: size {} of node {} is more than the {} of {} left",
              sizes[node], node + 1, left, Count(request.pool.size(), "example")),
          fmt::format("together the sizes may be at most {}", request.pool.size()));
    }
    left -= sizes[node];
  }
  return {};
}

}  // namespace delstep
