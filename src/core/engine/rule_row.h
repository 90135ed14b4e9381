#pragma once
/// The new model of one node, by a rule that looks at the numbers of models.
#include <span>
#include <vector>

#include "delstep/aggregator.h"
#include "delstep/result.h"

namespace delstep {

/// Selects or merges: out <- (1 - rate) * own + rate * result, own being models[0]. Returns the weights of
/// the models in the result; of a merge none. Errors: those of the rule.
Result<std::vector<double>> MakeRuleRow(const SelectionRule& rule,
                                        std::span<const PeerModel> models, double rate,
                                        std::span<float> out);
Result<std::vector<double>> MakeRuleRow(const MergeRule& rule, std::span<const PeerModel> models,
                                        double rate, std::span<float> out);

}  // namespace delstep
