// Krum: Blanchard et al., "Machine Learning with Adversaries: Byzantine Tolerant Gradient Descent",
// NeurIPS 2017, section 4.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "aggregation/rules.h"

namespace delstep {
namespace {

// The distances are sums of millions of squares: several running sums let the compiler use vectors.
constexpr std::size_t kLanes = 8;
constexpr std::size_t kBlock =
    1024;  // coordinates of all pairs at a time, so that rows stay in the cache

// Fixed lanes: the same sum, bit for bit, however wide the machine's vectors are.
double SquaredDistance(std::span<const float> a, std::span<const float> b) {
  std::array<double, kLanes> sums{};
  std::size_t i = 0;
  for (; i + kLanes <= a.size(); i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const double difference = static_cast<double>(a[i + lane]) - static_cast<double>(b[i + lane]);
      sums[lane] += difference * difference;
    }
  }
  double sum = 0;
  for (; i < a.size(); ++i) {
    const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    sum += difference * difference;
  }
  for (const double lane : sums) sum += lane;
  return sum;
}

// Entry i * m + j: the squared distance of models i and j.
std::vector<double> SquaredDistances(std::span<const PeerModel> models) {
  const std::size_t m = models.size();
  const std::size_t length = models[0].model.size();
  std::vector<double> distances(m * m);
  for (std::size_t begin = 0; begin < length; begin += kBlock) {
    const std::size_t size = std::min(kBlock, length - begin);
    for (std::size_t i = 0; i < m; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        distances[i * m + j] += SquaredDistance(models[i].model.subspan(begin, size),
                                                models[j].model.subspan(begin, size));
      }
    }
  }
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      double& distance = distances[i * m + j];
      // A model with a NaN is as far away as can be. It is chosen only if all others are so too.
      if (std::isnan(distance)) distance = std::numeric_limits<double>::infinity();
      distances[j * m + i] = distance;
    }
  }
  return distances;
}

class Krum final : public SelectionRule {
 public:
  explicit Krum(std::size_t byzantine) : byzantine_(byzantine) {}
  Sees sees() const override { return Sees::kInbox; }

 private:
  Result<std::size_t> DoSelect(std::span<const PeerModel> models) const override {
    const std::size_t needed = 2 * byzantine_ + 3;
    if (models.size() < needed) {
      return Refused(fmt::format("krum with aggregation.byzantine = {} needs at least {} models, "
                                 "its own included, and has {}",
                                 byzantine_, needed, models.size()),
                     "let more peers send first, or lower aggregation.byzantine");
    }
    const std::size_t m = models.size();
    std::vector<double> distances = SquaredDistances(models);
    // Ties go to the lowest NodeId, so that the order of `models` does not matter.
    std::size_t best = 0;
    double best_score = 0;
    for (std::size_t i = 0; i < m; ++i) {
      const double score = Score(std::span(distances).subspan(i * m, m), i);
      if (i == 0 || score < best_score ||
          (score == best_score && models[i].node < models[best].node)) {
        best = i;
        best_score = score;
      }
    }
    return best;
  }

  // The sum over the closest others; reorders the row of model i.
  double Score(std::span<double> row, std::size_t i) const {
    std::swap(row[i], row.back());
    const std::span<double> others = row.first(row.size() - 1);
    const auto closest = static_cast<std::ptrdiff_t>(row.size() - byzantine_ - 2);
    std::ranges::partial_sort(others, others.begin() + closest);
    double sum = 0;
    for (const double distance : others.first(static_cast<std::size_t>(closest))) sum += distance;
    return sum;
  }

  std::size_t byzantine_;
};

}  // namespace

AggregatorResult MakeKrum(const AggregationOptions& options) {
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (options.byzantine > kMost) {
    return UsageError(fmt::format("aggregation.byzantine = {} is more than there can be nodes",
                                  options.byzantine),
                      fmt::format("choose a number from 0 to {}", kMost))
        .About("aggregation.byzantine");
  }
  return std::make_unique<Krum>(options.byzantine);
}

}  // namespace delstep
