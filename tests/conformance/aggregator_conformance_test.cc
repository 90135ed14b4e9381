#include "tests/conformance/aggregator_conformance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <thread>
#include <vector>

#include "aggregation/rules.h"
#include "delstep/random.h"

namespace delstep {
namespace {

const std::string kWeights[] = {
    "encounter",
    "fedavg",
    "dpsgd",
};
const std::string kSelections[] = {
    "krum",
};
const std::string kRobust[] = {
    "median",
    "trimmed-mean",
    "krum",
};
INSTANTIATE_TEST_SUITE_P(Weights, AggregatorConformance, ::testing::ValuesIn(kWeights), RuleName);
INSTANTIATE_TEST_SUITE_P(Robust, AggregatorConformance, ::testing::ValuesIn(kRobust), RuleName);
INSTANTIATE_TEST_SUITE_P(Rules, WeightRuleConformance, ::testing::ValuesIn(kWeights), RuleName);
INSTANTIATE_TEST_SUITE_P(Rules, SelectionRuleConformance, ::testing::ValuesIn(kSelections),
                         RuleName);
INSTANTIATE_TEST_SUITE_P(Rules, RobustAggregatorConformance, ::testing::ValuesIn(kRobust),
                         RuleName);

constexpr std::size_t kLength = 200;  // no multiple of any vector or block
constexpr std::size_t kGap = 150;  // coordinates from here to kGapEnd are padding, 0 in every row
constexpr std::size_t kGapEnd = 160;

using Rows = std::vector<std::vector<float>>;

Aggregator Make(const std::string& name) {
  Parts<MakeAggregator> parts("aggregation.name");
  AddAggregators(parts);
  return (*parts.Find(name).value())(AggregationOptions{}).value();
}

Rows RandomRows(std::size_t count, std::uint64_t seed) {
  Random random(MakeKey(seed, Purpose::kInitialise));
  Rows rows(count, std::vector<float>(kLength));
  for (auto& row : rows) {
    for (float& value : row) value = static_cast<float>(random.Uniform(-1, 1));
    std::fill(row.begin() + kGap, row.begin() + kGapEnd, 0.0f);
  }
  return rows;
}

// The node itself is number 3, its peers are the others in order; sizes and degrees differ, one is
// 0.
std::vector<PeerModel> ModelsOf(const Rows& rows) {
  std::vector<PeerModel> models;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const auto node = static_cast<std::uint32_t>(k == 0 ? 3 : k <= 3 ? k - 1 : k);
    models.push_back({NodeId{node}, 100 * (k % 4), static_cast<std::uint32_t>(k % 5), rows[k]});
  }
  return models;
}

std::vector<double> WeightsOf(const WeightRule& rule, const std::vector<PeerModel>& models) {
  std::vector<double> weights(models.size(), std::nan(""));
  EXPECT_TRUE(rule.Weigh(models, weights));
  return weights;
}

// What the core makes of each kind of rule at rate 1.
Result<std::vector<float>> ResultOf(const SelectionRule& rule,
                                    const std::vector<PeerModel>& models) {
  DELSTEP_ASSIGN(const std::size_t selected, rule.Select(models));
  return std::vector<float>(models[selected].model.begin(), models[selected].model.end());
}

Result<std::vector<float>> ResultOf(const MergeRule& rule, const std::vector<PeerModel>& models) {
  std::vector<float> out(models[0].model.size(), std::numeric_limits<float>::quiet_NaN());
  DELSTEP_TRY(rule.Merge(models, out));
  return out;
}

Result<std::vector<float>> ResultOf(const WeightRule& rule, const std::vector<PeerModel>& models) {
  std::vector<float> out(models[0].model.size());
  const std::vector<double> weights = WeightsOf(rule, models);
  for (std::size_t c = 0; c < out.size(); ++c) {
    double sum = 0;
    for (std::size_t k = 0; k < models.size(); ++k) {
      sum += weights[k] * static_cast<double>(models[k].model[c]);
    }
    out[c] = static_cast<float>(sum);
  }
  return out;
}

Result<std::vector<float>> Aggregate(const Aggregator& rule, const std::vector<PeerModel>& models) {
  return std::visit([&](const auto& kind) { return ResultOf(*kind, models); }, rule);
}

TEST_P(AggregatorConformance, MakesOfEqualModelsThatModel) {
  const auto rule = Make(GetParam());
  for (const std::size_t count : {5u, 8u, 21u}) {
    const Rows rows(count, RandomRows(1, 1)[0]);
    const auto result = Aggregate(rule, ModelsOf(rows)).value();
    for (std::size_t c = 0; c < kLength; ++c) ASSERT_FLOAT_EQ(result[c], rows[0][c]);
  }
}

TEST_P(AggregatorConformance, DoesNotCareAboutTheOrderOfPeers) {
  const auto rule = Make(GetParam());
  const Rows rows = RandomRows(9, 2);
  std::vector<PeerModel> models = ModelsOf(rows);
  const auto expected = Aggregate(rule, models).value();
  Random random(MakeKey(2, Purpose::kGossip));
  for (int shuffle = 0; shuffle < 20; ++shuffle) {
    random.Shuffle(std::span(models).subspan(1));
    const auto result = Aggregate(rule, models).value();
    for (std::size_t c = 0; c < kLength; ++c) ASSERT_NEAR(result[c], expected[c], 1e-6f);
  }
}

TEST_P(WeightRuleConformance, GivesSharesThatSumToOne) {
  const Aggregator made = Make(GetParam());
  const auto* rule = std::get_if<std::unique_ptr<WeightRule>>(&made);
  ASSERT_TRUE(rule);
  for (std::size_t count = 1; count <= 30; ++count) {
    double sum = 0;
    for (const double weight : WeightsOf(**rule, ModelsOf(RandomRows(count, count)))) {
      EXPECT_GE(weight, 0);
      EXPECT_LE(weight, 1);
      sum += weight;
    }
    EXPECT_NEAR(sum, 1, 1e-12);
  }
}

TEST_P(SelectionRuleConformance, SelectsTheSameNodeInWhateverOrderPeersCome) {
  const Aggregator made = Make(GetParam());
  const auto* rule = std::get_if<std::unique_ptr<SelectionRule>>(&made);
  ASSERT_TRUE(rule);
  Random random(MakeKey(9, Purpose::kGossip));
  // Random models, of which one is best, and equal ones, of which any would do.
  for (const Rows& rows : {RandomRows(9, 9), Rows(9, RandomRows(1, 9)[0])}) {
    std::vector<PeerModel> models = ModelsOf(rows);
    const NodeId expected = models[(*rule)->Select(models).value()].node;
    for (int shuffle = 0; shuffle < 20; ++shuffle) {
      random.Shuffle(std::span(models).subspan(1));
      EXPECT_EQ(models[(*rule)->Select(models).value()].node, expected);
    }
  }
}

TEST_P(AggregatorConformance, LeavesASingleModelAsItIsOrRefuses) {
  const auto rule = Make(GetParam());
  const Rows rows = RandomRows(1, 3);
  const auto result = Aggregate(rule, ModelsOf(rows));
  if (result) {
    EXPECT_EQ(*result, rows[0]);
  } else {
    EXPECT_EQ(result.error().code, ErrorCode::kRefused);
  }
}

TEST_P(AggregatorConformance, KeepsGapsZero) {
  const auto result = Aggregate(Make(GetParam()), ModelsOf(RandomRows(7, 4))).value();
  for (std::size_t c = kGap; c < kGapEnd; ++c) EXPECT_EQ(result[c], 0);
}

TEST_P(AggregatorConformance, LeavesTheModelsUntouched) {
  const Rows rows = RandomRows(7, 5);
  const Rows copy = rows;
  ASSERT_TRUE(Aggregate(Make(GetParam()), ModelsOf(rows)));
  EXPECT_EQ(rows, copy);
}

TEST_P(AggregatorConformance, StaysWithinTheRangeOfTheModels) {
  const Rows rows = RandomRows(12, 6);
  const auto result = Aggregate(Make(GetParam()), ModelsOf(rows)).value();
  for (std::size_t c = 0; c < kLength; ++c) {
    const auto [low, high] = std::ranges::minmax(rows, {}, [&](const auto& row) { return row[c]; });
    ASSERT_GE(result[c], low[c] - 1e-6f);
    ASSERT_LE(result[c], high[c] + 1e-6f);
  }
}

TEST_P(AggregatorConformance, ServesTwoThreadsAtOnce) {
  const auto rule = Make(GetParam());
  const Rows rows = RandomRows(9, 7);
  const auto expected = Aggregate(rule, ModelsOf(rows)).value();
  std::vector<std::vector<float>> results(2);
  {
    std::vector<std::jthread> threads;
    for (auto& result : results) {
      threads.emplace_back([&] { result = Aggregate(rule, ModelsOf(rows)).value(); });
    }
  }
  EXPECT_EQ(results[0], expected);
  EXPECT_EQ(results[1], expected);
}

TEST_P(RobustAggregatorConformance, ResistsOneOutlier) {
  const auto rule = Make(GetParam());
  for (const float bad : {1e30f, -1e30f, std::numeric_limits<float>::infinity(),
                          std::numeric_limits<float>::quiet_NaN()}) {
    Rows rows = RandomRows(10, 8);
    for (std::size_t c = 0; c < kGap; ++c) rows[4][c] = bad;
    const auto result = Aggregate(rule, ModelsOf(rows)).value();
    for (const float value : result) {
      ASSERT_TRUE(value >= -1 && value <= 1) << value << " among honest values in [-1, 1]";
    }
  }
}

}  // namespace
}  // namespace delstep
