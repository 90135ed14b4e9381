#pragma once
#include <span>

#include "delstep/aggregator.h"

namespace delstep {

/// Weighs by the size of the training sets: w_k = n_k / sum n_j, equal weights if every n is 0.
class SampleWeights final : public WeightRule {
 public:
  explicit SampleWeights(Sees sees) : sees_(sees) {}
  Sees sees() const override { return sees_; }
  bool reads_models() const override { return false; }

 private:
  Result<void> DoWeigh(std::span<const PeerModel> models, std::span<double> weights) const override;

  Sees sees_;
};

}  // namespace delstep
