#include <fmt/format.h>

#include "base/text.h"
#include "data/deal.h"
#include "data/partitioners.h"

namespace delstep {
namespace {

/// Sizes of all shards that the sorted pool is cut into: at least one for each that a node wants.
Result<std::vector<std::size_t>> ShardSizes(const PartitionRequest& request) {
  const PartitionOptions& options = *request.options;
  const std::size_t per_node = options.num_shards_per_partition;
  const std::size_t pool = request.pool.size();
  if (per_node < 1 || per_node > pool / request.nodes) {
    return UsageError(
               fmt::format("partition.num_shards_per_partition = {}: it must be 1 to {}, with {} "
                           "for {}",
                           per_node, pool / request.nodes, Count(pool, "example"),
                           Count(request.nodes, "node")),
               "lower it or nodes.count, or deal more examples")
        .About("partition.num_shards_per_partition");
  }
  const std::size_t wanted = per_node * request.nodes;
  if (!options.shard_size) return EqualSizes(pool, wanted);
  if (*options.shard_size < 1 || *options.shard_size > pool / wanted) {
    return UsageError(
               fmt::format(
                   "partition.shard_size = {}: it must be 1 to {}, with {} for {} (of {} each)",
                   *options.shard_size, pool / wanted, Count(pool, "example"),
                   Count(request.nodes, "node"), Count(per_node, "shard")),
               "lower it, partition.num_shards_per_partition or nodes.count")
        .About("partition.shard_size");
  }
  return std::vector<std::size_t>(pool / *options.shard_size, *options.shard_size);
}

}  // namespace

Result<Partition> DealShards(const PartitionRequest& request) {
  DELSTEP_ASSIGN(const std::vector<std::size_t> sizes, ShardSizes(request));
  std::vector<std::uint32_t> sorted(request.pool.begin(), request.pool.end());
  SortByLabel(request.labels, sorted);
  Partition shards = DealRuns(sorted, sizes);
  Random(Derive(request.key, 0)).Shuffle(std::span(shards));

  Partition partition(request.nodes);
  const std::size_t per_node = request.options->num_shards_per_partition;
  for (std::size_t s = 0; s < per_node * request.nodes; ++s) {
    auto& list = partition[s / per_node];
    list.insert(list.end(), shards[s].begin(), shards[s].end());
  }
  ShuffleEach(Derive(request.key, 1), partition);
  return partition;
}

}  // namespace delstep
