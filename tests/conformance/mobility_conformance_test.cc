// What every mobility promises (include/delstep/mobility.h).
#include <cmath>
#include <numeric>
#include <thread>

#include "mobility/mobilities.h"
#include "tests/conformance/part_names.h"

namespace delstep {
namespace {

Parts<MakeMobility> Mobilities() {
  Parts<MakeMobility> parts("mobility.name");
  AddMobility(parts);
  return parts;
}

class MobilityConformance : public testing::TestWithParam<std::string> {
 protected:
  static std::unique_ptr<Mobility> Make(std::uint64_t seed = 7) {
    Scenario scenario;
    scenario.seed = seed;
    scenario.nodes.count = kNodes;
    scenario.mobility.name = GetParam();
    return (**Mobilities().Find(GetParam()))(scenario).value();
  }
  static std::vector<Position> At(const Mobility& mobility, Duration time,
                                  const std::vector<NodeId>& nodes) {
    std::vector<Position> positions(nodes.size());
    mobility.PositionsAt(SimTime{time}, nodes, positions);
    return positions;
  }
  static std::vector<NodeId> All() {
    std::vector<NodeId> nodes;
    for (std::uint32_t node = 0; node < kNodes; ++node) nodes.push_back(NodeId{node});
    return nodes;
  }

  static constexpr std::uint32_t kNodes = 50;
  /// The start, a nanosecond, within a second, and far out: 100 years.
  static constexpr Duration kTimes[] = {Duration(0), Duration(1), std::chrono::milliseconds(350),
                                        std::chrono::hours(2), std::chrono::hours(876'000)};
};

INSTANTIATE_TEST_SUITE_P(All, MobilityConformance, testing::ValuesIn(NamesOfPresent(Mobilities())),
                         NameOfPart);

TEST_P(MobilityConformance, PositionsAreFiniteAndInTheField) {
  const auto mobility = Make();
  for (const Duration time : kTimes)
    for (const auto& [x, y, z] : At(*mobility, time, All())) {
      ASSERT_TRUE(x >= 0 && x <= 1 && y >= 0 && y <= 1) << x << " " << y;
      ASSERT_TRUE(std::isfinite(z));
    }
}

TEST_P(MobilityConformance, APositionIsAFunctionOfTheTimeInWhateverOrderItIsAskedFor) {
  const auto forwards = Make(), backwards = Make();
  std::vector<std::vector<Position>> expected;
  for (const Duration time : kTimes) expected.push_back(At(*forwards, time, All()));
  for (std::size_t i = std::size(kTimes); i-- > 0;)
    EXPECT_EQ(At(*backwards, kTimes[i], All()), expected[i]);
  EXPECT_EQ(At(*forwards, kTimes[0], All()), expected[0]) << "asked again";
}

TEST_P(MobilityConformance, ANodesPositionDependsOnNoOtherNode) {
  const auto mobility = Make();
  for (const Duration time : kTimes) {
    const auto expected = At(*mobility, time, All());
    EXPECT_EQ(At(*mobility, time, {NodeId{31}, NodeId{4}, NodeId{4}}),
              (std::vector<Position>{expected[31], expected[4], expected[4]}));
    EXPECT_TRUE(At(*mobility, time, {}).empty());
  }
}

TEST_P(MobilityConformance, TwoThreadsMayAskAtOnce) {
  const auto mobility = Make();
  const auto expected = At(*mobility, kTimes[3], All());
  std::vector<std::vector<Position>> results(2);
  {
    std::vector<std::jthread> threads;
    for (auto& result : results)
      threads.emplace_back([&] { result = At(*mobility, kTimes[3], All()); });
  }
  EXPECT_EQ(results[0], expected);
  EXPECT_EQ(results[1], expected);
}

}  // namespace
}  // namespace delstep
