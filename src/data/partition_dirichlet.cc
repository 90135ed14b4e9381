#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "data/deal.h"
#include "data/partitioners.h"

namespace delstep {
namespace {

using Counts = std::vector<std::size_t>;

Result<void> CheckOptions(const PartitionRequest& request) {
  const PartitionOptions& options = *request.options;
  if (!(options.alpha > 0 && options.alpha <= kLargestAlpha)) {
    return UsageError(fmt::format("partition.alpha = {}: it must be more than 0 and at most {}",
                                  options.alpha, kLargestAlpha),
                      "0.1 is very uneven, 0.5 usual, 100 nearly iid")
        .About("partition.alpha");
  }
  const std::size_t most = request.pool.size() / request.nodes;
  if (options.min_partition_size > most) {
    return UsageError(fmt::format("partition.min_partition_size = {}: {} over {} allow at most {}",
                                  options.min_partition_size, Count(request.pool.size(), "example"),
                                  Count(request.nodes, "node"), most),
                      "lower it or nodes.count, or deal more examples")
        .About("partition.min_partition_size");
  }
  return {};
}

/// Takes the share of nodes that hold the average away and scales the others to a sum of 1.
void Balance(std::span<const std::size_t> held, std::size_t pool, std::span<double> shares) {
  const auto has_room = [&](std::size_t node) { return held[node] * held.size() < pool; };
  double sum = 0;
  for (std::size_t node = 0; node < shares.size(); ++node) {
    if (!has_room(node)) shares[node] = 0;
    sum += shares[node];
  }
  for (std::size_t node = 0; node < shares.size(); ++node) {
    if (sum > 0) {
      shares[node] /= sum;
    } else {
      shares[node] = has_room(node) ? 1 : 0;
    }
  }
  if (sum > 0) return;
  // Only nodes without a share have room: they divide the class equally.
  const double open = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share /= open;
}

/// `total` examples cut at the cumulated shares; what rounding leaves goes to the last node with a
/// share.
Counts Cut(std::size_t total, std::span<const double> shares) {
  Counts counts(shares.size());
  double cumulated = 0;
  std::size_t done = 0, last = 0;
  for (std::size_t node = 0; node < shares.size(); ++node) {
    if (shares[node] > 0) last = node;
    cumulated += shares[node];
    const auto cut = static_cast<std::size_t>(cumulated * static_cast<double>(total));
    const std::size_t end = std::clamp(cut, done, total);
    counts[node] = end - done;
    done = end;
  }
  counts[last] += total - done;
  return counts;
}

/// One draw: how many examples of each class each node gets.
std::vector<Counts> DrawCounts(const PartitionRequest& request,
                               std::span<const std::vector<std::uint32_t>> by_class,
                               Random& random) {
  const std::vector<double> alpha(request.nodes, request.options->alpha);
  Counts held(request.nodes);
  std::vector<Counts> counts;
  for (const auto& examples : by_class) {
    counts.emplace_back(request.nodes);
    if (examples.empty()) continue;
    // A draw per class (Hsu et al. 2019): how it is spread over the nodes.
    std::vector<double> shares = random.Dirichlet(alpha);
    if (request.options->self_balancing) Balance(held, request.pool.size(), shares);
    counts.back() = Cut(examples.size(), shares);
    for (std::size_t node = 0; node < request.nodes; ++node) held[node] += counts.back()[node];
  }
  return counts;
}

std::size_t SmallestNode(std::span<const Counts> counts, std::size_t nodes) {
  std::size_t smallest = SIZE_MAX;
  for (std::size_t node = 0; node < nodes; ++node) {
    std::size_t size = 0;
    for (const Counts& of_class : counts) size += of_class[node];
    smallest = std::min(smallest, size);
  }
  return smallest;
}

}  // namespace

Result<Partition> DealDirichlet(const PartitionRequest& request) {
  DELSTEP_TRY(CheckOptions(request));
  const auto by_class = ByClass(request);
  Random random(Derive(request.key, 0));
  for (int draw = 0; draw < kMostDirichletDraws; ++draw) {
    // The same stream goes on: another draw, and the same for the same seed.
    const std::vector<Counts> counts = DrawCounts(request, by_class, random);
    if (SmallestNode(counts, request.nodes) < request.options->min_partition_size) continue;
    Partition partition(request.nodes);
    // Class by class; the order within a node is mixed afterwards.
    for (std::size_t c = 0; c < by_class.size(); ++c) {
      const Partition runs = DealRuns(by_class[c], counts[c]);
      for (std::size_t node = 0; node < request.nodes; ++node)
        partition[node].insert(partition[node].end(), runs[node].begin(), runs[node].end());
    }
    ShuffleEach(Derive(request.key, 1), partition);
    return partition;
  }
  return UsageError(
             fmt::format("partition.min_partition_size = {}: with partition.alpha = {} some of {} "
                         "had fewer "
                         "examples in each of {} draws",
                         request.options->min_partition_size, request.options->alpha,
                         Count(request.nodes, "node"), kMostDirichletDraws),
             "lower partition.min_partition_size, raise partition.alpha, or deal more examples")
      .About("partition.min_partition_size");
}

}  // namespace delstep
