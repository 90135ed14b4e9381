#include "core/engine/initial_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/utf8.h"
#include "weights/match_tensors.h"

namespace delstep {
namespace {

/// A model that is not finite would spread to every node that it is averaged with.
Result<void> CheckFinite(const NamedArray& array, const std::string& subject) {
  const auto found =
      std::ranges::find_if(array.values, [](float value) { return !std::isfinite(value); });
  if (found == array.values.end()) return {};
  return BadFile(fmt::format("{}: value number {} of '{}' is {}", subject,
                             found - array.values.begin(), Printable(array.name), *found),
                 "a model begins with finite numbers");
}

/// Those that the file has; the others, null in `found`, stay as the learner made them.
Result<std::vector<InitialWeights::Counter>> TakeCounters(std::span<const NamedArray* const> found,
                                                          std::span<const TensorSpec> places,
                                                          const std::string& subject) {
  std::vector<InitialWeights::Counter> counters;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (found[i] == nullptr) continue;
    const TensorSpec& tensor = places[i];
    InitialWeights::Counter& counter = counters.emplace_back();
    counter.place = tensor;
    for (const float value : found[i]->values) {
      // Files hold counters as floats where another tool wrote them; a float is exact only so far.
      if (std::trunc(value) != value || std::abs(value) > 1e15f)
        return BadFile(
            fmt::format("{}: '{}' holds {}, expected whole numbers", subject, tensor.name, value),
            "it counts batches");
      counter.values.push_back(static_cast<std::int64_t>(value));
    }
    if (found[i]->shape != tensor.shape)
      return BadFile(
          fmt::format("{}: '{}' has another shape than the model's", subject, tensor.name),
          "save the state_dict of the same model");
  }
  return counters;
}

Result<std::vector<NamedArray>> ReadArrays(const Registry& registry, const std::string& key,
                                           const std::string& file) {
  const auto blame = [&](Error error) {
    if (!key.empty()) error.message = key + ": " + error.message;
    return error;
  };
  auto read = registry.tensor_readers.FindByEnding(file);
  if (!read) return blame(std::move(read).error());
  auto arrays = (**read)(file);
  if (!arrays) return blame(std::move(arrays).error());
  return arrays;
}

}  // namespace

// Copied as bits: the state row is made of float words, and an int64 takes two of them.
void InitialWeights::PlaceCounters(std::span<float> state) const {
  for (const Counter& counter : counters)
    std::memcpy(&state[counter.place.offset], counter.values.data(),
                counter.values.size() * sizeof(std::int64_t));
}

// A raw integer of a layer has a dot in its name ("bn1.num_batches_tracked"); the optimizer's own
// step has none, and is not part of a model.
std::vector<TensorSpec> CountersOf(const ModelLayout& layout) {
  std::vector<TensorSpec> counters;
  std::ranges::copy_if(layout.state.tensors, std::back_inserter(counters),
                       [](const TensorSpec& tensor) {
                         return tensor.role == TensorSpec::Role::kRaw &&
                                tensor.name.find('.') != std::string::npos && tensor.floats > 0;
                       });
  return counters;
}

Result<InitialWeights> ReadWeights(const std::string& file, const std::string& key,
                                   const Registry& registry, const ModelLayout& layout,
                                   RowPool& rows) {
  InitialWeights weights;
  DELSTEP_ASSIGN(const std::vector<NamedArray> arrays, ReadArrays(registry, key, file));
  const std::string subject = fmt::format("{}{}'{}'", key, key.empty() ? "" : " = ", file);
  const std::vector<TensorSpec>& tensors = layout.model.tensors;
  const std::vector<TensorSpec> counters = CountersOf(layout);
  DELSTEP_ASSIGN(const MatchedTensors matched, MatchTensors(arrays, tensors, counters, subject));
  // Gaps between tensors hold 0.
  weights.model = rows.New();
  const std::span<float> row = weights.model.Write();
  std::ranges::fill(row, 0.0f);
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    DELSTEP_TRY(CheckFinite(*matched.tensors[i], subject));
    std::ranges::copy(matched.tensors[i]->values,
                      row.begin() + static_cast<std::ptrdiff_t>(tensors[i].offset));
  }
  DELSTEP_ASSIGN(weights.counters, TakeCounters(matched.counters, counters, subject));
  return weights;
}

Result<InitialWeights> ReadInitialWeights(const Scenario& scenario, const Registry& registry,
                                          const ModelLayout& layout, RowPool& rows) {
  const std::string& file = scenario.model.weights;
  if (file.empty()) return InitialWeights();
  if (scenario.model.init != "common")
    return UsageError(fmt::format("model.init = \"{}\" draws a model for every node, and "
                                  "model.weights = '{}' gives one for all",
                                  scenario.model.init, file),
                      "set one of the two")
        .About("model.init");
  // The row is shared by all nodes.
  return ReadWeights(file, "model.weights", registry, layout, rows);
}

std::vector<NamedArrayView> TensorsOf(const ModelLayout& layout,
                                      std::span<const TensorSpec> counters,
                                      std::span<const float> model, std::span<const float> state) {
  std::vector<NamedArrayView> views;
  const auto add = [&](const TensorSpec& tensor, std::span<const float> row) {
    views.push_back({.name = tensor.name,
                     .shape = tensor.shape,
                     .content = std::as_bytes(row.subspan(tensor.offset, tensor.floats)),
                     .is_integer = tensor.role == TensorSpec::Role::kRaw});
  };
  for (const TensorSpec& tensor : layout.model.tensors) add(tensor, model);
  for (const TensorSpec& counter : counters) add(counter, state);
  return views;
}

}  // namespace delstep
