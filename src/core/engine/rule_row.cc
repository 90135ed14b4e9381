#include "core/engine/rule_row.h"

#include <algorithm>

namespace delstep {
namespace {

/// out <- (1 - rate) * own + rate * out.
void Blend(double rate, std::span<const float> own, std::span<float> out) {
  // 0 times a number that is infinite, or none, is none: what counts for nothing is not looked at.
  const auto share = static_cast<float>(rate);
  if (share == 1) return;
  if (KeepsOwn(rate)) {
    std::ranges::copy(own, out.begin());
    return;
  }
  for (std::size_t c = 0; c < out.size(); ++c) out[c] = (1 - share) * own[c] + share * out[c];
}

void ClearGaps(const RowLayout& layout, std::span<float> row) {
  std::size_t end = 0;
  for (const TensorSpec& tensor : layout.tensors) {
    std::ranges::fill(row.subspan(end, tensor.offset - end), 0.0f);
    end = tensor.offset + tensor.floats;
  }
  std::ranges::fill(row.subspan(end), 0.0f);
}

}  // namespace

// A model that is selected has its gaps already.
Result<std::vector<double>> MakeRuleRow(const SelectionRule& rule, const RowLayout& /*layout*/,
                                        std::span<const PeerModel> models, double rate,
                                        std::span<float> out) {
  DELSTEP_ASSIGN(const std::size_t selected, rule.Select(models));
  std::ranges::copy(models[selected].model, out.begin());
  Blend(rate, models[0].model, out);
  std::vector<double> weights(models.size());
  weights[selected] = 1;
  return weights;
}

// Any of the models may be in any number of the result, so there are no weights to tell.
Result<std::vector<double>> MakeRuleRow(const MergeRule& rule, const RowLayout& layout,
                                        std::span<const PeerModel> models, double rate,
                                        std::span<float> out) {
  DELSTEP_TRY(rule.Merge(models, out));
  // A rule sees rows alone, and may well write all over them.
  ClearGaps(layout, out);
  Blend(rate, models[0].model, out);
  return std::vector<double>();
}

}  // namespace delstep
