// What every mobility promises (include/delstep/mobility.h).
#include <cmath>

#include "mobility/mobilities.h"
#include "tests/conformance/part_names.h"

namespace delstep {
namespace {

Parts<MakeMobility> Mobilities() {
  Parts<MakeMobility> parts("mobility.name");
  AddMobility(parts);
  return parts;
}

/// Models without a file; a trace does what is in it.
std::vector<std::string> Models() {
  std::vector<std::string> names = NamesOfPresent(Mobilities());
  std::erase(names, "trace");
  return names;
}

/// Walkers in a field of a kilometre, with pauses.
Scenario Wide() {
  Scenario scenario;
  scenario.mobility.area = Area{1000, 500};
  scenario.mobility.pause = {.kind = Distribution::Kind::kUniform, .a = 0, .b = 30};
  return scenario;
}

/// The unit square, where a leg lasts about a second, without pauses.
Scenario Narrow() {
  Scenario scenario;
  scenario.mobility.step = 0.25;
  scenario.mobility.group_radius = 0.2;
  return scenario;
}

class MobilityConformance : public testing::TestWithParam<std::string> {
 protected:
  static std::unique_ptr<Mobility> Make(Scenario scenario, std::uint64_t seed = 7) {
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
  /// The start, a nanosecond, within a second, and farther out.
  static constexpr Duration kTimes[] = {Duration(0), Duration(1), std::chrono::milliseconds(350),
                                        std::chrono::minutes(2), std::chrono::hours(1)};
};

INSTANTIATE_TEST_SUITE_P(All, MobilityConformance, testing::ValuesIn(Models()), NameOfPart);

TEST_P(MobilityConformance, PositionsAreFiniteAndInTheField) {
  for (const Scenario& scenario : {Wide(), Narrow()}) {
    const auto mobility = Make(scenario);
    const Area field = scenario.mobility.area.value_or(Area{});
    // To rounding: a leg that ends at a wall is a multiplication and an addition.
    const double slack = 1e-12 * field.width;
    for (const Duration time : kTimes)
      for (const auto& [x, y, z] : At(*mobility, time, All())) {
        ASSERT_TRUE(x >= -slack && x <= field.width + slack) << x;
        ASSERT_TRUE(y >= -slack && y <= field.height + slack) << y;
        ASSERT_TRUE(std::isfinite(z));
      }
  }
}

TEST_P(MobilityConformance, APositionIsAFunctionOfTheTimeInWhateverOrderItIsAskedFor) {
  for (const Scenario& scenario : {Wide(), Narrow()}) {
    const auto forwards = Make(scenario), backwards = Make(scenario);
    std::vector<std::vector<Position>> expected;
    for (const Duration time : kTimes) expected.push_back(At(*forwards, time, All()));
    for (std::size_t i = std::size(kTimes); i-- > 0;)
      EXPECT_EQ(At(*backwards, kTimes[i], All()), expected[i]);
    EXPECT_EQ(At(*forwards, kTimes[0], All()), expected[0]) << "asked again";
    // Of one node alone, far ahead at once, then a little earlier.
    const auto single = Make(scenario);
    for (const std::size_t i : {4, 2, 3}) {
      EXPECT_EQ(At(*single, kTimes[i], {NodeId{17}}), (std::vector{expected[i][17]}));
    }
  }
}

TEST_P(MobilityConformance, ANodesPositionDependsOnNoOtherNode) {
  const auto mobility = Make(Wide());
  for (const Duration time : kTimes) {
    const auto expected = At(*mobility, time, All());
    EXPECT_EQ(At(*mobility, time, {NodeId{31}, NodeId{4}, NodeId{4}}),
              (std::vector<Position>{expected[31], expected[4], expected[4]}));
    EXPECT_TRUE(At(*mobility, time, {}).empty());
  }
}

TEST_P(MobilityConformance, AnotherSeedGivesOtherWays) {
  const auto places = At(*Make(Wide(), 7), kTimes[3], All());
  EXPECT_EQ(At(*Make(Wide(), 7), kTimes[3], All()), places);
  EXPECT_NE(At(*Make(Wide(), 8), kTimes[3], All()), places);
}

TEST_P(MobilityConformance, LegsFollowEachOtherInTimeAndPlace) {
  for (const Scenario& scenario : {Wide(), Narrow()}) {
    const auto mobility = Make(scenario);
    const double width = scenario.mobility.area.value_or(Area{}).width;
    for (const NodeId node : All()) {
      Leg leg = mobility->LegAt(node, SimTime{});
      EXPECT_EQ(leg.begins, SimTime{});
      for (int i = 0; i < 100 && leg.ends != SimTime::max(); ++i) {
        ASSERT_LT(leg.begins, leg.ends);
        ASSERT_TRUE(leg.present);
        // The leg is the same from its first nanosecond to its last.
        const Leg last = mobility->LegAt(node, leg.ends - Duration(1));
        EXPECT_EQ(last.begins, leg.begins);
        EXPECT_EQ(last.from, leg.from);
        const Leg next = mobility->LegAt(node, leg.ends);
        EXPECT_EQ(next.begins, leg.ends);
        const Position end = leg.At(leg.ends);
        EXPECT_NEAR(next.from.x, end.x, 1e-12 * width);
        EXPECT_NEAR(next.from.y, end.y, 1e-12 * width);
        leg = next;
      }
    }
  }
}

TEST_P(MobilityConformance, MovesOrRestsAsItSays) {
  const auto mobility = Make(Wide());
  const SimTime rest = mobility->rests_from();
  if (rest == SimTime::max()) {
    EXPECT_NE(At(*mobility, kTimes[4], All()), At(*mobility, kTimes[3], All()));
  } else {
    for (const NodeId node : All()) {
      const Leg leg = mobility->LegAt(node, rest);
      EXPECT_TRUE(leg.vx == 0 && leg.vy == 0 && leg.ends == SimTime::max());
    }
  }
  EXPECT_TRUE(mobility->PresenceChanges(kNodes, SimTime{}, SimTime{kTimes[4]}).empty());
}

TEST_P(MobilityConformance, AnswersForAnyNode) {
  const auto mobility = Make(Wide());
  const auto [x, y, z] = At(*mobility, kTimes[3], {NodeId{4'294'967'295}})[0];
  EXPECT_TRUE(x >= 0 && x <= 1000 && y >= 0 && y <= 500);
  EXPECT_EQ(z, 0);
}

}  // namespace
}  // namespace delstep
