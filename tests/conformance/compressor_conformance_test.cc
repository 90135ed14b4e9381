// What every compressor promises (include/delstep/compressor.h), whatever it leaves out.
#include <cmath>
#include <functional>
#include <map>
#include <thread>

#include "compression/compressors.h"
#include "tests/conformance/part_names.h"
#include "tests/fakes/random_row.h"

namespace delstep {
namespace {

Parts<MakeCompressor> Compressors() {
  Parts<MakeCompressor> parts("compression.name");
  AddCompressors(parts);
  return parts;
}

std::unique_ptr<Compressor> Make(const std::string& name, double ratio = 0.25) {
  CompressionOptions options;
  options.ratio = ratio;
  options.bits = 4;
  return (**Compressors().Find(name))(options).value();
}

/// All but those that compress nothing.
std::vector<std::string> Names() {
  std::vector<std::string> names = NamesOfPresent(Compressors());
  std::erase_if(names, [](const std::string& name) { return !Make(name); });
  return names;
}

RowLayout LayoutOf(const std::vector<std::int64_t>& sizes) {
  RowLayout layout;
  for (std::size_t i = 0; i < sizes.size(); ++i)
    layout.Append("t" + std::to_string(i), {sizes[i]}, TensorSpec::Role::kParameter);
  return layout;
}

/// One value, one tensor, no multiple of 16, more than one run of 512, a tensor without elements.
const std::vector<std::vector<std::int64_t>> kShapes = {{1},        {16},   {3, 7},
                                                        {513, 100}, {0, 5}, {1, 1}};

std::vector<float> Draw(const RowLayout& layout, std::uint64_t stream) {
  return fakes::RandomRow(layout, {7, stream});
}

double Norm(const std::vector<float>& row) {
  double sum = 0;
  for (const float x : row) sum += static_cast<double>(x) * x;
  return std::sqrt(sum);
}

class CompressorConformance : public testing::TestWithParam<std::string> {
 protected:
  std::vector<float> Decoded(const RowLayout& layout, std::vector<float> row, RandomKey key) const {
    compressor_->Compress(layout, row, key);
    return row;
  }

