#include "math/uniform_floats.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace delstep {

void FillUniform(Random& random, double low, double high, std::span<float> values, bool portable) {
  // As many as stay in the first cache between the two steps.
  constexpr std::size_t kAtOnce = 512;
  std::array<std::uint32_t, 2 * kAtOnce> words;
  while (!values.empty()) {
    const std::size_t count = std::min(kAtOnce, values.size());
    random.Fill(std::span(words).first(2 * count), portable);
    for (std::size_t i = 0; i < count; ++i) {
      // As Random::Uniform(); below 2^53, so a signed number holds it, which converts in one step.
      const std::uint64_t word = words[2 * i] | static_cast<std::uint64_t>(words[2 * i + 1]) << 32;
      const double share = static_cast<double>(static_cast<std::int64_t>(word >> 11)) * 0x1.0p-53;
      values[i] = static_cast<float>(low + (high - low) * share);
    }
    values = values.subspan(count);
  }
}

}  // namespace delstep
