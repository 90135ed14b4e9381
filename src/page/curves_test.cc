#include "page/curves.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace delstep {
namespace {

using Json = nlohmann::json;

MomentFacts FactsWith(std::vector<double> accuracies) {
  MomentFacts facts{.nodes_ever = accuracies.size()};
  for (std::size_t i = 0; i < accuracies.size(); ++i) {
    const EvaluationScope local{.kind = EvaluationScope::Kind::kLocal};
    facts.nodes.emplace_back().node = static_cast<NodeId>(i);
    facts.nodes.back().last_tests = {{.scope = local, .loss = 1, .accuracy = accuracies[i]}};
  }
  return facts;
}

TEST(MomentSamples, LeadFromTheStartToAMomentOnItsOwnBranch) {
  //   0 -- 1 -- 2
  //        +--- 3
  MomentSamples samples;
  samples.Put(SampleOf(FactsWith({}), {}, {}), 0, std::nullopt);
  samples.Put(SampleOf(FactsWith({}), {}, {}), 1, 0);
  samples.Put(SampleOf(FactsWith({}), {}, {}), 2, 1);
  samples.Put(SampleOf(FactsWith({}), {}, {}), 3, 1);
  const auto numbers = [&](MomentNumber to) {
    std::vector<MomentNumber> list;
    for (const auto& sample : samples.Way(to)) list.push_back(sample->number);
    return list;
  };
  EXPECT_EQ(numbers(2), (std::vector<MomentNumber>{0, 1, 2}));
  EXPECT_EQ(numbers(3), (std::vector<MomentNumber>{0, 1, 3}));
  EXPECT_EQ(numbers(9), (std::vector<MomentNumber>{}));
}

TEST(MomentSamples, ShareColumnsThatStayTheSame) {
  MomentSamples samples;
  samples.Put(SampleOf(FactsWith({0.5, 0.25}), {}, {}), 0, std::nullopt);
  samples.Put(SampleOf(FactsWith({0.5, 0.25}), {}, {}), 1, 0);
  samples.Put(SampleOf(FactsWith({0.5, 0.75}), {}, {}), 2, 1);
  const auto way = samples.Way(2);
  EXPECT_EQ(way[0]->columns.at("test_acc:local"), way[1]->columns.at("test_acc:local"));
  EXPECT_NE(way[1]->columns.at("test_acc:local"), way[2]->columns.at("test_acc:local"));
  EXPECT_EQ(way[1]->columns.at("test_loss:local"), way[2]->columns.at("test_loss:local"));
}

TEST(MomentSamples, ForgetTheOldestBeyondTheirLimit) {
  MomentSamples samples(/*most_bytes=*/1);
  for (MomentNumber n = 0; n < 4; ++n)
    samples.Put(SampleOf(FactsWith({}), {}, {}), n, n == 0 ? std::nullopt : std::optional(n - 1));
  EXPECT_EQ(samples.size(), 1u);
  EXPECT_TRUE(samples.Has(3));
}

TEST(SampleOf, KnowsDistancesAndPlaces) {
  const std::vector<double> distances = {3, 4};
  const std::vector<Position> places = {{.x = 1, .y = 2}, {.x = 3, .y = 4}};
  const MomentSample sample = SampleOf(FactsWith({0, 0}), distances, places);
  // (3^2 + 4^2) / 2
  EXPECT_EQ(sample.consensus, 12.5);
  EXPECT_EQ(*sample.Find("distance"), (std::vector<float>{3, 4}));
  EXPECT_EQ(PlacesOf(sample), places);
  EXPECT_EQ(sample.Find("train_loss"), nullptr);
}

TEST(CurvesJson, HasTheSpreadOfEachMetricAndNullBeforeItsFirstValue) {
  MomentSamples samples;
  samples.Put(SampleOf({.nodes_ever = 2}, {}, {}), 0, std::nullopt);
  samples.Put(SampleOf(FactsWith({0.5, 1}), {}, {}), 1, 0);
  const auto way = samples.Way(1);
  const Json json = Json::parse(CurvesJson(way, 400, 2));
  EXPECT_EQ(json["moment"], Json({0, 1}));
  const Json& curve = json["metrics"]["test_acc:local"];
  EXPECT_EQ(curve["count"], Json({0, 2}));
  EXPECT_EQ(curve["mean"], Json::parse("[null,0.75]"));
  EXPECT_EQ(curve["std"], Json::parse("[null,0.25]"));
  EXPECT_EQ(curve["min"], Json::parse("[null,0.5]"));
  EXPECT_EQ(curve["max"], Json::parse("[null,1]"));
  EXPECT_EQ(curve["nodes"], Json::parse("[[null,0.5],[null,1]]"));
  EXPECT_EQ(json["metrics"]["consensus_distance"]["value"], Json::parse("[null,null]"));
}

TEST(CurvesJson, LeavesOutSingleNodesWhereThereAreMany) {
  MomentSamples samples;
  samples.Put(SampleOf(FactsWith(std::vector<double>(61, 0.5)), {}, {}), 0, std::nullopt);
  const auto way = samples.Way(0);
  const Json json = Json::parse(CurvesJson(way, 400, 61));
  EXPECT_FALSE(json["metrics"]["test_acc:local"].contains("nodes"));
}

TEST(Thinned, KeepsTheFirstAndTheLast) {
  MomentSamples samples;
  for (MomentNumber n = 0; n < 100; ++n)
    samples.Put({}, n, n == 0 ? std::nullopt : std::optional(n - 1));
  const auto way = samples.Way(99);
  const auto thin = Thinned(way, 4);
  ASSERT_EQ(thin.size(), 4u);
  // 0, 99/3, 2*99/3, 99
  EXPECT_EQ(thin[0]->number, 0u);
  EXPECT_EQ(thin[1]->number, 33u);
  EXPECT_EQ(thin[2]->number, 66u);
  EXPECT_EQ(thin[3]->number, 99u);
  EXPECT_EQ(Thinned(way, 1000).size(), 100u);
}

TEST(ConsensusJson, PutsEveryDistanceIntoABin) {
  MomentSamples samples;
  for (MomentNumber n = 0; n < 10; ++n) {
    const std::vector<double> distances = {0, 1, 1000, static_cast<double>(n + 1)};
    samples.Put(SampleOf(FactsWith({0, 0, 0, 0}), distances, {}), n,
                n == 0 ? std::nullopt : std::optional(n - 1));
  }
  const auto way = samples.Way(9);
  const Json json = Json::parse(ConsensusJson(way));
  EXPECT_EQ(json["bins"].size(), 31u);
  EXPECT_EQ(json["bins"].front(), 1);
  EXPECT_EQ(json["bins"].back(), 1000);
  ASSERT_EQ(json["moments"].size(), 8u);
  EXPECT_EQ(json["moments"].front()["moment"], 2);
  for (const Json& moment : json["moments"]) {
    int sum = 0;
    for (const Json& count : moment["counts"]) sum += count.get<int>();
    EXPECT_EQ(sum, 4);
    EXPECT_EQ(moment["counts"].back(), 1);  // the largest, whatever rounding does
  }
}

}  // namespace
}  // namespace delstep
