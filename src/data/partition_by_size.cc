#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "data/deal.h"
#include "data/partitioners.h"
#include "math/elementary.h"

namespace delstep {
namespace {

/// Sizes proportional to units(i), i = 1 ... N, but at least 1.
template <class Units>
Result<Partition> DealInProportion(const PartitionRequest& request, Units units) {
  double sum = 0;
  for (std::size_t i = 1; i <= request.nodes; ++i) sum += units(i);
  const std::size_t pool = request.pool.size();
  std::vector<std::size_t> sizes;
  std::size_t dealt = 0;
  for (std::size_t i = 1; i < request.nodes; ++i) {
    const double share = std::floor(units(i) * static_cast<double>(pool) / sum);
    sizes.push_back(std::max<std::size_t>(1, static_cast<std::size_t>(share)));
    dealt += sizes.back();
  }
  if (dealt >= pool)
    return UsageError(
               fmt::format("partition.name = {}: {} are too few for {}", request.options->name,
                           Count(pool, "example"), Count(request.nodes, "node")),
               "lower nodes.count, deal more examples or choose another partition.name")
        .About("partition.name");
  // The last and largest node takes what rounding has left, so that everything is dealt.
  sizes.push_back(pool - dealt);
  return DealRuns(request.pool, sizes);
}

}  // namespace

Result<Partition> DealIid(const PartitionRequest& request) {
  return DealRuns(request.pool, EqualSizes(request.pool.size(), request.nodes));
}

Result<Partition> DealBySize(const PartitionRequest& request) {
  DELSTEP_TRY(CheckSizes(request));
  return DealRuns(request.pool, request.options->partition_sizes);
}

Result<Partition> DealLinear(const PartitionRequest& request) {
  return DealInProportion(request, [](std::size_t i) { return static_cast<double>(i); });
}

Result<Partition> DealSquare(const PartitionRequest& request) {
  return DealInProportion(
      request, [](std::size_t i) { return static_cast<double>(i) * static_cast<double>(i); });
}

Result<Partition> DealExponential(const PartitionRequest& request) {
  // Relative to the last node, so that nothing overflows.
  return DealInProportion(request, [last = request.nodes](std::size_t i) {
    return Exp(static_cast<double>(i) - static_cast<double>(last));
  });
}

}  // namespace delstep
