// Coordinate-wise trimmed mean: Yin et al., "Byzantine-Robust Distributed Learning: Towards Optimal
// Statistical Rates", ICML 2018, definition 2.
#include <algorithm>

#include "aggregation/ranks.h"
#include "aggregation/rules.h"
#include "base/text.h"

namespace delstep {
namespace {

class TrimmedMean final : public MergeRule {
 public:
  explicit TrimmedMean(double trim) : trim_(trim) {}
  Sees sees() const override { return Sees::kInbox; }

 private:
  Result<void> DoMerge(std::span<const PeerModel> models, std::span<float> out) const override {
    const std::size_t cut = Cut(models.size());
    MeanOfRanks(models, cut, models.size() - cut, out);
    return {};
  }

  std::size_t Cut(std::size_t models) const {
    // 0.29 * 100 is 28.999999999999996 in binary, but who writes 0.29 of 100 means 29.
    constexpr double kSlack = 1e-9;
    // Never so many that nothing is left.
    const double share = trim_ * static_cast<double>(models) + kSlack;
    return std::min(static_cast<std::size_t>(share), (models - 1) / 2);
  }

  double trim_;
};

}  // namespace

AggregatorResult MakeTrimmedMean(const AggregationOptions& options) {
  if (!(options.trim >= 0 && options.trim < 0.5)) {
    return UsageError(
               "aggregation.trim = " + ShortestReal(options.trim) + " leaves nothing to average",
               "choose a share from 0 up to, but without, 0.5")
        .About("aggregation.trim");
  }
  return std::make_unique<TrimmedMean>(options.trim);
}

}  // namespace delstep
