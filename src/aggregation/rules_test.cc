#include "aggregation/rules.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <vector>

namespace delstep {
namespace {

using ::testing::DoubleEq;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

PeerModel Peer(std::uint32_t node, std::uint64_t samples, std::uint32_t degree,
               std::span<const float> model = {}) {
  return {NodeId{node}, samples, degree, model};
}

std::vector<double> Weights(const AggregatorResult& rule, const std::vector<PeerModel>& models) {
  std::vector<double> weights(models.size(), -1);
  EXPECT_TRUE(std::get<std::unique_ptr<WeightRule>>(*rule)->Weigh(models, weights));
  return weights;
}

using Rows = std::vector<std::vector<float>>;

// Models of one row each; nodes are numbered as they come.
std::vector<PeerModel> ModelsOf(const Rows& rows) {
  std::vector<PeerModel> models;
  for (const auto& row : rows) {
    models.push_back(Peer(static_cast<std::uint32_t>(models.size()), 1, 2, row));
  }
  return models;
}

Result<std::vector<float>> Merged(const AggregatorResult& rule, const Rows& rows) {
  std::vector<float> out(rows[0].size(), -1);
  DELSTEP_TRY(std::get<std::unique_ptr<MergeRule>>(*rule)->Merge(ModelsOf(rows), out));
  return out;
}

Result<std::size_t> Selected(const AggregatorResult& rule, const std::vector<PeerModel>& models) {
  return std::get<std::unique_ptr<SelectionRule>>(*rule)->Select(models);
}

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(Encounter, WeighsByTrainingSetSize) {
  EXPECT_THAT(Weights(MakeEncounter({}), {Peer(4, 100, 0), Peer(1, 300, 0), Peer(2, 0, 0)}),
              ElementsAre(0.25, 0.75, 0.0));
}

TEST(Encounter, WeighsEquallyWhereNobodyHasData) {
  EXPECT_THAT(Weights(MakeEncounter({}), {Peer(0, 0, 0), Peer(1, 0, 0)}), ElementsAre(0.5, 0.5));
}

TEST(FedAvg, DiffersFromEncounterOnlyInWhatItSees) {
  EXPECT_THAT(Weights(MakeFedAvg({}), {Peer(4, 100, 0), Peer(1, 300, 0)}), ElementsAre(0.25, 0.75));
  EXPECT_EQ(SeesOf(*MakeEncounter({})), AggregationRule::Sees::kEncounters);
  EXPECT_EQ(SeesOf(*MakeFedAvg({})), AggregationRule::Sees::kInbox);
}

TEST(Dpsgd, TakesTheLargerDegreeOfEachPair) {
  // A node with two neighbours: 1 / (1 + max(2, 1)), 1 / (1 + max(2, 4)) and the rest.
  EXPECT_THAT(Weights(MakeDpsgd({}), {Peer(0, 9, 2), Peer(1, 1, 1), Peer(2, 5, 4)}),
              ElementsAre(DoubleEq(1 - 1.0 / 3 - 1.0 / 5), DoubleEq(1.0 / 3), DoubleEq(1.0 / 5)));
}

TEST(Dpsgd, GivesTheWeightOfAMissingNeighbourToSelf) {
  // Four neighbours of degree 4, two of them heard: 2 * 1/5 for them, 3/5 for self.
  EXPECT_THAT(Weights(MakeDpsgd({}), {Peer(0, 1, 4), Peer(1, 1, 4), Peer(3, 1, 4)}),
              ElementsAre(DoubleEq(0.6), 0.2, 0.2));
}

TEST(Dpsgd, KeepsAShareForSelfWhenLinksWentAwayAfterSending) {
  // Three peers heard, no neighbour left on either side: 1 / (1 + 3) each.
  EXPECT_THAT(Weights(MakeDpsgd({}), {Peer(0, 1, 0), Peer(1, 1, 0), Peer(2, 1, 0), Peer(3, 1, 0)}),
              ElementsAre(0.25, 0.25, 0.25, 0.25));
}

TEST(Dpsgd, IsDoublyStochasticOnAGraph) {
  // The path 0 - 1 - 2, every message arrived: each column of the weights sums to 1 as well.
  const auto first = Weights(MakeDpsgd({}), {Peer(0, 1, 1), Peer(1, 1, 2)});
  const auto second = Weights(MakeDpsgd({}), {Peer(1, 1, 2), Peer(0, 1, 1), Peer(2, 1, 1)});
  EXPECT_THAT(first[0] + second[1], DoubleNear(1, 1e-15));
  EXPECT_THAT(first[1] + second[0] + second[2], DoubleNear(1, 1e-15));
}

TEST(Median, IsTheMiddleOfAnOddNumber) {
  EXPECT_THAT(*Merged(MakeMedian({}), {{5, 1}, {-2, 3}, {4, 2}}), ElementsAre(4, 2));
}

TEST(Median, IsTheMeanOfTheMiddleTwoOfAnEvenNumber) {
  EXPECT_THAT(*Merged(MakeMedian({}), {{5}, {-2}, {4}, {1000}}), ElementsAre(4.5f));
}

TEST(Median, StandsAMinorityOfNanAndInfinity) {
  EXPECT_THAT(*Merged(MakeMedian({}), {{1}, {kNan}, {2}, {-kInfinity}, {3}}), ElementsAre(2));
}

TEST(TrimmedMean, CutsTheShareAtEachEnd) {
  // floor(0.2 * 5) = 1 at each end: (2 + 3 + 10) / 3.
  AggregationOptions options{.trim = 0.2};
  EXPECT_THAT(*Merged(MakeTrimmedMean(options), {{10}, {2}, {-90}, {3}, {99}}), ElementsAre(5));
}

TEST(TrimmedMean, CutsNothingWhereTheShareIsLessThanOneModel) {
  AggregationOptions options{.trim = 0.1};
  EXPECT_THAT(*Merged(MakeTrimmedMean(options), {{1}, {2}, {9}}), ElementsAre(4));
}

TEST(TrimmedMean, TakesTheShareAsItIsWritten) {
  // 0.29 * 100 is a little less than 29 in binary. The values are k * k for k in 0..99 and 29 are
  // cut at each end: sum over k in 29..70 of k * k = 116795 - 7714, of 42 values.
  std::vector<std::vector<float>> rows;
  for (int k = 0; k < 100; ++k) rows.push_back({static_cast<float>(k * k)});
  AggregationOptions options{.trim = 0.29};
  EXPECT_THAT(*Merged(MakeTrimmedMean(options), rows), ElementsAre(109081.0f / 42));
}

TEST(TrimmedMean, AlwaysKeepsAModel) {
  AggregationOptions options{.trim = std::nextafter(0.5, 0.0)};
  EXPECT_THAT(*Merged(MakeTrimmedMean(options), {{1}, {2}, {4}, {90}}), ElementsAre(3));
}

TEST(TrimmedMean, RefusesAShareThatLeavesNothing) {
  for (const double trim : {-0.1, 0.5, 7.0, std::nan("")}) {
    const auto rule = MakeTrimmedMean({.trim = trim});
    ASSERT_FALSE(rule);
    EXPECT_EQ(rule.error().code, ErrorCode::kUsage);
    EXPECT_THAT(rule.error().message, HasSubstr("aggregation.trim"));
    EXPECT_EQ(rule.error().key, "aggregation.trim");
  }
}

TEST(Krum, ChoosesTheModelClosestToItsFellows) {
  // m = 5, f = 1: two closest each. Scores of 0, 1, 3, 8, 100: 1+9, 1+4, 4+9, 25+49, 92^2+97^2.
  const Rows rows{{8}, {100}, {1}, {0}, {3}};
  EXPECT_EQ(*Selected(MakeKrum({}), ModelsOf(rows)), 2u) << "the model 1";
}

TEST(Krum, BreaksTiesByTheLowestNode) {
  // m = 3, f = 0: one closest each. Nodes 7 and 2 score 1, node 5 scores 16.
  const std::vector<float> a{0}, b{4}, c{5};
  const std::vector<PeerModel> models{Peer(7, 1, 2, c), Peer(2, 1, 2, b), Peer(5, 1, 2, a)};
  EXPECT_EQ(*Selected(MakeKrum({.byzantine = 0}), models), 1u) << "node 2";
}

TEST(Krum, RefusesTooFewModelsAndNamesBothNumbers) {
  const Rows rows(6, {1});
  const auto selected = Selected(MakeKrum({.byzantine = 2}), ModelsOf(rows));
  ASSERT_FALSE(selected);
  EXPECT_EQ(selected.error().code, ErrorCode::kRefused);
  EXPECT_THAT(selected.error().message, HasSubstr("at least 7"));
  EXPECT_THAT(selected.error().message, HasSubstr("has 6"));
}

TEST(Krum, NeverChoosesAModelWithANan) {
  const Rows rows{{kNan, 1}, {4, 1}, {5, 1}, {4.5f, 1}, {7, 1}};
  EXPECT_EQ(*Selected(MakeKrum({}), ModelsOf(rows)), 3u) << "4.5, between 4 and 5";
}

TEST(Krum, RefusesMoreAttackersThanThereCanBeNodes) {
  const auto rule = MakeKrum({.byzantine = std::numeric_limits<std::size_t>::max()});
  ASSERT_FALSE(rule);
  EXPECT_EQ(rule.error().code, ErrorCode::kUsage);
  EXPECT_THAT(rule.error().message, HasSubstr("aggregation.byzantine"));
  EXPECT_EQ(rule.error().key, "aggregation.byzantine");
}

TEST(AddAggregators, EntersEveryRuleThatTheManualNames) {
  Parts<MakeAggregator> parts("aggregation.name");
  AddAggregators(parts);
  std::vector<std::string> names;
  for (const auto& entry : parts.entries()) names.push_back(entry.name);
  EXPECT_THAT(names, ElementsAre("encounter", "fedavg", "dpsgd", "median", "trimmed-mean", "krum"));
}

}  // namespace
}  // namespace delstep
