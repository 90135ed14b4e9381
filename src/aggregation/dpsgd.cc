// D-PSGD: Lian et al., "Can Decentralized Algorithms Outperform Centralized Algorithms?", NeurIPS
// 2017, algorithm 1, with Metropolis-Hastings weights (Xiao and Boyd 2004).
#include <vector>

#include "aggregation/metropolis.h"
#include "aggregation/rules.h"

namespace delstep {
namespace {

class Dpsgd final : public WeightRule {
 public:
  Sees sees() const override { return Sees::kInbox; }
  bool reads_models() const override { return false; }

 private:
  Result<void> DoWeigh(std::span<const PeerModel> models,
                       std::span<double> weights) const override {
    std::vector<std::size_t> degrees;
    degrees.reserve(models.size());
    for (const PeerModel& model : models) degrees.push_back(model.degree);
    WeighByMetropolisHastings(degrees, weights);
    return {};
  }
};

}  // namespace

AggregatorResult MakeDpsgd(const AggregationOptions&) { return std::make_unique<Dpsgd>(); }

}  // namespace delstep
