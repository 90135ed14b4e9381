#include "delstep/aggregator.h"

#include <cassert>
#include <cmath>

namespace delstep {

Result<void> Aggregator::Weigh(std::span<const PeerModel> models, std::span<double> weights) const {
  assert(linear() && !models.empty() && weights.size() == models.size());
  DELSTEP_TRY(DoWeigh(models, weights));
  double sum = 0;
  for (const double weight : weights) sum += weight;
  assert(std::abs(sum - 1) < 1e-9);
  return {};
}

Result<void> Aggregator::Merge(std::span<const PeerModel> models, std::span<float> out) const {
  assert(!linear() && !models.empty() && out.size() == models[0].model.size());
  return DoMerge(models, out);
}

Result<void> Aggregator::DoWeigh(std::span<const PeerModel>, std::span<double>) const {
  return Unavailable("this rule of aggregation has no weights");
}

Result<void> Aggregator::DoMerge(std::span<const PeerModel>, std::span<float>) const {
  return Unavailable("this rule of aggregation is linear");
}

}  // namespace delstep
