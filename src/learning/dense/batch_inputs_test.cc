#include "learning/dense/batch_inputs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>

#include "delstep/random.h"

namespace delstep {
namespace {

/// Bytes of which `share` are not 0, and the same features as floats, which are never skipped.
struct Pair {
  Pair(std::size_t count, std::size_t size, double share) : bytes(count * size) {
    Random random({8, 1});
    for (std::uint8_t& byte : bytes)
      byte = random.Chance(share) ? static_cast<std::uint8_t>(random.Below(256)) : 0;
    labels.resize(count);
    examples.resize(count);
    std::iota(examples.begin(), examples.end(), 0u);
    as_bytes.example_size = size;
    as_bytes.labels = labels;
    as_floats = as_bytes;
    as_bytes.bytes = bytes;
    for (const std::uint8_t byte : bytes) floats.push_back(as_bytes.scale * byte);
    as_floats.floats = floats;
  }
  std::vector<std::uint8_t> bytes;
  std::vector<float> floats;
  std::vector<std::int32_t> labels;
  std::vector<std::uint32_t> examples;
  Dataset as_bytes, as_floats;
};

AlignedFloats Normals(std::size_t n, std::uint64_t stream) {
  Random random({7, stream});
  AlignedFloats values(n);
  std::generate_n(values.data(), n, [&] { return static_cast<float>(random.Normal()); });
  return values;
}

std::vector<float> Copy(const AlignedFloats& a) { return {a.data(), a.data() + a.size()}; }

class BatchInputsOf : public testing::TestWithParam<const Kernels*> {};
INSTANTIATE_TEST_SUITE_P(, BatchInputsOf, testing::ValuesIn(RunnableKernels()),
                         [](const auto& tested) { return std::string(tested.param->name); });

TEST_P(BatchInputsOf, GiveTheSameBitsWithAndWithoutTheZeros) {
  constexpr std::size_t kSize = 92;  // 23 blocks: more than a vector of them
  for (const double share : {0.0, 0.02, 0.1, 0.3, 1.0})
    for (const std::size_t stride : {16u, 32u, 48u}) {
      const Pair pair(37, kSize, share);
      const AlignedFloats weights = Normals(kSize * stride, 1), start = Normals(stride, 2);
      const AlignedFloats d = Normals(37 * stride, 3);
      std::vector<std::vector<float>> products, gradients;
      for (const Dataset* data : {&pair.as_bytes, &pair.as_floats}) {
        BatchInputs inputs(*GetParam());
        AlignedFloats c(37 * stride), gradient(kSize * stride);
        // A full batch before: nothing of it may be left.
        inputs.Gather(*data, pair.examples);
        const auto some = std::span(pair.examples).subspan(5, 30);
        const bool is_last = stride == 32;  // fetching changes nothing
        inputs.Gather(*data, some, pair.examples);
        inputs.Multiply(weights.data(), start.data(), stride, is_last, c.data());
        inputs.Gradient(d.data(), stride, gradient.data());
        products.push_back(Copy(c));
        gradients.push_back(Copy(gradient));
      }
      EXPECT_EQ(products[0], products[1]) << share << " " << stride;
      EXPECT_EQ(gradients[0], gradients[1]) << share << " " << stride;
    }
}

TEST_P(BatchInputsOf, DoNotSkipWhatOnlyLooksLikeAZero) {
  for (const std::size_t size : {8u, 10u}) {  // the second: no whole number of blocks
    Pair pair(3, size, 0.1);
    pair.as_bytes.shift = size == 8 ? 0.5f : 0.0f;
    std::vector<float> shifted;
    for (const std::uint8_t byte : pair.bytes)
      shifted.push_back(pair.as_bytes.scale * byte + pair.as_bytes.shift);
    const AlignedFloats weights = Normals(size * 16, 1), start(16);
    AlignedFloats c(3 * 16);
    BatchInputs inputs(*GetParam());
    inputs.Gather(pair.as_bytes, pair.examples);
    inputs.Multiply(weights.data(), start.data(), 16, false, c.data());
    for (std::size_t e = 0; e < 3; ++e) {
      double sum = 0;
      for (std::size_t i = 0; i < size; ++i)
        sum += static_cast<double>(shifted[e * size + i]) * weights.data()[i * 16];
      EXPECT_NEAR(c.data()[e * 16], sum, 1e-5);
    }
  }
}

}  // namespace
}  // namespace delstep
