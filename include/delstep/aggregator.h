#pragma once
/// The aggregation port: how a node makes one model of several. There are three kinds of rules, by
/// what a rule decides:
///
///   WeightRule     a weight for each model; the result is the weighted sum (FedAvg, D-PSGD)
///   SelectionRule  which one of the models is the result (Krum)
///   MergeRule      the numbers of the result themselves (median, trimmed mean)
///
/// Write the first kind that fits: the less a rule decides, the more the core can do with it. It
/// forms the weighted sums of all nodes of a command at once, and a weight or a selection says
/// exactly which models a result comes from; after a merge it may be any of those shown.
///
/// The core blends the result with the communal learning rate:
///
///   theta <- (1 - rate) * theta + rate * result
///
/// What holds for every kind:
///
/// Models: models[0] is the node's own; the others are distinct peers in ascending order of NodeId.
///   A node that has no other model stays as it is, and no rule is asked. A rule must not depend on
///   the order of the peers, beyond the last bit of a weight.
/// Errors: too few models for the rule is kRefused, with how many it needs. Then the whole command
///   changes nothing, at any node.
/// State: none. Results depend on nothing but the arguments.
/// Threads: const calls may run at the same time.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <variant>

#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

/// A model that a rule may use. Its numbers stay where they are, in the row of the node or of the
/// guestbook: a rule reads them, and keeps no span after the call.
struct PeerModel {
  NodeId node{};
  std::uint64_t samples = 0;  ///< training-set size n that travelled with the model
  std::uint32_t degree = 0;   ///< the peer's present number of neighbours
  /// A model row (delstep/learner.h): read only, may be shared; equal lengths, gaps hold 0. Where
  /// aggregation.share is not `parameters`, the change of a model instead of the model.
  std::span<const float> model;
};

/// What all rules say. Derive from one of the three kinds below, not from this.
class AggregationRule {
 public:
  /// Which models a rule is shown beside the node's own.
  enum class Sees : std::uint8_t {
    kEncounters,  ///< every record of the guestbook
    kInbox,       ///< the newest message of each sender in the inbox
  };

  virtual ~AggregationRule() = default;
  virtual Sees sees() const = 0;
  /// Whether the rule looks at PeerModel::model. Of one that says false, those spans may be empty:
  /// in a run of many processes models then need not travel for it.
  virtual bool reads_models() const { return true; }
};

/// The result is the sum of weight_k * model_k. The rule looks at models as it likes (most look at
/// `samples` or `degree` only), and the core forms the sum. FedAvg (McMahan et al. 2017) weighs by
/// samples; the Metropolis-Hastings weights of D-PSGD depend on the degrees of the two ends
/// (Xiao and Boyd 2004).
class WeightRule : public AggregationRule {
 public:
  /// Fills `weights`, one per model. Requires weights.size() == models.size(). The weights are
  /// finite and sum to 1.
  Result<void> Weigh(std::span<const PeerModel> models, std::span<double> weights) const;

 private:
  friend struct UncheckedRule;
  virtual Result<void> DoWeigh(std::span<const PeerModel> models,
                               std::span<double> weights) const = 0;
};

/// The result is one of the models, such as the one closest to its fellows (Krum, Blanchard et al.
/// 2017). So the result says exactly whose model it is.
class SelectionRule : public AggregationRule {
 public:
  /// The place in `models` of the one that is the result, bit for bit.
  Result<std::size_t> Select(std::span<const PeerModel> models) const;

 private:
  friend struct UncheckedRule;
  virtual Result<std::size_t> DoSelect(std::span<const PeerModel> models) const = 0;
};

/// The result is whatever the rule writes, coordinate by coordinate: the median and the trimmed
/// mean (Yin et al. 2018). The most general kind, and the most expensive: the core cannot share
/// work between nodes, and cannot tell how much each model counts.
class MergeRule : public AggregationRule {
 public:
  /// Overwrites all of `out`, which is as long as a model row and overlaps none. What is written
  /// into the gaps between tensors does not count: the core sets them to 0 again.
  Result<void> Merge(std::span<const PeerModel> models, std::span<float> out) const;

 private:
  virtual Result<void> DoMerge(std::span<const PeerModel> models, std::span<float> out) const = 0;
};

/// Asks a rule without asserting what it promises: for who checks it in another way, as the program
/// does with rules that users bring.
struct UncheckedRule {
  static Result<void> Weigh(const WeightRule& rule, std::span<const PeerModel> models,
                            std::span<double> weights) {
    return rule.DoWeigh(models, weights);
  }
  static Result<std::size_t> Select(const SelectionRule& rule, std::span<const PeerModel> models) {
    return rule.DoSelect(models);
  }
};

/// A rule of one of the three kinds; std::visit() tells which. Never a null pointer.
using Aggregator = std::variant<std::unique_ptr<WeightRule>, std::unique_ptr<SelectionRule>,
                                std::unique_ptr<MergeRule>>;

/// What the rule sees, whatever its kind.
AggregationRule::Sees SeesOf(const Aggregator& rule);
/// Whether it looks at the numbers of models, likewise.
bool ReadsModels(const Aggregator& rule);

}  // namespace delstep
