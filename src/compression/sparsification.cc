#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "compression/compressors.h"

namespace delstep {
namespace {

/// Places of all parameters in the row, ascending.
std::vector<std::uint32_t> PlacesOf(const RowLayout& layout) {
  std::vector<std::uint32_t> places;
  places.reserve(layout.payload);
  for (const TensorSpec& tensor : layout.tensors)
    for (std::size_t i = 0; i < tensor.floats; ++i)
      places.push_back(static_cast<std::uint32_t>(tensor.offset + i));
  return places;
}

/// At least one: a message that says nothing would still cost its header.
std::size_t CountKept(double ratio, std::size_t parameters) {
  const auto kept = static_cast<std::size_t>(std::llround(ratio * static_cast<double>(parameters)));
  return std::clamp(kept, std::size_t{1}, parameters);
}

/// What is no number counts as infinite: it is the last that receivers may do without, and nothing else
/// would be an order.
float MagnitudeOf(float value) {
  return std::isnan(value) ? std::numeric_limits<float>::infinity() : std::abs(value);
}

/// Keeps the values at the first `kept` places.
void KeepFirst(std::span<const std::uint32_t> places, std::size_t kept, std::span<float> values) {
  for (const std::uint32_t place : places.subspan(kept)) values[place] = 0;
}

class TopK final : public Compressor {
 public:
  explicit TopK(double ratio) : ratio_(ratio) {}

 private:
  Bytes DoCompress(const RowLayout& layout, std::span<float> values, RandomKey) const override {
    std::vector<std::uint32_t> places = PlacesOf(layout);
    const std::size_t kept = CountKept(ratio_, places.size());
    // Of equal magnitudes the first places win, so that the choice is the same on every machine.
    const auto larger = [&](std::uint32_t a, std::uint32_t b) {
      const float x = MagnitudeOf(values[a]), y = MagnitudeOf(values[b]);
      return x != y ? x > y : a < b;
    };
    if (kept < places.size())
      std::ranges::nth_element(places, places.begin() + static_cast<std::ptrdiff_t>(kept), larger);
    KeepFirst(places, kept, values);
    // Where the values belong: as a list of places, or as one bit per parameter.
    const Bytes list = 4 * kept, bits = (places.size() + 7) / 8;
    return 4 * kept + std::min(list, bits);
  }

  const double ratio_;
};

class RandomK final : public Compressor {
 public:
  explicit RandomK(double ratio) : ratio_(ratio) {}

 private:
  Bytes DoCompress(const RowLayout& layout, std::span<float> values, RandomKey key) const override {
    std::vector<std::uint32_t> places = PlacesOf(layout);
    const std::size_t kept = CountKept(ratio_, places.size());
    Random random(key);
    // The first steps of a shuffle are a draw without repetition.
    for (std::size_t i = 0; i < kept; ++i)
      std::swap(places[i], places[i + static_cast<std::size_t>(random.Below(places.size() - i))]);
    KeepFirst(places, kept, values);
    // The receiver draws the same places from the seed.
    constexpr Bytes kSeed = 8;
    return 4 * kept + kSeed;
  }

  const double ratio_;
};

}  // namespace

CompressorResult MakeTopK(const CompressionOptions& options) {
  return std::make_unique<TopK>(options.ratio);
}

CompressorResult MakeRandomK(const CompressionOptions& options) {
  return std::make_unique<RandomK>(options.ratio);
}

}  // namespace delstep
