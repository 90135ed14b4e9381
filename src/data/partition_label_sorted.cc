#include <fmt/format.h>

#include "data/deal.h"
#include "data/partitioners.h"

namespace delstep {
namespace {

/// Draws from the sorted pile with probability `weight`, so that a run of the result has that share
/// of one class.
std::vector<std::uint32_t> Merge(std::span<const std::uint32_t> sorted,
                                 std::span<const std::uint32_t> shuffled, double weight,
                                 Random random) {
  std::vector<std::uint32_t> merged;
  merged.reserve(sorted.size() + shuffled.size());
  const auto take = [&](std::span<const std::uint32_t>& pile) {
    merged.push_back(pile.front());
    pile = pile.subspan(1);
  };
  while (!sorted.empty() && !shuffled.empty()) take(random.Chance(weight) ? sorted : shuffled);
  merged.insert(merged.end(), sorted.begin(), sorted.end());
  merged.insert(merged.end(), shuffled.begin(), shuffled.end());
  return merged;
}

}  // namespace

Result<Partition> DealLabelSorted(const PartitionRequest& request) {
  const double weight = request.options->weight;
  if (!(weight >= 0 && weight <= 1))
    return UsageError(fmt::format("partition.weight = {}: it must be 0 to 1", weight))
        .About("partition.weight");
  const bool sized = !request.options->partition_sizes.empty();
  if (sized) DELSTEP_TRY(CheckSizes(request));

  std::vector<std::uint32_t> shuffled(request.pool.begin(), request.pool.end());
  Random(Derive(request.key, 0)).Shuffle(std::span(shuffled));
  const auto count = static_cast<std::size_t>(weight * static_cast<double>(shuffled.size()) + 0.5);
  std::vector<std::uint32_t> sorted(shuffled.begin(),
                                    shuffled.begin() + static_cast<std::ptrdiff_t>(count));
  SortByLabel(request.labels, sorted);
  const auto merged =
      Merge(sorted, std::span(shuffled).subspan(count), weight, Random(Derive(request.key, 1)));
  return DealRuns(
      merged, sized ? request.options->partition_sizes : EqualSizes(merged.size(), request.nodes));
}

}  // namespace delstep
