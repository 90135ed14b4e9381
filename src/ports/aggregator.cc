#include "delstep/aggregator.h"

#include <cassert>
#include <cmath>

namespace delstep {

Result<void> WeightRule::Weigh(std::span<const PeerModel> models, std::span<double> weights) const {
  assert(!models.empty() && weights.size() == models.size());
  DELSTEP_TRY(DoWeigh(models, weights));
  // Weights that sum to anything else would scale the model at each aggregation.
  double sum = 0;
  for (const double weight : weights) sum += weight;
  assert(std::abs(sum - 1) < 1e-9);
  return {};
}

Result<std::size_t> SelectionRule::Select(std::span<const PeerModel> models) const {
  assert(!models.empty());
  // A place outside of the list would read foreign memory later: found here, at the rule to blame.
  Result<std::size_t> selected = DoSelect(models);
  assert(!selected || *selected < models.size());
  return selected;
}

Result<void> MergeRule::Merge(std::span<const PeerModel> models, std::span<float> out) const {
  assert(!models.empty() && out.size() == models[0].model.size());
  return DoMerge(models, out);
}

bool ReadsModels(const Aggregator& rule) {
  return std::visit([](const auto& kind) { return kind->reads_models(); }, rule);
}

AggregationRule::Sees SeesOf(const Aggregator& rule) {
  return std::visit([](const auto& kind) { return kind->sees(); }, rule);
}

}  // namespace delstep
