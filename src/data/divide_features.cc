#include "data/divide_features.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/text.h"
#include "delstep/scenario.h"

namespace delstep {
namespace {

constexpr float kHighestByte = 255;

/// The memory behind divided features, and what was behind the rest.
struct DividedStorage {
  std::vector<float> floats;
  std::vector<std::int32_t> labels;
};

Error WrongScale(const std::string& scale, const char* what, const char* hint) {
  return UsageError(fmt::format("data.scale = {}: {}", scale, what), hint).About("data.scale");
}

Error FeaturesInfinite(const std::string& scale) {
  return WrongScale(scale, "some features become infinite", "take a larger number");
}

}  // namespace

Result<void> DivideFeatures(const DataOptions& options, LoadedData& loaded) {
  const std::string& scale = options.scale;
  if (scale == "auto") return {};
  Dataset& dataset = loaded.dataset;
  if (dataset.tokens > 0)
    return WrongScale(scale, "the features are ids of tokens, which cannot be divided",
                      "leave it at \"auto\"");
  const auto divisor = scale == "none" ? std::optional(1.0) : ParseReal(scale);
  // Also what is 0 as a float, or infinite.
  if (!divisor || !std::isnormal(static_cast<float>(*divisor)))
    return WrongScale(scale, "it must be \"auto\", \"none\" or a number other than 0",
                      "data.scale=255 for pixels");
  if (!dataset.bytes.empty()) {
    const auto factor = static_cast<float>(1 / *divisor);
    if (!std::isfinite(factor * kHighestByte)) return FeaturesInfinite(scale);
    dataset.scale = factor;
    return {};
  }
  if (*divisor == 1) return {};
  const auto storage = std::make_shared<DividedStorage>();
  storage->floats.reserve(dataset.floats.size());
  for (const float value : dataset.floats)
    storage->floats.push_back(static_cast<float>(value / *divisor));
  if (!std::ranges::all_of(storage->floats, [](float value) { return std::isfinite(value); }))
    return FeaturesInfinite(scale);
  storage->labels.assign(dataset.labels.begin(), dataset.labels.end());
  dataset.floats = storage->floats;
  dataset.labels = storage->labels;
  loaded.owner = storage;
  return {};
}

}  // namespace delstep
