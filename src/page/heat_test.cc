#include "page/heat.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "delstep/random.h"

namespace delstep {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

std::shared_ptr<const MomentSample> SampleWith(MomentNumber number, std::vector<float> values,
                                               std::uint64_t sent = 0) {
  MomentSample sample{.number = number, .sent = sent};
  sample.columns["m"] = std::make_shared<const std::vector<float>>(std::move(values));
  return std::make_shared<const MomentSample>(std::move(sample));
}

using Way = std::vector<std::shared_ptr<const MomentSample>>;

TEST(HeatParts, CoverEverythingOnceInOrder) {
  for (const std::size_t count : {1u, 2u, 7u, 100u, 101u})
    for (const std::size_t parts : {1u, 2u, 3u, 7u, 50u, 1000u}) {
      const auto ranges = HeatParts(count, parts);
      EXPECT_EQ(ranges.size(), std::min(count, parts));
      std::size_t next = 0;
      for (const auto& [first, last] : ranges) {
        EXPECT_EQ(first, next);
        EXPECT_LE(first, last);
        next = last + 1;
      }
      EXPECT_EQ(next, count);
    }
  EXPECT_TRUE(HeatParts(0, 5).empty());
}

TEST(BinHeat, AveragesOverMomentsAndNodes) {
  // Two moments and three nodes in one column and two rows: nodes 2 and 0, then node 1.
  const Way way = {SampleWith(0, {1, 2, kNone}), SampleWith(1, {3, 4, 5})};
  const std::vector<std::size_t> order = {2, 0, 1};
  const HeatBins heat = BinHeat(way, "m", order, 1, 2);
  ASSERT_EQ(heat.bins.size(), 2u);
  // Three things in two rows: [0,0] and [1,2], so node 2 alone, then nodes 0 and 1.
  EXPECT_EQ(heat.bins[0].count, 1u);
  EXPECT_EQ(heat.bins[0].sum, 5);
  EXPECT_EQ(heat.bins[1].count, 4u);
  EXPECT_EQ(heat.bins[1].sum, 1 + 3 + 2 + 4);
  EXPECT_EQ(heat.bins[1].min, 1);
  EXPECT_EQ(heat.bins[1].max, 4);
}

TEST(BinHeat, LosesNothingWhateverTheSizesAre) {
  // Whole numbers, so that sums are exact in any order.
  Random rng(MakeKey(7, Purpose::kTopology));
  for (int round = 0; round < 50; ++round) {
    const std::size_t moments = 1 + rng.Below(40), nodes = 1 + rng.Below(60);
    Way way;
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t m = 0; m < moments; ++m) {
      std::vector<float> values(nodes, kNone);
      for (float& value : values) {
        if (rng.Below(4) == 0) continue;
        value = static_cast<float>(rng.Below(1000));
        sum += value;
        ++count;
      }
      way.push_back(SampleWith(m, std::move(values)));
    }
    std::vector<std::size_t> order(nodes);
    std::iota(order.rbegin(), order.rend(), 0);
    const HeatBins heat = BinHeat(way, "m", order, 1 + rng.Below(50), 1 + rng.Below(70));
    double binned = 0;
    std::size_t counted = 0;
    for (const HeatBin& bin : heat.bins) {
      binned += bin.sum;
      counted += bin.count;
    }
    EXPECT_EQ(binned, sum);
    EXPECT_EQ(counted, count);
  }
}

TEST(HeatJson, CountsThousandthsOfTheScale) {
  const Way way = {SampleWith(3, {0, 2}, 5), SampleWith(4, {1, kNone}, 12)};
  const std::vector<std::size_t> order = {0, 1};
  const auto json =
      nlohmann::json::parse(HeatJson(way, {.metric = "m", .columns = 10, .rows = 10}, order));
  EXPECT_EQ(json["scale"], nlohmann::json({0, 2}));
  EXPECT_EQ(json["columns"], nlohmann::json({{3, 3}, {4, 4}}));
  EXPECT_EQ(json["rows"], nlohmann::json({{0, 0}, {1, 1}}));
  EXPECT_EQ(json["mean"], nlohmann::json::parse("[[0,500],[1000,null]]"));
  EXPECT_EQ(json["min"], json["mean"]);
  EXPECT_EQ(json["sent"], nlohmann::json({5, 7}));
}

TEST(HeatJson, StaysBelow100KilobytesForThousandsOfNodesAndMoments) {
  Way way;
  for (std::size_t m = 0; m < 1500; ++m)
    way.push_back(SampleWith(1'000'000 + m, std::vector<float>(4000, 0.9995f), m * 1000));
  std::vector<std::size_t> order(4000);
  std::iota(order.begin(), order.end(), 0);
  const std::string json =
      HeatJson(way, {.metric = "m", .columns = 100'000, .rows = 100'000}, order);
  EXPECT_LE(json.size(), 100'000u);
  EXPECT_TRUE(nlohmann::json::accept(json));
}

TEST(HeatOrder, SortsByAccuracyAndByGroup) {
  const EvaluationScope scope{.kind = EvaluationScope::Kind::kLocal};
  MomentFacts facts;
  for (std::uint32_t i = 0; i < 3; ++i) facts.nodes.emplace_back().node = NodeId{i};
  facts.last_scope = scope;
  facts.nodes[0].last_tests = {{.scope = scope, .accuracy = 0.5}};
  facts.nodes[2].last_tests = {{.scope = scope, .accuracy = 0.9}};
  facts.groups = {{.name = "east", .members = {}}, {.name = "west", .members = {}}};
  facts.nodes[1].groups = {"east"};
  facts.nodes[0].groups = {"west"};
  EXPECT_EQ(HeatOrder("given", facts), (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_EQ(HeatOrder("accuracy", facts), (std::vector<std::size_t>{2, 0, 1}));
  EXPECT_EQ(HeatOrder("group", facts), (std::vector<std::size_t>{1, 0, 2}));
}

}  // namespace
}  // namespace delstep
