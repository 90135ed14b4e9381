#pragma once
/// A rule of aggregation of your own: one C++ file, which the program compiles and uses where the
/// scenario or `set` names it.
///
///     #include <delstep/aggregator_module.h>
///
///     class Mine : public delstep::WeightRule {
///      public:
///       Sees sees() const override { return Sees::kInbox; }
///
///      private:
///       delstep::Result<void> DoWeigh(std::span<const delstep::PeerModel> models,
///                                     std::span<double> weights) const override {
///         for (double& weight : weights) weight = 1.0 / static_cast<double>(models.size());
///         return {};
///       }
///     };
///     DELSTEP_AGGREGATOR(Mine)
///
/// and then `delstep aggregation.name=mine.cpp`. `delstep new aggregator` writes a file to begin
/// with; docs/guide/aggregator.md explains. aggregator.h says which kinds of rules there are and
/// what they promise. The program checks the promises: weights that do not sum to 1, a place that
/// does not exist and numbers that are not finite are an error that names your file, and change no
/// node.
///
/// Parameters: a class whose constructor takes `const delstep::AggregationOptions&` is given the
/// values of aggregation.*; `trim` and `byzantine` are free to mean what your rule wants.
/// Errors: return delstep::Refused("..."), or throw; what is thrown fails the command, which then
/// says what() and changes no node.
/// Threads: one object serves several threads, so const calls must change nothing.
#include <cstdint>
#include <memory>
#include <type_traits>

#include "delstep/aggregator.h"
#include "delstep/scenario.h"

namespace delstep {

/// Counts the changes of what a rule and the program know of each other (aggregator.h, Result,
/// AggregationOptions) that break what was compiled before.
inline constexpr std::uint32_t kAggregatorInterface = 1;

/// `extern "C" const AggregatorEntry delstep_aggregator`, which DELSTEP_AGGREGATOR defines. The
/// first field stays what it is in every later version.
struct AggregatorEntry {
  /// kAggregatorInterface of the header it was compiled with: it must be that of the program.
  std::uint32_t interface;
  Aggregator (*make)(const AggregationOptions& options);  ///< may throw
};

/// Makes a rule of the user's class, as the kind from which it is derived.
template <class Rule>
Aggregator MakeOwnRule(const AggregationOptions& options) {
  static_assert(std::is_base_of_v<WeightRule, Rule> || std::is_base_of_v<SelectionRule, Rule> ||
                    std::is_base_of_v<MergeRule, Rule>,
                "derive the rule from WeightRule, SelectionRule or MergeRule");
  if constexpr (std::is_constructible_v<Rule, const AggregationOptions&>)
    return std::make_unique<Rule>(options);
  else
    return std::make_unique<Rule>();
}

}  // namespace delstep

/// Once, at the end of the file: makes `Rule` the one that the program uses.
#define DELSTEP_AGGREGATOR(Rule)                                                          \
  extern "C" {                                                                            \
  extern const ::delstep::AggregatorEntry delstep_aggregator;                             \
  const ::delstep::AggregatorEntry delstep_aggregator = {::delstep::kAggregatorInterface, \
                                                         &::delstep::MakeOwnRule<Rule>};  \
  }
