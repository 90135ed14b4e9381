#include "user_models/own_aggregator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "delstep/aggregator_module.h"
#include "user_models/own_part.h"

namespace delstep {
namespace {

class GuardedWeights final : public WeightRule {
 public:
  GuardedWeights(std::unique_ptr<WeightRule> rule, std::string file)
      : file_(std::move(file)), rule_(std::move(rule)), sees_(rule_->sees()) {}
  Sees sees() const override { return sees_; }

 private:
  Result<void> DoWeigh(std::span<const PeerModel> models,
                       std::span<double> weights) const override {
    std::ranges::fill(weights, std::numeric_limits<double>::quiet_NaN());
    DELSTEP_TRY(CallUserCode(file_, "DoWeigh()",
                             [&] { return UncheckedRule::Weigh(*rule_, models, weights); }));
    double sum = 0;
    for (const double weight : weights) sum += weight;
    if (!(std::abs(sum - 1) < 1e-9))
      return Refused(fmt::format("{}: the {} weights of DoWeigh() sum to {}, not to 1", file_,
                                 weights.size(), sum),
                     "fill all of `weights`, and divide each by their sum");
    return {};
  }

  std::string file_;
  std::unique_ptr<WeightRule> rule_;
  Sees sees_;
};

class GuardedSelection final : public SelectionRule {
 public:
  GuardedSelection(std::unique_ptr<SelectionRule> rule, std::string file)
      : file_(std::move(file)), rule_(std::move(rule)), sees_(rule_->sees()) {}
  Sees sees() const override { return sees_; }

 private:
  Result<std::size_t> DoSelect(std::span<const PeerModel> models) const override {
    DELSTEP_ASSIGN(const std::size_t selected, CallUserCode(file_, "DoSelect()", [&] {
                     return UncheckedRule::Select(*rule_, models);
                   }));
    if (selected >= models.size())
      return Refused(fmt::format("{}: DoSelect() chooses place {} of {} models", file_, selected,
                                 models.size()),
                     fmt::format("places go from 0 to {}", models.size() - 1));
    return selected;
  }

  std::string file_;
  std::unique_ptr<SelectionRule> rule_;
  Sees sees_;
};

class GuardedMerge final : public MergeRule {
 public:
  GuardedMerge(std::unique_ptr<MergeRule> rule, std::string file)
      : file_(std::move(file)), rule_(std::move(rule)), sees_(rule_->sees()) {}
  Sees sees() const override { return sees_; }

 private:
  Result<void> DoMerge(std::span<const PeerModel> models, std::span<float> out) const override {
    // A number that the rule leaves out is found as one that is not finite.
    std::ranges::fill(out, std::numeric_limits<float>::quiet_NaN());
    DELSTEP_TRY(CallUserCode(file_, "DoMerge()", [&] { return rule_->Merge(models, out); }));
    for (std::size_t c = 0; c < out.size(); ++c)
      if (!std::isfinite(out[c]))
        return Refused(
            fmt::format("{}: DoMerge() leaves number {} of {} at {}", file_, c, out.size(), out[c]),
            "fill all of `out` with finite numbers");
    return {};
  }

  std::string file_;
  std::unique_ptr<MergeRule> rule_;
  Sees sees_;
};

Result<Aggregator> Load(const AggregationOptions& options, const Say& say) {
  const std::string& file = options.name;
  const OwnPartKind kind{.toolchain = AggregatorToolchain(),
                         .symbol = "delstep_aggregator",
                         .macro = "DELSTEP_AGGREGATOR",
                         .interface = kAggregatorInterface};
  DELSTEP_ASSIGN(const void* const found, OpenOwnPart(kind, file, say));
  const auto* entry = static_cast<const AggregatorEntry*>(found);
  return ConstructUserCode(
      file, [&]() -> Result<Aggregator> { return GuardRule(entry->make(options), file); });
}

}  // namespace

Aggregator GuardRule(Aggregator rule, const std::string& file) {
  struct Wrap {
    const std::string& file;
    Aggregator operator()(std::unique_ptr<WeightRule>& kind) const {
      return std::make_unique<GuardedWeights>(std::move(kind), file);
    }
    Aggregator operator()(std::unique_ptr<SelectionRule>& kind) const {
      return std::make_unique<GuardedSelection>(std::move(kind), file);
    }
    Aggregator operator()(std::unique_ptr<MergeRule>& kind) const {
      return std::make_unique<GuardedMerge>(std::move(kind), file);
    }
  };
  return std::visit(Wrap{file}, rule);
}

Result<Aggregator> LoadOwnAggregator(const AggregationOptions& options, const Say& say) {
  auto rule = Load(options, say);
  if (!rule) return std::move(rule).error().About("aggregation.name");
  return rule;
}

Result<Aggregator> MakeOwnAggregator(const AggregationOptions& options) {
  return LoadOwnAggregator(options, {});
}

}  // namespace delstep
