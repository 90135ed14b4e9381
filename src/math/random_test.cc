#include "delstep/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "math/kernels.h"

namespace delstep {
namespace {

constexpr int kDraws = 200000;

struct Moments {
  double mean = 0, variance = 0;
};
template <class Draw>
Moments MomentsOf(Draw draw) {
  double sum = 0, squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = draw();
    sum += x;
    squares += x * x;
  }
  const double mean = sum / kDraws;
  return {mean, squares / kDraws - mean * mean};
}
// The mean of n draws has deviation sqrt(variance / n): five of them are a bound that a right
// generator keeps.
double FiveSigma(double variance) { return 5 * std::sqrt(variance / kDraws); }

TEST(Random, IsPhilox4x32WithTenRounds) {
  // Known answer of Salmon et al.: counter 0, key 0.
  Random random(RandomKey{0, 0});
  EXPECT_EQ(random.Next32(), 0x6627e8d5u);
  EXPECT_EQ(random.Next32(), 0xe169c58du);
  EXPECT_EQ(random.Next32(), 0xbc57ac4cu);
  EXPECT_EQ(random.Next32(), 0x9b00dbd8u);
}

TEST(Random, StreamsOfOtherNamesDiffer) {
  std::set<std::uint64_t> streams;
  for (const auto purpose : {Purpose::kInitialise, Purpose::kTrain, Purpose::kLoss})
    for (std::uint64_t who = 0; who < 100; ++who)
      for (std::uint64_t use = 0; use < 100; ++use)
        streams.insert(MakeKey(7, purpose, who, use).stream);
  EXPECT_EQ(streams.size(), 3u * 100 * 100);
  EXPECT_NE(Derive(MakeKey(7, Purpose::kTrain), 0), MakeKey(7, Purpose::kTrain));
}

TEST(Random, FillTakesTheSameWordsAsOneByOne) {
  Random one(MakeKey(7, Purpose::kTrain)), other = one;
  std::vector<std::uint32_t> words(11);
  one.Next32();
  other.Next32();
  one.Fill(words);
  for (const std::uint32_t word : words) EXPECT_EQ(word, other.Next32());
  EXPECT_EQ(one.Next64(), other.Next64());
}

TEST(Random, FillsWithTheNextWordsFromAnyPlaceOnWhicheverKernels) {
  const RandomKey key = MakeKey(3, Purpose::kTrain, 1ull << 40);
  for (const std::size_t skipped : {0u, 1u, 4u, 7u})
    for (const std::size_t size : {0u, 1u, 3u, 4u, 21u, 400u})
      for (const bool portable : {false, true}) {
        Random one(key), other(key);
        for (std::size_t i = 0; i < skipped; ++i) EXPECT_EQ(one.Next32(), other.Next32());
        std::vector<std::uint32_t> words(size);
        one.Fill(words, portable);
        for (const std::uint32_t word : words) EXPECT_EQ(word, other.Next32());
        EXPECT_EQ(one.Next32(), other.Next32()) << "the stream goes on behind them";
      }
  // Block numbers beyond 32 bits.
  std::vector<std::uint32_t> expected(80);
  PortableKernels().philox(key, 0xffff'fffa, 20, expected.data());
  for (const Kernels* kernels : RunnableKernels()) {
    std::vector<std::uint32_t> words(80);
    kernels->philox(key, 0xffff'fffa, 20, words.data());
    EXPECT_EQ(words, expected) << kernels->name;
  }
}

TEST(Random, UniformHasMeanOneHalfAndVarianceOneTwelfth) {
  Random random(MakeKey(1, Purpose::kTrain));
  const Moments moments = MomentsOf([&] { return random.Uniform(); });
  EXPECT_NEAR(moments.mean, 0.5, FiveSigma(1.0 / 12));
  EXPECT_NEAR(moments.variance, 1.0 / 12, 0.001);
}

TEST(Random, BelowHitsEveryNumberEquallyOften) {
  Random random(MakeKey(2, Purpose::kTrain));
  std::vector<int> counts(7);
  for (int i = 0; i < kDraws; ++i) ++counts[random.Below(7)];
  const double expected = kDraws / 7.0;
  for (const int count : counts) EXPECT_NEAR(count, expected, 5 * std::sqrt(expected));
  EXPECT_EQ(random.Below(1), 0u);
}

TEST(Random, NormalHasMeanZeroAndVarianceOne) {
  Random random(MakeKey(3, Purpose::kTrain));
  const Moments moments = MomentsOf([&] { return random.Normal(); });
  EXPECT_NEAR(moments.mean, 0, FiveSigma(1));
  EXPECT_NEAR(moments.variance, 1, 5 * std::sqrt(2.0 / kDraws));
}

TEST(Random, ExponentialHasMeanOneAndVarianceOne) {
  Random random(MakeKey(4, Purpose::kTrain));
  const Moments moments = MomentsOf([&] { return random.Exponential(); });
  EXPECT_NEAR(moments.mean, 1, FiveSigma(1));
  EXPECT_NEAR(moments.variance, 1, 0.05);
}

TEST(Random, GammaHasMeanAndVarianceOfItsShape) {
  for (const double shape : {0.3, 1.0, 4.5}) {
    Random random(MakeKey(5, Purpose::kTrain));
    const Moments moments = MomentsOf([&] { return random.Gamma(shape); });
    EXPECT_NEAR(moments.mean, shape, FiveSigma(shape)) << shape;
    EXPECT_NEAR(moments.variance, shape, 0.05 * shape + 0.02) << shape;
  }
}

TEST(Random, DirichletSumsToOneAlsoWhereEveryGammaUnderflows) {
  Random random(MakeKey(6, Purpose::kTrain));
  for (const double alpha : {1e-9, 0.1, 1.0, 100.0}) {
    const std::vector<double> alphas(10, alpha);
    const std::vector<double> parts = random.Dirichlet(alphas);
    EXPECT_NEAR(std::accumulate(parts.begin(), parts.end(), 0.0), 1, 1e-12) << alpha;
    for (const double part : parts) EXPECT_TRUE(part >= 0 && part <= 1) << alpha;
  }
}

TEST(Random, ShuffleIsAPermutationAndEveryPlaceIsEquallyLikely) {
  std::vector<int> first_places(5);
  for (std::uint64_t use = 0; use < 20000; ++use) {
    std::vector<int> items = {0, 1, 2, 3, 4};
    Random(MakeKey(7, Purpose::kDraw, 0, use)).Shuffle(std::span(items));
    ++first_places[static_cast<std::size_t>(items[0])];
    std::ranges::sort(items);
    ASSERT_EQ(items, (std::vector<int>{0, 1, 2, 3, 4}));
  }
  for (const int count : first_places) EXPECT_NEAR(count, 4000, 5 * std::sqrt(4000.0));
}

}  // namespace
}  // namespace delstep
