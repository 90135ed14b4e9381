// Coordinate-wise median: Yin et al., "Byzantine-Robust Distributed Learning: Towards Optimal
// Statistical Rates", ICML 2018, definition 1.
#include "aggregation/ranks.h"
#include "aggregation/rules.h"

namespace delstep {
namespace {

class Median final : public MergeRule {
 public:
  Sees sees() const override { return Sees::kInbox; }

 private:
  Result<void> DoMerge(std::span<const PeerModel> models, std::span<float> out) const override {
    // Of an odd number the one in the middle; of an even number the mean of the middle two.
    MeanOfRanks(models, (models.size() - 1) / 2, models.size() / 2 + 1, out);
    return {};
  }
};

}  // namespace

AggregatorResult MakeMedian(const AggregationOptions&) { return std::make_unique<Median>(); }

}  // namespace delstep
