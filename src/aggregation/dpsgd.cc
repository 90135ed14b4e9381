// D-PSGD: Lian et al., "Can Decentralized Algorithms Outperform Centralized Algorithms?", NeurIPS
// 2017, algorithm 1, with Metropolis-Hastings weights (Xiao and Boyd 2004).
#include <algorithm>

#include "aggregation/rules.h"

namespace delstep {
namespace {

class Dpsgd final : public WeightRule {
 public:
  Sees sees() const override { return Sees::kInbox; }

 private:
  Result<void> DoWeigh(std::span<const PeerModel> models,
                       std::span<double> weights) const override {
    const std::size_t peers = models.size() - 1;
    const std::size_t own_degree = std::max<std::size_t>(models[0].degree, peers);
    weights[0] = 1;
    for (std::size_t k = 1; k < models.size(); ++k) {
      const std::size_t degree = std::max<std::size_t>(own_degree, models[k].degree);
      weights[k] = 1 / (1 + static_cast<double>(degree));
      weights[0] -= weights[k];
    }
    return {};
  }
};

}  // namespace

AggregatorResult MakeDpsgd(const AggregationOptions&) { return std::make_unique<Dpsgd>(); }

}  // namespace delstep
