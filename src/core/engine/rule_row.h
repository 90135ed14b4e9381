#pragma once
/// The new model of one node, by a rule that looks at the numbers of models.
#include <span>
#include <vector>

#include "delstep/aggregator.h"
#include "delstep/learner.h"
#include "delstep/result.h"

namespace delstep {

/// Whether this communal rate keeps a node's own model, bit for bit: models are floats, so a rate below
/// all floats does too.
inline bool KeepsOwn(double rate) { return static_cast<float>(rate) == 0; }

/// Selects or merges: out <- (1 - rate) * own + rate * result, own being models[0]. Of these two, one that
/// counts for nothing is left out, whatever is in it. Where a merge writes outside of the tensors of
/// `layout`, the gaps become 0 again. Returns the weights of the models in the result; of a merge none.
/// Errors: those of the rule.
Result<std::vector<double>> MakeRuleRow(const SelectionRule& rule, const RowLayout& layout,
                                        std::span<const PeerModel> models, double rate,
                                        std::span<float> out);
Result<std::vector<double>> MakeRuleRow(const MergeRule& rule, const RowLayout& layout,
                                        std::span<const PeerModel> models, double rate,
                                        std::span<float> out);

}  // namespace delstep
