#include "user_models/own_aggregator.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <string>
#include <utility>

#include "base/user_code.h"
#include "delstep/aggregator_module.h"
#include "user_models/module_library.h"
#include "user_models/toolchain.h"

namespace delstep {
namespace {

/// Runs the user's code: what it throws is an error, and a crash names the file.
template <class Call>
auto CallRule(const std::string& file, const char* doing, Call call) -> decltype(call()) {
  const UserCode running(file, doing);
  try {
    return call();
  } catch (const std::exception& error) {
    return Refused(fmt::format("{}: {} throws: {}", file, doing, error.what()));
  } catch (...) {
    return Refused(fmt::format("{}: {} throws something that is no std::exception", file, doing));
  }
}

class GuardedWeights final : public WeightRule {
 public:
  GuardedWeights(std::unique_ptr<WeightRule> rule, std::string file)
      : file_(std::move(file)), rule_(std::move(rule)), sees_(rule_->sees()) {}
  Sees sees() const override { return sees_; }

 private:
  Result<void> DoWeigh(std::span<const PeerModel> models,
                       std::span<double> weights) const override {
    std::ranges::fill(weights, std::numeric_limits<double>::quiet_NaN());
    DELSTEP_TRY(CallRule(file_, "DoWeigh()",
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
    DELSTEP_ASSIGN(const std::size_t selected, CallRule(file_, "DoSelect()", [&] {
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
    DELSTEP_TRY(CallRule(file_, "DoMerge()", [&] { return rule_->Merge(models, out); }));
    for (std::size_t c = 0; c < out.size(); ++c) {
      if (!std::isfinite(out[c]))
        return Refused(
            fmt::format("{}: DoMerge() leaves number {} of {} at {}", file_, c, out.size(), out[c]),
            "fill all of `out` with finite numbers");
      // Gaps between tensors hold 0 in every model, and must stay so.
      if (out[c] != 0 &&
          std::ranges::all_of(models, [&](const PeerModel& peer) { return peer.model[c] == 0; }))
        out[c] = 0;
    }
    return {};
  }

  std::string file_;
  std::unique_ptr<MergeRule> rule_;
  Sees sees_;
};

Result<const AggregatorEntry*> OpenAggregator(const std::filesystem::path& library,
                                              const std::string& file) {
  DELSTEP_ASSIGN(void* const handle, OpenUserLibrary(library, file, AggregatorToolchain().kind));
  const auto* entry = static_cast<const AggregatorEntry*>(dlsym(handle, "delstep_aggregator"));
  if (entry == nullptr)
    return BadFile(fmt::format("'{}' holds no rule of aggregation", file),
                   "end the file with DELSTEP_AGGREGATOR(NameOfYourClass)");
  if (entry->interface != kAggregatorInterface)
    return BadFile(fmt::format("the rule of aggregation '{}' was compiled for interface {}, and "
                               "this program has interface {}",
                               file, entry->interface, kAggregatorInterface),
                   "name its .cpp file: it is then compiled for this program");
  return entry;
}

Result<Aggregator> Load(const AggregationOptions& options, const Say& say) {
  const std::string& file = options.name;
  std::filesystem::path library = file;
  if (!file.ends_with(".so")) {
    DELSTEP_TRY(CheckKindOfSource(file, AggregatorToolchain().kind));
    DELSTEP_ASSIGN(library, CompileModule(file, AggregatorToolchain(), ModuleCacheFolder(), say));
  }
  DELSTEP_ASSIGN(const AggregatorEntry* entry, OpenAggregator(library, file));
  auto rule = CallRule(file, "its constructor", [&]() -> Result<Aggregator> {
    return GuardRule(entry->make(options), file);
  });
  // It throws at values of the scenario, which are wrong whatever the state.
  if (!rule) return UsageError(rule.error().message, rule.error().hint);
  return rule;
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
