#include "compression/compressors.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "tests/fakes/random_row.h"

namespace delstep {
namespace {

RowLayout LayoutOf(std::vector<std::int64_t> sizes) {
  RowLayout layout;
  for (std::size_t i = 0; i < sizes.size(); ++i)
    layout.Append("t" + std::to_string(i), {sizes[i]}, TensorSpec::Role::kParameter);
  return layout;
}

std::vector<float> Draw(const RowLayout& layout, std::uint64_t stream) {
  return fakes::RandomRow(layout, {5, stream});
}

std::unique_ptr<Compressor> Make(const std::string& name, double ratio = 0.1,
                                 std::size_t bits = 4) {
  Parts<MakeCompressor> parts("compression.name");
  AddCompressors(parts);
  CompressionOptions options;
  options.ratio = ratio;
  options.bits = bits;
  return (**parts.Find(name))(options).value();
}

double SquaredNorm(const std::vector<float>& row) {
  return std::inner_product(row.begin(), row.end(), row.begin(), 0.0);
}

std::vector<float> Difference(const std::vector<float>& a, const std::vector<float>& b) {
  std::vector<float> result(a.size());
  std::ranges::transform(a, b, result.begin(), std::minus<>());
  return result;
}

TEST(Compressors, NoneIsAnEmptyPointer) { EXPECT_EQ(Make("none"), nullptr); }

TEST(TopK, KeepsTheLargestMagnitudesAndOfEqualsTheFirst) {
  const RowLayout layout = LayoutOf({3, 7});
  std::vector<float> row(layout.floats);
  const std::vector<float> first = {1, -5, 2}, second = {2, 0, -2, 3, 0.5f, 2, -1};
  std::ranges::copy(first, row.begin());
  std::ranges::copy(second, row.begin() + 16);
  // 3 of 10: |-5| and 3, and of the four of magnitude 2 the first. 3 values of 4 bytes, and ten
  // bits for the places, which is less than 3 numbers.
  EXPECT_EQ(Make("top-k", 0.3)->Compress(layout, row, {}), 3 * 4 + 2);
  std::vector<float> expected(layout.floats);
  expected[1] = -5;
  expected[2] = 2;
  expected[16 + 3] = 3;
  EXPECT_EQ(row, expected);
}

TEST(TopK, ListsPlacesWhereThatTakesFewerBytes) {
  const RowLayout layout = LayoutOf({1000});
  std::vector<float> row = Draw(layout, 1);
  EXPECT_EQ(Make("top-k", 0.01)->Compress(layout, row, {}), 10 * 4 + 10 * 4);  // 125 as bits
}

TEST(Sparsification, KeepsAtLeastOneValueAndAtMostAll) {
  for (const char* name : {"top-k", "random-k"}) {
    const RowLayout layout = LayoutOf({5});
    std::vector<float> row(layout.floats, 0.0f);
    std::fill_n(row.begin(), 5, 1.0f);
    Make(name, 1e-6)->Compress(layout, row, {});
    EXPECT_EQ(SquaredNorm(row), 1) << name;
    std::fill_n(row.begin(), 5, 1.0f);
    Make(name, 1)->Compress(layout, row, {});
    EXPECT_EQ(SquaredNorm(row), 5) << name;
  }
}

TEST(RandomK, DrawsEveryPlaceEquallyOften) {
  const RowLayout layout = LayoutOf({4, 6});
  const auto random_k = Make("random-k", 0.3);
  std::vector<int> kept(layout.floats);
  constexpr int kDraws = 4000;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    std::vector<float> row(layout.floats, 0.0f);
    for (const TensorSpec& tensor : layout.tensors)
      std::fill_n(row.begin() + static_cast<std::ptrdiff_t>(tensor.offset), tensor.floats, 1.0f);
    EXPECT_EQ(random_k->Compress(layout, row, {3, i}), 3 * 4 + 8);
    EXPECT_EQ(SquaredNorm(row), 3);
    for (std::size_t c = 0; c < row.size(); ++c) kept[c] += row[c] != 0 ? 1 : 0;
  }
  // Binomial with p = 0.3: five deviations are 5 * sqrt(4000 * 0.3 * 0.7) = 145.
  for (const TensorSpec& tensor : layout.tensors)
    for (std::size_t i = 0; i < tensor.floats; ++i)
      EXPECT_NEAR(kept[tensor.offset + i], 0.3 * kDraws, 145);
}

TEST(Int8, RoundsToTheNearestOf255Steps) {
  const RowLayout layout = LayoutOf({4, 2});
  std::vector<float> row(layout.floats);
  const std::vector<float> first = {127, -1.4f, 0.6f, -127};
  std::ranges::copy(first, row.begin());
  row[16] = 2;
  row[17] = -1.01f;  // a step is 2 / 127 = 0.01575: -64.1 steps
  EXPECT_EQ(Make("int8")->Compress(layout, row, {}), 6 + 2 * 4);
  EXPECT_EQ(row[1], -1);
  EXPECT_EQ(row[2], 1);
  EXPECT_FLOAT_EQ(row[17], -64 * 2.0f / 127);
}

TEST(Stochastic, IsRightOnAverageAndOffByLessThanALevel) {
  const RowLayout layout = LayoutOf({5});
  const std::vector<float> values = {0.7f, -0.35f, 0.1f, 0, 0.02f};
  const auto stochastic = Make("stochastic", 0.1, 3);  // 3 levels of 0.7 / 3
  std::vector<double> sums(5);
  constexpr int kDraws = 20000;
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    std::vector<float> row(layout.floats);
    std::ranges::copy(values, row.begin());
    EXPECT_EQ(stochastic->Compress(layout, row, {4, i}), 2 + 4);  // 15 bits and a scale
    for (std::size_t c = 0; c < 5; ++c) {
      EXPECT_LE(std::abs(row[c] - values[c]), 0.7f / 3 + 1e-6f);
      sums[c] += row[c];
    }
  }
  // The deviation of one draw is at most half a level: 5 * 0.117 / sqrt(20000) = 0.0041.
  for (std::size_t c = 0; c < 5; ++c) EXPECT_NEAR(sums[c] / kDraws, values[c], 0.0041);
}

