#include "page/curves.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace delstep {
namespace {

using Json = nlohmann::json;

MomentFacts FactsWith(std::vector<double> accuracies) {
  MomentFacts facts{.nodes_ever = accuracies.size()};
  for (std::size_t i = 0; i < accuracies.size(); ++i) {
    const EvaluationScope local{.kind = EvaluationScope::Kind::kLocal};
    facts.nodes.emplace_back().node = static_cast<NodeId>(i);
    if (std::isnan(accuracies[i])) continue;  // not tested
    facts.nodes.back().last_tests = {{.scope = local, .loss = 1, .accuracy = accuracies[i]}};
  }
  return facts;
}

TEST(MomentSamples, LeadFromTheStartToAMomentOnItsOwnBranch) {
  //   0 -- 1 -- 2
  //        +--- 3
  MomentSamples samples;
  samples.Put(SampleOf(FactsWith({}), {}), 0, std::nullopt);
  samples.Put(SampleOf(FactsWith({}), {}), 1, 0);
  samples.Put(SampleOf(FactsWith({}), {}), 2, 1);
  samples.Put(SampleOf(FactsWith({}), {}), 3, 1);
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
  samples.Put(SampleOf(FactsWith({0.5, 0.25}), {}), 0, std::nullopt);
  samples.Put(SampleOf(FactsWith({0.5, 0.25}), {}), 1, 0);
  samples.Put(SampleOf(FactsWith({0.5, 0.75}), {}), 2, 1);
  const auto way = samples.Way(2);
  EXPECT_EQ(way[0]->columns.at("test_acc:local"), way[1]->columns.at("test_acc:local"));
  EXPECT_NE(way[1]->columns.at("test_acc:local"), way[2]->columns.at("test_acc:local"));
  EXPECT_EQ(way[1]->columns.at("test_loss:local"), way[2]->columns.at("test_loss:local"));
}

TEST(MomentSamples, ForgetTheOldestBeyondTheirLimit) {
  MomentSamples samples(/*most_bytes=*/1);
  for (MomentNumber n = 0; n < 4; ++n)
    samples.Put(SampleOf(FactsWith({}), {}), n, n == 0 ? std::nullopt : std::optional(n - 1));
  EXPECT_EQ(samples.size(), 1u);
  EXPECT_NE(samples.Find(3), nullptr);
  EXPECT_EQ(samples.Find(2), nullptr);
}

TEST(SampleOf, KnowsDistances) {
  const std::vector<double> distances = {3, 4};
  const MomentSample sample = SampleOf(FactsWith({0, 0}), distances);
  // (3^2 + 4^2) / 2
  EXPECT_EQ(sample.consensus, 12.5);
  EXPECT_EQ(*sample.Find("distance"), (std::vector<float>{3, 4}));
  EXPECT_EQ(sample.Find("train_loss"), nullptr);
}

TEST(CurvesJson, HasTheSpreadOfEachMetricAndNullBeforeItsFirstValue) {
  MomentSamples samples;
  samples.Put(SampleOf({.nodes_ever = 2}, {}), 0, std::nullopt);
  samples.Put(SampleOf(FactsWith({0.5, 1}), {}), 1, 0);
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

TEST(CurvesJson, TellsWhereAValueIsNew) {
  const auto put = [](MomentSamples& samples, std::vector<double> accuracies, double loss,
                      MomentNumber n) {
    MomentFacts facts = FactsWith(std::move(accuracies));
    for (NodeView& node : facts.nodes) node.last_tests.front().loss = loss;
    samples.Put(SampleOf(facts, {}), n, n == 0 ? std::nullopt : std::optional(n - 1));
  };
  MomentSamples samples;
  samples.Put(SampleOf({.nodes_ever = 2}, {}), 0, std::nullopt);  // nobody was tested
  put(samples, {0.5, 1}, 2, 1);                                   // both nodes
  put(samples, {0.5, 1}, 2, 2);                                   // as before
  put(samples, {0.5, 1}, 1, 3);                                   // as many right, another loss
  put(samples, {0.5, 1}, 1, 4);
  put(samples, {0.75, 1}, 1, 5);
  const auto way = samples.Way(5);
  const Json whole = Json::parse(CurvesJson(way, 400, 2));
  EXPECT_EQ(whole["metrics"]["test_acc:local"]["tested"], Json({0, 1, 0, 1, 0, 1}));
  EXPECT_EQ(whole["metrics"]["test_loss:local"]["tested"], Json({0, 1, 0, 1, 0, 1}));
  // Moments 0, 5/3, 10/3 and 5: of those between two points the later one tells.
  const Json thin = Json::parse(CurvesJson(way, 4, 2));
  EXPECT_EQ(thin["moment"], Json({0, 1, 3, 5}));
  EXPECT_EQ(thin["metrics"]["test_acc:local"]["tested"], Json({0, 1, 1, 1}));
  // 0, 5/2 and 5: the test at moment 1 belongs to point 2.
  EXPECT_EQ(Json::parse(CurvesJson(way, 3, 2))["metrics"]["test_acc:local"]["tested"],
            Json({0, 1, 1}));
}

TEST(CurvesJson, ANodeThatComesOrLeavesIsNotTested) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  MomentSamples samples;
  samples.Put(SampleOf(FactsWith({0.5, 1}), {}), 0, std::nullopt);
  samples.Put(SampleOf(FactsWith({0.5, 1, kNone}), {}), 1, 0);
  samples.Put(SampleOf(FactsWith({kNone, 1, kNone}), {}), 2, 1);
  const auto way = samples.Way(2);
  const Json json = Json::parse(CurvesJson(way, 400, 3));
  EXPECT_EQ(json["metrics"]["test_acc:local"]["tested"], Json({1, 0, 0}));
}

TEST(CurvesJson, LeavesOutSingleNodesWhereThereAreMany) {
  MomentSamples samples;
  samples.Put(SampleOf(FactsWith(std::vector<double>(61, 0.5)), {}), 0, std::nullopt);
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
    samples.Put(SampleOf(FactsWith({0, 0, 0, 0}), distances), n,
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
