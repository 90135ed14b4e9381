#include "user_models/own_aggregator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <stdexcept>
#include <vector>

namespace delstep {
namespace {

using testing::HasSubstr;

/// A rule that does what it is told.
struct Weights final : WeightRule {
  explicit Weights(std::vector<double> told) : weights(std::move(told)) {}
  Sees sees() const override { return Sees::kEncounters; }
  std::vector<double> weights;

 private:
  Result<void> DoWeigh(std::span<const PeerModel>, std::span<double> out) const override {
    std::ranges::copy(weights, out.begin());
    return {};
  }
};
struct Merge final : MergeRule {
  explicit Merge(std::function<void(std::span<float>)> told) : write(std::move(told)) {}
  Sees sees() const override { return Sees::kInbox; }
  std::function<void(std::span<float>)> write;

 private:
  Result<void> DoMerge(std::span<const PeerModel>, std::span<float> out) const override {
    write(out);
    return {};
  }
};

const std::vector<float> kA = {1, 2, 0, 0}, kB = {3, 4, 0, 0};
const std::vector<PeerModel> kModels = {
    {.node = NodeId{0}, .samples = 1, .degree = 1, .model = kA},
    {.node = NodeId{1}, .samples = 1, .degree = 1, .model = kB}};

Result<void> WeighWith(std::vector<double> told) {
  const Aggregator rule = GuardRule(std::make_unique<Weights>(std::move(told)), "mine.cpp");
  std::vector<double> weights(2);
  return std::get<std::unique_ptr<WeightRule>>(rule)->Weigh(kModels, weights);
}

TEST(OwnAggregator, WeightsThatDoNotSumToOneAreAnErrorThatNamesTheFile) {
  EXPECT_TRUE(WeighWith({0.25, 0.75}));
  EXPECT_THAT(WeighWith({1, 0.5}).error().message,
              HasSubstr("mine.cpp: the 2 weights of DoWeigh() sum to 1.5, not to 1"));
  EXPECT_FALSE(WeighWith({1})) << "the second one was left out";
  EXPECT_FALSE(WeighWith({INFINITY, -INFINITY}));
}

TEST(OwnAggregator, KeepsTheKindAndWhatTheRuleSees) {
  EXPECT_EQ(SeesOf(GuardRule(std::make_unique<Weights>(std::vector<double>{}), "mine.cpp")),
            AggregationRule::Sees::kEncounters);
  EXPECT_EQ(SeesOf(GuardRule(std::make_unique<Merge>([](std::span<float>) {}), "mine.cpp")),
            AggregationRule::Sees::kInbox);
}

TEST(OwnAggregator, NumbersMustBeFiniteAndStayAsTheyWereWritten) {
  std::vector<float> out(4, 7);
  const auto merge = [&](std::function<void(std::span<float>)> write) {
    const Aggregator rule = GuardRule(std::make_unique<Merge>(std::move(write)), "mine.cpp");
    return std::get<std::unique_ptr<MergeRule>>(rule)->Merge(kModels, out);
  };
  EXPECT_TRUE(merge([](std::span<float> row) { std::ranges::fill(row, 5.0f); }));
  EXPECT_EQ(out, (std::vector<float>{5, 5, 5, 5})) << "0 in every model is no sign of a gap";
  EXPECT_THAT(merge([](std::span<float> row) { row[0] = 1; }).error().message,
              HasSubstr("mine.cpp: DoMerge() leaves number 1 of 4 at nan"));
  EXPECT_THAT(merge([](std::span<float>) { throw std::runtime_error("no"); }).error().message,
              HasSubstr("mine.cpp: DoMerge() throws: no"));
}

}  // namespace
}  // namespace delstep
