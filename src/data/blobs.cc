#include "data/blobs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "delstep/random.h"

namespace delstep {
namespace {

constexpr std::size_t kMostValues = std::size_t{1} << 30;
constexpr std::size_t kFewestSamples = 7;

/// The memory behind a LoadedData.
struct BlobStorage {
  std::vector<float> features;
  std::vector<std::int32_t> labels;
};

Result<void> CheckOptions(const DataOptions& options) {
  if (options.classes < 1)
    return UsageError("data.classes = 0: blobs need at least 1 class").About("data.classes");
  if (options.features < 1)
    return UsageError("data.features = 0: blobs need at least 1 feature").About("data.features");
  if (options.samples < std::max(kFewestSamples, options.classes)) {
    return UsageError(
               fmt::format("data.samples = {}: blobs need at least {}", options.samples,
                           std::max(kFewestSamples, options.classes)),
               fmt::format("every class (data.classes = {}) and the test part want an example",
                           options.classes))
        .About("data.samples");
  }
  if (options.samples > kMostValues / options.features) {
    return UsageError(
               fmt::format("data.samples = {} with data.features = {}: at most {} values in all",
                           options.samples, options.features, kMostValues),
               "lower one of the two")
        .About("data.samples");
  }
  if (!(options.spread >= 0) || !std::isfinite(options.spread)) {
    return UsageError(fmt::format("data.spread = {}: it must be a finite number, 0 or more",
                                  options.spread))
        .About("data.spread");
  }
  return {};
}

std::vector<double> DrawCentres(const DataOptions& options, Random random) {
  // Centres lie about 4 sqrt(2) apart whatever the number of features, so the task stays as hard.
  const double deviation = 4 / std::sqrt(static_cast<double>(options.features));
  std::vector<double> centres(options.classes * options.features);
  for (double& coordinate : centres) coordinate = deviation * random.Normal();
  return centres;
}

std::vector<std::int32_t> DrawLabels(const DataOptions& options, Random random) {
  std::vector<std::int32_t> labels(options.samples);
  for (std::size_t i = 0; i < labels.size(); ++i)
    labels[i] = static_cast<std::int32_t>(i % options.classes);
  random.Shuffle(std::span(labels));
  return labels;
}

}  // namespace

Result<LoadedData> MakeBlobs(const DataOptions& options, std::uint64_t seed) {
  DELSTEP_TRY(CheckOptions(options));
  const RandomKey key = MakeKey(seed, Purpose::kData);
  const std::vector<double> centres = DrawCentres(options, Random(Derive(key, 0)));
  const auto storage = std::make_shared<BlobStorage>();
  storage->labels = DrawLabels(options, Random(Derive(key, 1)));
  storage->features.reserve(options.samples * options.features);
  Random noise(Derive(key, 2));
  for (const std::int32_t label : storage->labels) {
    const double* const centre = &centres[static_cast<std::size_t>(label) * options.features];
    for (std::size_t f = 0; f < options.features; ++f)
      storage->features.push_back(static_cast<float>(centre[f] + options.spread * noise.Normal()));
  }

  LoadedData loaded;
  loaded.name = "blobs";
  loaded.dataset.example_shape = {static_cast<std::int64_t>(options.features)};
  loaded.dataset.example_size = options.features;
  loaded.dataset.floats = storage->features;
  loaded.dataset.labels = storage->labels;
  loaded.dataset.classes = static_cast<std::int32_t>(options.classes);
  loaded.train_examples = options.samples * 6 / 7;
  loaded.owner = storage;
  return loaded;
}

}  // namespace delstep