TEST(Stochastic, CountsAScaleForEachRunOf512) {
  const RowLayout layout = LayoutOf({513, 100});
  std::vector<float> row = Draw(layout, 2);
  EXPECT_EQ(Make("stochastic", 0.1, 4)->Compress(layout, row, {}), (613 * 4 + 7) / 8 + 3 * 4);
}

// A NaN was passed over where the largest was looked for, and became 0: receivers kept what they had of a
// node that had diverged.
TEST(Quantization, OfATensorWithANumberThatIsNotFiniteIsNoNumber) {
  const RowLayout layout = LayoutOf({3, 3});
  const float infinity = std::numeric_limits<float>::infinity(), none = std::nanf("");
  for (const char* name : {"int8", "stochastic"})
    for (const std::vector<float>& bad :
         {std::vector<float>{none, none, none}, std::vector<float>{0, 1, none},
          std::vector<float>{none, 1, 0}, std::vector<float>{1, -infinity, 0}}) {
      SCOPED_TRACE(name);
      std::vector<float> row(layout.floats);
      std::ranges::copy(bad, row.begin());
      row[16] = 2;
      Make(name)->Compress(layout, row, {1, 2});
      for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(std::isnan(row[i])) << i;
      EXPECT_EQ(row[3], 0) << "a gap";
      EXPECT_EQ(row[16], 2) << "another tensor: its largest value is a level";
    }
}

TEST(TopK, TakesWhatIsNoNumberForInfinite) {
  // 40 of 100: the 20 that are none, wherever they stand, and the largest of 0 to 99.
  const RowLayout layout = LayoutOf({100});
  for (const std::size_t first : {0, 33, 80}) {
    std::vector<float> row(layout.floats);
    std::iota(row.begin(), row.begin() + 100, 0.0f);
    std::fill_n(row.begin() + static_cast<std::ptrdiff_t>(first), 20, std::nanf(""));
    std::vector<float> largest = row;
    std::erase_if(largest, [](float x) { return std::isnan(x); });
    std::ranges::sort(largest, std::greater<>());
    Make("top-k", 0.4)->Compress(layout, row, {});
    std::size_t none = 0;
    for (std::size_t i = 0; i < 100; ++i) {
      if (std::isnan(row[i]))
        ++none;
      else
        EXPECT_EQ(row[i], static_cast<float>(i) >= largest[19] ? static_cast<float>(i) : 0.0f) << i;
    }
    EXPECT_EQ(none, 20u);
  }
}

/// Stich et al. 2018, definition 2.1: E|x - C(x)|^2 <= (1 - k / d) |x|^2, for top-k always.
RC_GTEST_PROP(TopK, IsAContraction, ()) {
  const auto size = *rc::gen::inRange<std::int64_t>(1, 600);
  const RowLayout layout = LayoutOf({size, 3});
  const std::vector<float> row = Draw(layout, *rc::gen::arbitrary<std::uint64_t>());
  auto decoded = row;
  const double ratio = *rc::gen::inRange(1, 101) / 100.0;
  Make("top-k", ratio)->Compress(layout, decoded, {});
  const double d = static_cast<double>(layout.payload);
  const double k = std::max(1.0, std::round(ratio * d));
  RC_ASSERT(SquaredNorm(Difference(row, decoded)) <= (1 - k / d) * SquaredNorm(row) + 1e-9);
}

RC_GTEST_PROP(Compressors, LeaveGapsAndZeroRowsAlone, ()) {
  const auto size = *rc::gen::inRange<std::int64_t>(1, 700);
  const RowLayout layout = LayoutOf({3, size});
  for (const char* name : {"top-k", "random-k", "int8", "stochastic"}) {
    const RandomKey key{1, *rc::gen::arbitrary<std::uint64_t>()};
    auto row = Draw(layout, 9);
    Make(name)->Compress(layout, row, key);
    for (std::size_t gap = 3; gap < 16; ++gap) RC_ASSERT(row[gap] == 0);
    std::vector<float> zeros(layout.floats);
    Make(name)->Compress(layout, zeros, key);
    RC_ASSERT(SquaredNorm(zeros) == 0);
  }
}

}  // namespace
}  // namespace delstep