  const std::unique_ptr<Compressor> compressor_ = Make(GetParam());
};

INSTANTIATE_TEST_SUITE_P(All, CompressorConformance, testing::ValuesIn(Names()), NameOfPart);

// The bytes that compression/compressors.h declares, of d parameters in t tensors, at 4 bits;
// k = max(1, round(ratio d)).
using Declared = std::function<std::size_t(const RowLayout&, std::size_t k)>;
const std::map<std::string, Declared> kDeclared = {
    {"top-k", [](const RowLayout& layout,
                 std::size_t k) { return 4 * k + std::min(4 * k, (layout.payload + 7) / 8); }},
    {"random-k", [](const RowLayout&, std::size_t k) { return 4 * k + 8; }},
    {"int8", [](const RowLayout& layout,
                std::size_t) { return layout.payload + 4 * layout.tensors.size(); }},
    {"stochastic",
     [](const RowLayout& layout, std::size_t) {
       std::size_t runs = 0;
       for (const TensorSpec& tensor : layout.tensors) runs += (tensor.floats + 511) / 512;
       return (layout.payload * 4 + 7) / 8 + 4 * runs;
     }},
};

TEST_P(CompressorConformance, TakesTheBytesThatAreDeclared) {
  const auto declared = kDeclared.find(GetParam());
  ASSERT_NE(declared, kDeclared.end()) << "say above how many bytes it takes";
  for (const double ratio :
       {0.25, 0.01})  // of 613: 153 are listed by 77 bytes of bits, 6 by number
    for (const auto& shape : kShapes) {
      const RowLayout layout = LayoutOf(shape);
      const auto kept = std::lround(ratio * static_cast<double>(layout.payload));
      std::vector<float> row = Draw(layout, 1);
      EXPECT_EQ(Make(GetParam(), ratio)->Compress(layout, row, {1, 1}),
                declared->second(layout, static_cast<std::size_t>(std::max(1L, kept))))
          << layout.payload << " parameters, ratio " << ratio;
    }
}

TEST_P(CompressorConformance, TakesFewerBytesThanARowOfSomeLengthAndNoFewerForEqualValues) {
  const RowLayout layout = LayoutOf({513, 100});
  std::vector<float> row = Draw(layout, 2), zeros(layout.floats);
  const Bytes bytes = compressor_->Compress(layout, row, {1, 2});
  EXPECT_GT(bytes, 0u);
  EXPECT_LT(bytes, 4 * layout.payload);
  EXPECT_EQ(compressor_->Compress(layout, zeros, {1, 3}), bytes)
      << "the size depends on the layout alone";
}

TEST_P(CompressorConformance, KeepsSignsAndGoesNowhereBeyondTheLargestValue) {
  for (const auto& shape : kShapes) {
    const RowLayout layout = LayoutOf(shape);
    const std::vector<float> row = Draw(layout, 3);
    float largest = 0;
    for (const float x : row) largest = std::max(largest, std::abs(x));
    const std::vector<float> decoded = Decoded(layout, row, {1, 4});
    for (std::size_t i = 0; i < row.size(); ++i) {
      ASSERT_TRUE(std::isfinite(decoded[i]));
      ASSERT_GE(decoded[i] * row[i], 0) << row[i] << " became " << decoded[i];
      ASSERT_LE(std::abs(decoded[i]), largest * 1.000001f) << row[i] << " became " << decoded[i];
      // So it is off by no more than the largest value.
      ASSERT_LE(std::abs(decoded[i] - row[i]), largest * 1.000001f);
    }
  }
}

TEST_P(CompressorConformance, KeepsGapsAndRowsOfZerosZero) {
  for (const auto& shape : kShapes) {
    const RowLayout layout = LayoutOf(shape);
    const std::vector<float> decoded = Decoded(layout, Draw(layout, 4), {1, 5});
    std::vector<bool> is_gap(layout.floats, true);
    for (const TensorSpec& tensor : layout.tensors)
      for (std::size_t i = 0; i < tensor.floats; ++i) is_gap[tensor.offset + i] = false;
    for (std::size_t i = 0; i < decoded.size(); ++i)
      if (is_gap[i]) {
        ASSERT_EQ(decoded[i], 0);
      }
    const std::vector<float> zeros(layout.floats);
    EXPECT_EQ(Decoded(layout, zeros, {1, 6}), zeros);
  }
}

TEST_P(CompressorConformance, TakesEveryFiniteValue) {
  const RowLayout layout = LayoutOf({6});
  std::vector<float> row(layout.floats);
  const float extremes[] = {3.4e38f, -3.4e38f, 1e-45f, -1e-38f, 0, 1};
  std::ranges::copy(extremes, row.begin());
  for (const float x : Decoded(layout, row, {1, 7})) EXPECT_TRUE(std::isfinite(x));
  // The smallest there are, alone: a scale that is a part of them is 0.
  std::ranges::fill(row, 0.0f);
  row[0] = 1e-45f;
  for (const float x : Decoded(layout, row, {1, 8})) EXPECT_TRUE(std::isfinite(x));
}

TEST_P(CompressorConformance, IsAFunctionOfItsArguments) {
  const RowLayout layout = LayoutOf({513, 100});
  const std::vector<float> row = Draw(layout, 5);
  const std::vector<float> expected = Decoded(layout, row, {1, 9});
  Decoded(layout, Draw(layout, 6), {1, 10});  // leaves nothing behind
  EXPECT_EQ(Decoded(layout, row, {1, 9}), expected);
  const auto another = Make(GetParam());
  std::vector<float> by_another = row;
  another->Compress(layout, by_another, {1, 9});
  EXPECT_EQ(by_another, expected);
  std::vector<std::vector<float>> results(2);
  {
    std::vector<std::jthread> threads;
    for (auto& result : results)
      threads.emplace_back([&] { result = Decoded(layout, row, {1, 9}); });
  }
  EXPECT_EQ(results[0], expected);
  EXPECT_EQ(results[1], expected);
}

TEST_P(CompressorConformance, WithErrorFeedbackEverythingArrivesInTheEnd) {
  // Each round sends the same x and what was left out before. What has arrived and what is still
  // kept back is all that was to be sent; and what is kept back does not grow with the rounds, so
  // the mean of what arrives comes to x. At ratio 1/4 a value is sent every fourth round or so: a
  // few |x| wait at any time, which is below |x| / 10 per round after 200 rounds.
  constexpr int kRounds = 200;
  const RowLayout layout = LayoutOf({40, 3});
  const std::vector<float> x = Draw(layout, 7);
  std::vector<float> waiting(layout.floats);
  std::vector<double> arrived(layout.floats);
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    std::vector<float> input(layout.floats);
    for (std::size_t i = 0; i < x.size(); ++i) input[i] = x[i] + waiting[i];
    const std::vector<float> sent = Decoded(layout, input, {2, round});
    for (std::size_t i = 0; i < x.size(); ++i) {
      waiting[i] = input[i] - sent[i];
      arrived[i] += static_cast<double>(sent[i]);
    }
  }
  for (std::size_t i = 0; i < x.size(); ++i)
    EXPECT_NEAR(arrived[i] + static_cast<double>(waiting[i]), kRounds * static_cast<double>(x[i]),
                1e-3);
  EXPECT_LT(Norm(waiting), kRounds * Norm(x) / 10);
}

}  // namespace
}  // namespace delstep
