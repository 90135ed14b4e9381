#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "compression/compressors.h"

namespace delstep {
namespace {

constexpr Bytes kBytesOfScale = 4;
constexpr float kNoNumber = std::numeric_limits<float>::quiet_NaN();

/// No number if one of the values is none.
float LargestMagnitude(std::span<const float> values) {
  float largest = 0;
  for (const float value : values) {
    if (std::isnan(value)) return kNoNumber;
    largest = std::max(largest, std::abs(value));
  }
  return largest;
}

/// Levels of an infinite scale stand for no number, 0 times infinity included. So does all that shares a
/// scale with a value that is infinite or none: the receivers must not take a model that has gone wrong
/// for one of zeros. Returns whether it was so.
bool BecomeNoNumbers(float scale, std::span<float> values) {
  if (std::isfinite(scale)) return false;
  std::ranges::fill(values, kNoNumber);
  return true;
}

/// Levels -127 to 127 times a scale per tensor: tensors differ much in size, their values less.
class Int8 final : public Compressor {
 private:
  Bytes DoCompress(const RowLayout& layout, std::span<float> values, RandomKey) const override {
    for (const TensorSpec& tensor : layout.tensors)
      Quantize(values.subspan(tensor.offset, tensor.floats));
    return layout.payload + kBytesOfScale * layout.tensors.size();
  }

  static void Quantize(std::span<float> values) {
    const float scale = LargestMagnitude(values) / 127;
    if (BecomeNoNumbers(scale, values)) return;
    // The scale may underflow to 0: then the values do.
    for (float& value : values) value = scale == 0 ? 0 : std::nearbyint(value / scale) * scale;
  }
};

class Stochastic final : public Compressor {
 public:
  explicit Stochastic(std::size_t bits) : bits_(bits) {}

 private:
  static constexpr std::size_t kRun = 512;

  Bytes DoCompress(const RowLayout& layout, std::span<float> values, RandomKey key) const override {
    // One stream for the whole row: a draw's place depends on the tensors before it, and the layout
    // is the same for all nodes.
    Random random(key);
    Bytes runs = 0;
    for (const TensorSpec& tensor : layout.tensors) {
      std::span<float> rest = values.subspan(tensor.offset, tensor.floats);
      for (; !rest.empty(); ++runs) {
        const std::size_t size = std::min(kRun, rest.size());
        Quantize(rest.first(size), random);
        rest = rest.subspan(size);
      }
    }
    return (layout.payload * bits_ + 7) / 8 + kBytesOfScale * runs;
  }

  void Quantize(std::span<float> values, Random& random) const {
    // One bit is for the sign; the levels are those of the magnitude (QSGD, see compressors.h).
    const auto levels = static_cast<float>((1u << (bits_ - 1)) - 1);
    const float scale = LargestMagnitude(values) / levels;
    if (BecomeNoNumbers(scale, values)) return;
    for (float& value : values) {
      if (scale == 0) {
        value = 0;
        continue;
      }
      // Rounded up with the probability that makes the mean right. The division may give a hair
      // more than `levels`.
      const float level = std::min(std::abs(value) / scale, levels);
      const float below = std::floor(level);
      const float chosen =
          below + (random.Chance(static_cast<double>(level - below)) ? 1.0f : 0.0f);
      value = std::copysign(chosen * scale, value);
    }
  }

  const std::size_t bits_;
};

}  // namespace

CompressorResult MakeInt8(const CompressionOptions&) { return std::make_unique<Int8>(); }

CompressorResult MakeStochastic(const CompressionOptions& options) {
  return std::make_unique<Stochastic>(options.bits);
}

}  // namespace delstep
