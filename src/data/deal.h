#pragma once
/// What the partitioners share. Nothing here can fail, except CheckSizes.
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "delstep/data.h"

namespace delstep {

/// `total` in `parts` numbers that differ by at most one, the larger ones first. Requires parts
/// >= 1.
std::vector<std::size_t> EqualSizes(std::size_t total, std::size_t parts);
/// Consecutive runs of `examples`. Requires that the sizes' sum is at most examples.size().
Partition DealRuns(std::span<const std::uint32_t> examples, std::span<const std::size_t> sizes);
/// The pool's examples of each class, in the order of the pool; `classes` lists.
std::vector<std::vector<std::uint32_t>> ByClass(const PartitionRequest& request);
/// `examples` sorted by label; equal labels keep their order.
void SortByLabel(std::span<const std::int32_t> labels, std::vector<std::uint32_t>& examples);
/// Shuffles each list, each by its own stream below `key`.
void ShuffleEach(RandomKey key, Partition& partition);
/// Whether partition.partition_sizes has one size per node, together no more than the pool.
Result<void> CheckSizes(const PartitionRequest& request);

}  // namespace delstep
