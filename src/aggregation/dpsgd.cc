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
    // A message may come from a peer that is no neighbour any more. With fewer than `peers` as the
    // own degree, the weights of the peers could sum to more than 1.
    const std::size_t own_degree = std::max<std::size_t>(models[0].degree, peers);
    // What a neighbour that has not sent would have got stays with the node itself.
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
