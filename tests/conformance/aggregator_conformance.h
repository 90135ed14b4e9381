#pragma once
/// What every rule of aggregation promises, whatever it computes, and what some promise in
/// addition. A rule is held to it by one line in aggregator_conformance_test.cc.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace delstep {

/// A test is given the name of a rule in the registry.
class AggregatorConformance : public ::testing::TestWithParam<std::string> {};
/// Of rules that give weights: the weights are shares.
class WeightRuleConformance : public AggregatorConformance {};
/// Of rules that select a model: the order of the peers decides nothing, not even between equals.
class SelectionRuleConformance : public AggregatorConformance {};
/// Of robust rules: the result stays among the honest models, whatever one peer in ten sends.
class RobustAggregatorConformance : public AggregatorConformance {};

/// The rule's name in letters that the name of a test may have: "trimmed-mean" is trimmed_mean.
inline std::string RuleName(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

}  // namespace delstep
