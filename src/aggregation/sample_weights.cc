#include "aggregation/sample_weights.h"

#include <algorithm>

namespace delstep {

Result<void> SampleWeights::DoWeigh(std::span<const PeerModel> models,
                                    std::span<double> weights) const {
  double total = 0;
  for (const PeerModel& model : models) total += static_cast<double>(model.samples);
  // Nodes without data may meet too: then all count alike.
  if (total == 0) {
    std::ranges::fill(weights, 1.0 / static_cast<double>(models.size()));
    return {};
  }
  for (std::size_t k = 0; k < models.size(); ++k) {
    weights[k] = static_cast<double>(models[k].samples) / total;
  }
  return {};
}

}  // namespace delstep
