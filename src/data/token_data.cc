#include "data/token_data.h"

#include <fmt/format.h>

#include <cassert>
#include <memory>
#include <vector>

#include "base/text.h"

namespace delstep {
namespace {

/// The memory behind a LoadedData.
struct TokenStorage {
  std::vector<std::uint8_t> bytes;
  std::vector<float> floats;
  std::vector<std::int32_t> labels;
};

template <class Feature>
void Gather(std::span<const std::uint32_t> stream, std::span<const TokenExample> examples,
            std::size_t sequence, const Vocabulary& vocabulary, std::vector<Feature>& features) {
  features.reserve(examples.size() * sequence);
  for (const TokenExample& example : examples) {
    assert(sequence <= stream.size() && example.begin <= stream.size() - sequence);
    for (const std::uint32_t token : stream.subspan(example.begin, sequence))
      features.push_back(static_cast<Feature>(vocabulary.id_of[token]));
  }
}

}  // namespace

Result<LoadedData> MakeTokenData(std::span<const std::uint32_t> stream,
                                 std::span<const TokenExample> examples, std::size_t sequence,
                                 const Vocabulary& vocabulary) {
  assert(sequence > 0);
  if (examples.size() > kMostTokenFeatures / sequence || examples.size() > UINT32_MAX) {
    return UsageError(fmt::format("{} of {} (data.sequence): at most {} in all",
                                  Count(examples.size(), "example"), Count(sequence, "token"),
                                  kMostTokenFeatures),
                      "raise data.stride or lower data.sequence");
  }
  const auto storage = std::make_shared<TokenStorage>();
  LoadedData loaded;
  Dataset& dataset = loaded.dataset;
  const std::size_t ids = vocabulary.names.size();
  if (ids <= 256) {
    Gather(stream, examples, sequence, vocabulary, storage->bytes);
  } else {
    Gather(stream, examples, sequence, vocabulary, storage->floats);
  }
  storage->labels.reserve(examples.size());
  for (const TokenExample& example : examples)
    storage->labels.push_back(static_cast<std::int32_t>(vocabulary.id_of[example.next]));
  dataset.example_shape = {static_cast<std::int64_t>(sequence)};
  dataset.example_size = sequence;
  dataset.bytes = storage->bytes;
  dataset.floats = storage->floats;
  dataset.labels = storage->labels;
  dataset.classes = dataset.tokens = static_cast<std::int32_t>(ids);
  dataset.scale = 1;
  loaded.train_examples = examples.size();
  loaded.class_names = vocabulary.names;
  loaded.owner = storage;
  return loaded;
}

}  // namespace delstep
