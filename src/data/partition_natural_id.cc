#include <fmt/format.h>

#include <cstddef>

#include "base/text.h"
#include "data/partitioners.h"

namespace delstep {
namespace {

constexpr std::size_t kNoNode = SIZE_MAX;

/// The node of each source; kNoNode of one without an example in the pool.
std::vector<std::size_t> NodeOfSource(const PartitionRequest& request, std::size_t& present) {
  std::vector<std::size_t> node_of(request.source_names.size(), kNoNode);
  for (const std::uint32_t example : request.pool) node_of[request.sources[example]] = 0;
  present = 0;
  // Counted over the sources that are there: no node goes empty-handed because a source was not
  // drawn.
  for (std::size_t& node : node_of)
    if (node != kNoNode) node = present++ % request.nodes;
  return node_of;
}

}  // namespace

Result<Partition> DealByNaturalId(const PartitionRequest& request) {
  if (request.sources.empty()) {
    return UsageError(
               "partition.name = natural-id: the data set does not say where an example comes from",
               "data.name = leaf (its users), text and csv (a folder, a source a file) do")
        .About("partition.name");
  }
  std::size_t present = 0;
  const std::vector<std::size_t> node_of = NodeOfSource(request, present);
  if (present < request.nodes) {
    return UsageError(fmt::format("partition.name = natural-id: {} for {} (nodes.count)",
                                  Count(present, "source"), Count(request.nodes, "node")),
                      fmt::format("nodes.count may be at most {}", present))
        .About("partition.name");
  }
  Partition partition(request.nodes);
  for (const std::uint32_t example : request.pool)
    partition[node_of[request.sources[example]]].push_back(example);
  return partition;
}

}  // namespace delstep
