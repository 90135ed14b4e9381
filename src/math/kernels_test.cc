#include "math/kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include "delstep/random.h"
#include "math/aligned_floats.h"

namespace delstep {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

std::vector<float> Normals(std::size_t n, std::uint64_t stream) {
  Random random({11, stream});
  std::vector<float> values(n);
  for (float& value : values) value = static_cast<float>(random.Normal());
  return values;
}

/// Every test runs on every variant that this machine has.
class KernelVariant : public testing::TestWithParam<const Kernels*> {
 protected:
  const Kernels& kernels() const { return *GetParam(); }
};

INSTANTIATE_TEST_SUITE_P(, KernelVariant, testing::ValuesIn(RunnableKernels()),
                         [](const auto& tested) { return std::string(tested.param->name); });

TEST(Kernels, ThePortableOnesAlwaysRunAndDoNotFuse) {
  EXPECT_EQ(RunnableKernels().front(), &PortableKernels());
  const bool chosen = std::getenv("DELSTEP_KERNELS") != nullptr;
  EXPECT_TRUE(chosen || RunnableKernels().back() == &BestKernels());
  EXPECT_STREQ(PortableKernels().name, "portable");
  EXPECT_FALSE(PortableKernels().fused);
}

TEST_P(KernelVariant, MultipliesEveryShapeAsThreeLoopsDo) {
  for (const std::size_t m : {1u, 2u, 3u, 5u, 11u, 12u, 13u, 25u})
    for (const std::size_t n : {16u, 32u, 48u, 64u})
      for (const std::size_t k : {0u, 1u, 7u, 40u}) {
        const auto a = Normals(m * (k + 3), 1), b = Normals((k + 1) * (n + 1), 2),
                   start = Normals(n, 3);
        std::vector<float> c(m * (n + 2), 77.0f);
        kernels().multiply({.m = m,
                            .n = n,
                            .k = k,
                            .a = a.data(),
                            .a_row = k + 3,
                            .b = b.data(),
                            .b_stride = n + 1,
                            .start = start.data(),
                            .c = c.data(),
                            .c_stride = n + 2});
        for (std::size_t i = 0; i < m; ++i) {
          for (std::size_t j = 0; j < n; ++j) {
            double sum = start[j];
            for (std::size_t p = 0; p < k; ++p)
              sum += static_cast<double>(a[i * (k + 3) + p]) * b[p * (n + 1) + j];
            EXPECT_NEAR(c[i * (n + 2) + j], sum, 2e-5) << m << " " << n << " " << k;
          }
          EXPECT_EQ(c[i * (n + 2) + n], 77.0f) << "wrote behind a row";
        }
      }
}

TEST_P(KernelVariant, MultipliesATransposedMatrixReadInPlace) {
  constexpr std::size_t kM = 14, kN = 16, kK = 9;
  const auto a = Normals(kM * kK, 1), b = Normals(kK * kN, 2);
  std::vector<float> transposed(kM * kK), plain(kM * kN), direct(kM * kN);
  kernels().transpose({.rows = kK,
                       .columns = kM,
                       .from = a.data(),
                       .from_stride = kM,
                       .to = transposed.data(),
                       .to_stride = kK});
  Product product{.m = kM, .n = kN, .k = kK, .b = b.data(), .b_stride = kN, .c_stride = kN};
  product.a = transposed.data();
  product.a_row = kK;
  product.c = plain.data();
  kernels().multiply(product);
  product.a = a.data();
  product.a_row = 1;
  product.a_column = kM;
  product.c = direct.data();
  kernels().multiply(product);
  EXPECT_EQ(direct, plain);
}

TEST_P(KernelVariant, TransposesIntoAWiderMatrix) {
  // Around whole tiles on either side.
  for (const std::size_t rows : {1u, 15u, 16u, 19u, 33u})
    for (const std::size_t columns : {1u, 7u, 8u, 18u, 32u}) {
      const auto from = Normals(rows * (columns + 3), 1);
      std::vector<float> to(columns * (rows + 5), -1.0f);
      kernels().transpose({.rows = rows,
                           .columns = columns,
                           .from = from.data(),
                           .from_stride = columns + 3,
                           .to = to.data(),
                           .to_stride = rows + 5});
      for (std::size_t c = 0; c < columns; ++c) {
        for (std::size_t r = 0; r < rows; ++r)
          EXPECT_EQ(to[c * (rows + 5) + r], from[r * (columns + 3) + c]) << rows << " " << columns;
        EXPECT_EQ(to[c * (rows + 5) + rows], -1.0f) << "wrote behind a row";
      }
    }
}

/// Bytes of `examples` examples of `blocks` blocks, about half of which are all 0.
std::vector<std::uint8_t> Blocks(std::size_t examples, std::size_t blocks) {
  Random random({12, examples * 100 + blocks});
  std::vector<std::uint8_t> bytes(examples * blocks * kInputBlock);
  for (std::size_t b = 0; b < examples * blocks; ++b)
    if (random.Chance(0.5))
      // One byte of the block, any of them, so that each decides somewhere.
      bytes[b * kInputBlock + random.Below(kInputBlock)] =
          static_cast<std::uint8_t>(random.Below(255) + 1);
  return bytes;
}

TEST_P(KernelVariant, PicksTheBlocksThatAreNotZeroBlockAfterBlock) {
  for (const std::size_t examples : {1u, 7u, 8u, 9u, 16u, 17u, 31u, 40u})
    for (const std::size_t blocks : {1u, 7u, 8u, 9u, 16u, 23u}) {
      const std::vector<std::uint8_t> bytes = Blocks(examples, blocks);
      std::vector<const std::uint8_t*> features;
      for (std::size_t e = 0; e < examples; ++e)
        features.push_back(bytes.data() + e * blocks * kInputBlock);
      // What is there before must not matter, and what is behind must stay.
      const std::size_t room = examples * blocks + kPickingSlack, stride = PickingStride(examples);
      std::vector<std::uint32_t> scratch(kPickingScratch * stride + 1, 77u),
          starts(blocks + 2, 77u), entry_examples(room + 1, 77u);
      std::vector<float> values(room * kInputBlock + 1, 77.0f);
      kernels().pick_blocks({.examples = examples,
                             .blocks = blocks,
                             .features = features.data(),
                             .scale = 0.5f,
                             .stride = stride,
                             .scratch = scratch.data(),
                             .starts = starts.data(),
                             .entry_examples = entry_examples.data(),
                             .values = values.data()});
      std::size_t entry = 0;
      for (std::size_t b = 0; b < blocks; ++b) {
        EXPECT_EQ(starts[b], entry) << examples << " " << blocks;
        for (std::size_t e = 0; e < examples; ++e) {
          const std::uint8_t* block = features[e] + b * kInputBlock;
          if (block[0] == 0 && block[1] == 0 && block[2] == 0 && block[3] == 0) continue;
          ASSERT_EQ(entry_examples[entry], e) << examples << " " << blocks;
          for (std::size_t i = 0; i < kInputBlock; ++i)
            ASSERT_EQ(values[entry * kInputBlock + i], 0.5f * block[i])
                << examples << " " << blocks;
          ++entry;
        }
      }
      EXPECT_EQ(starts[blocks], entry);
      EXPECT_EQ(scratch.back(), 77u) << "wrote behind the scratch";
      EXPECT_EQ(starts.back(), 77u) << "wrote behind the starts";
      EXPECT_EQ(entry_examples.back(), 77u) << "wrote behind the entries";
      EXPECT_EQ(values.back(), 77.0f) << "wrote behind the values";
    }
}

TEST_P(KernelVariant, CountsTheBlocksThatAreNotZero) {
  for (const std::size_t blocks : {0u, 1u, 15u, 16u, 50u}) {
    const std::vector<std::uint8_t> bytes = Blocks(1, blocks);
    std::size_t count = 0;
    for (std::size_t b = 0; b < blocks; ++b)
      count += std::any_of(&bytes[b * kInputBlock], &bytes[b * kInputBlock] + kInputBlock,
                           [](std::uint8_t byte) { return byte != 0; });
    EXPECT_EQ(kernels().count_blocks(blocks, bytes.data()), count);
  }
}

TEST_P(KernelVariant, ConvertsEveryByte) {
  std::vector<std::uint8_t> bytes(256);
  for (std::size_t i = 0; i < 256; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  std::vector<float> out(256);
  kernels().convert(256, bytes.data(), 1.0f / 255, 0, out.data());
  for (std::size_t i = 0; i < 256; ++i) EXPECT_EQ(out[i], static_cast<float>(i) * (1.0f / 255));
  kernels().convert(256, bytes.data(), 0.5f, -3, out.data());
  for (std::size_t i = 0; i < 256; ++i) EXPECT_EQ(out[i], 0.5f * static_cast<float>(i) - 3);
}

TEST_P(KernelVariant, ActivationsAndTheirGradientsFollowTheDefinition) {
  auto x = Normals(160, 4);
  x[0] = 0;
  x[1] = kNan;
  auto relu = x, tanh = x;
  kernels().relu(160, relu.data());
  kernels().tanh(160, tanh.data());
  EXPECT_TRUE(std::isnan(relu[1])) << "a NaN must not turn into 0";
  EXPECT_TRUE(std::isnan(tanh[1]));
  relu[1] = x[1] = tanh[1] = 0;
  std::vector<float> through_relu(160, 3.0f), through_tanh(160, 3.0f);
  kernels().relu_gradient(160, relu.data(), through_relu.data());
  kernels().tanh_gradient(160, tanh.data(), through_tanh.data());
  for (std::size_t i = 0; i < 160; ++i) {
    EXPECT_EQ(relu[i], std::max(x[i], 0.0f));
    EXPECT_EQ(through_relu[i], x[i] > 0 ? 3.0f : 0.0f);
    EXPECT_NEAR(tanh[i], std::tanh(x[i]), 2e-7);
    EXPECT_NEAR(through_tanh[i], 3 * (1 - std::pow(std::tanh(static_cast<double>(x[i])), 2)), 1e-6);
  }
}

TEST_P(KernelVariant, DropsAnEntryWhereItsHalfWordIsBelowTheThreshold) {
  const std::vector<std::uint32_t> words = {0x0001'0002, 0x0002'0001, 0xffff'0000, 0x0000'ffff,
                                            0x0001'0002, 0x0002'0001, 0xffff'0000, 0x0000'ffff};
  std::vector<float> mask(16);
  kernels().dropout_mask(16, words.data(), 2, 1.5f, mask.data());
  const std::vector<float> expected = {
      1.5f, 0,    0,    1.5f, 1.5f, 0,    0,    1.5f,  // low halves
      0,    1.5f, 1.5f, 0,    0,    1.5f, 1.5f, 0};    // high halves
  EXPECT_EQ(mask, expected);
}

TEST_P(KernelVariant, SoftmaxCrossEntropyAgreesWithDoubleArithmetic) {
  for (const std::size_t classes : {1u, 2u, 10u, 16u, 17u}) {
    const std::size_t stride = PaddedColumns(classes), rows = 5;
    auto scores = Normals(rows * stride, classes);
    for (std::size_t c = 0; c < classes; ++c) scores[c] *= 60;  // a row of large scores
    for (std::size_t c = 0; c < classes; ++c)
      scores[stride + c] -= 500;  // all far below the padding
    std::vector<std::int32_t> labels;
    for (std::size_t r = 0; r < rows; ++r) labels.push_back(static_cast<std::int32_t>(r % classes));
    auto gradient = scores;
    std::vector<float> losses(rows);
    kernels().softmax_cross_entropy({.rows = rows,
                                     .classes = classes,
                                     .stride = stride,
                                     .labels = labels.data(),
                                     .scale = 0.25f,
                                     .x = gradient.data(),
                                     .losses = losses.data()});
    for (std::size_t r = 0; r < rows; ++r) {
      const float* row = &scores[r * stride];
      const double largest = *std::max_element(row, row + classes);
      double sum = 0;
      for (std::size_t c = 0; c < classes; ++c) sum += std::exp(row[c] - largest);
      const double loss = std::log(sum) + largest - row[labels[r]];
      EXPECT_NEAR(losses[r], loss, 3e-7 * (1 + loss)) << classes;
      for (std::size_t c = 0; c < stride; ++c) {
        const bool is_label = static_cast<std::int32_t>(c) == labels[r];
        const double p = c < classes ? std::exp(row[c] - largest) / sum : 0;
        EXPECT_NEAR(gradient[r * stride + c], 0.25 * (p - (is_label ? 1 : 0)), 1e-7);
      }
    }
  }
}

TEST_P(KernelVariant, SoftmaxCrossEntropyShowsScoresThatAreNotFinite) {
  for (const float bad : {kNan, kInfinity}) {
    std::vector<float> scores(16, 0.5f);
    scores[2] = bad;
    const std::int32_t label = 0;
    float loss = 0;
    kernels().softmax_cross_entropy({.rows = 1,
                                     .classes = 10,
                                     .stride = 16,
                                     .labels = &label,
                                     .x = scores.data(),
                                     .losses = &loss});
    EXPECT_FALSE(std::isfinite(loss));
  }
}

TEST_P(KernelVariant, SumsPastTheCacheAreTheSameAndWriteNothingElse) {
  constexpr std::size_t kColumns = 200;
  const auto rows = Normals(3 * kColumns, 1);
  const std::vector<WeightedTerm> terms = {
      {&rows[0], 0.5f}, {&rows[kColumns], -2}, {&rows[2 * kColumns], 3}};
  // At the places that such a store needs, and at others.
  for (const std::size_t shift : {0u, 1u, 4u})
    for (const std::size_t begin : {0u, 3u, 64u})
      for (const std::size_t end : {64u, 65u, 100u, 196u}) {
        AlignedFloats cached(kColumns + shift), past(kColumns + shift);
        kernels().weighted_sum(3, terms.data(), begin, end, cached.data() + shift);
        kernels().weighted_sum_past_cache(3, terms.data(), begin, end, past.data() + shift);
        kernels().finish_stores();
        for (std::size_t c = 0; c < kColumns + shift; ++c)
          EXPECT_EQ(past.data()[c], cached.data()[c]) << shift << " " << begin << " " << end;
        for (std::size_t c = begin; c < end; ++c)
          EXPECT_NEAR(past.data()[shift + c],
                      0.5 * rows[c] - 2.0 * rows[kColumns + c] + 3.0 * rows[2 * kColumns + c],
                      1e-5);
      }
}

TEST_P(KernelVariant, SeesTheOneNumberThatIsNotFinite) {
  std::vector<float> x(64, std::numeric_limits<float>::max());
  EXPECT_TRUE(kernels().all_finite(64, x.data()));
  for (const float bad : {kNan, kInfinity, -kInfinity})
    for (const std::size_t at : {0u, 31u, 63u}) {
      auto y = x;
      y[at] = bad;
      EXPECT_FALSE(kernels().all_finite(64, y.data()));
    }
}

TEST_P(KernelVariant, SumsSquaresToTheSameBitsInEveryVariant) {
  for (const std::size_t n : {0u, 1u, 15u, 16u, 17u, 100u}) {
    const auto x = Normals(n, 1);
    double sum = 0;
    for (const float value : x) sum += static_cast<double>(value) * value;
    const double got = kernels().sum_of_squares(n, x.data());
    EXPECT_NEAR(got, sum, 1e-13 * (1 + sum)) << n;
    EXPECT_EQ(got, PortableKernels().sum_of_squares(n, x.data())) << n;
  }
  const std::vector<float> large(32, 1e38f);
  EXPECT_NEAR(kernels().sum_of_squares(32, large.data()) / 32e76, 1, 1e-6) << "no overflow";
}

TEST_P(KernelVariant, UpdatesAgreeWithThePortableOnes) {
  constexpr std::size_t kN = 96;
  const AdamUpdate update{.weight_decay = 0.01f,
                          .beta1 = 0.9f,
                          .beta2 = 0.999f,
                          .rest1 = 0.1f,
                          .rest2 = 0.001f,
                          .step_size = 0.01f,
                          .root_scale = 33.0f,
                          .epsilon = 1e-8f};
  const auto run = [&](const Kernels& k) {
    const auto gradient = Normals(kN, 1);
    std::vector<std::vector<float>> all = {Normals(kN, 2), Normals(kN, 3), Normals(kN, 4)};
    for (float& v : all[2]) v *= v;
    const auto with = [&](std::size_t w, std::size_t moment1 = 2, std::size_t moment2 = 2) {
      return FlatParameters{.size = kN,
                            .gradient = gradient.data(),
                            .weights = all[w].data(),
                            .moments = {all[moment1].data(), all[moment2].data()}};
    };
    k.adam(update, with(0, 1, 2));
    all.push_back(Normals(kN, 5));
    const SgdUpdate sgd{.rate = 0.1f, .weight_decay = 0.01f, .momentum = 0.9f};
    k.sgd(sgd, with(3));
    all.push_back(Normals(kN, 6));
    all.push_back(Normals(kN, 7));
    k.sgd_momentum(sgd, with(4, 5));
    const RmspropUpdate rmsprop{.rate = 0.01f,
                                .weight_decay = 0.01f,
                                .momentum = 0.9f,
                                .alpha = 0.99f,
                                .rest = 0.01f,
                                .epsilon = 1e-8f};
    for (std::uint64_t i = 8; i < 13; ++i) all.push_back(Normals(kN, i));
    k.rmsprop(rmsprop, with(6, 2));
    k.rmsprop_momentum(rmsprop, with(7, 2, 8));
    k.add_difference(kN, 0.3f, all[9].data(), gradient.data(), all[10].data());
    k.scale(kN, 0.3f, all[9].data());
    return all;
  };
  const auto expected = run(PortableKernels()), got = run(kernels());
  for (std::size_t a = 0; a < expected.size(); ++a)
    for (std::size_t i = 0; i < kN; ++i) EXPECT_NEAR(got[a][i], expected[a][i], 1e-6) << a;
}

}  // namespace
}  // namespace delstep
