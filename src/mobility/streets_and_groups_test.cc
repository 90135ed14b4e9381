// The laws of `manhattan` and `group`.
#include <gtest/gtest.h>

#include <algorithm>

#include "mobility/mobility_test_tools.h"
#include "mobility/models.h"

namespace delstep {
namespace {

Scenario Streets() {
  Scenario scenario = Moving("manhattan", {1000, 500});
  scenario.mobility.step = 100;
  return scenario;
}

bool OnStreet(double metres) { return std::abs(metres - 100 * std::round(metres / 100)) < 1e-9; }

TEST(Manhattan, StaysOnStreetsAndGoesAlongThem) {
  const auto mobility = MakeManhattan(Streets()).value();
  for (const NodeId node : Nodes(300))
    for (const double seconds : {0.0, 17.3, 1000.0}) {
      const Leg leg = mobility->LegAt(node, At(seconds));
      const Position place = leg.At(At(seconds));
      EXPECT_TRUE(leg.vx == 0 ? OnStreet(place.x) : leg.vy == 0 && OnStreet(place.y))
          << place.x << " " << place.y;
      EXPECT_GE(std::hypot(leg.vx, leg.vy), 0.5 * (1 - 1e-9));
    }
}

TEST(Manhattan, GoesStraightOnAtHalfOfTheInnerCrossings) {
  const auto mobility = MakeManhattan(Streets()).value();
  double straight = 0, left = 0, right = 0;
  for (const NodeId node : Nodes(400)) {
    Leg leg = mobility->LegAt(node, At(0));
    for (int i = 0; i < 60; ++i) {
      const Leg next = mobility->LegAt(node, leg.ends);
      const Position at = next.from;
      const double along = leg.vx * next.vx + leg.vy * next.vy;
      const double across = leg.vx * next.vy - leg.vy * next.vx;
      ASSERT_GE(along, 0) << "turned back";
      if (at.x > 0 && at.x < 1000 && at.y > 0 && at.y < 500)
        ++(along > 0 ? straight : across > 0 ? left : right);
      leg = next;
    }
  }
  const double all = straight + left + right;
  ASSERT_GT(all, 10'000);
  EXPECT_NEAR(straight / all, 0.5, FourSigma(0.5, all));
  EXPECT_NEAR(left / all, 0.25, FourSigma(0.25, all));
}

TEST(Manhattan, UsesAllStreetsAlikeFromTheStartOn) {
  // 10 x 5 blocks have 10 * 6 sides across, two rows of which at the border, and 5 * 11 up.
  constexpr std::uint32_t kMany = 10'000;
  const double border = (2 * 10 + 2 * 5) / (60.0 + 55.0);
  for (const double pause : {0.0, 40.0}) {
    Scenario scenario = Streets();
    scenario.mobility.pause = {.a = pause};
    const auto mobility = MakeManhattan(scenario).value();
    // 100 m take 100 / 0.9102 seconds on average.
    const double moving = 100 / 0.9102 / (100 / 0.9102 + pause);
    for (const double seconds : {0.0, 35.0, 1000.0}) {
      double walking = 0, at_border = 0, speed = 0;
      for (const NodeId node : Nodes(kMany)) {
        const Leg leg = mobility->LegAt(node, At(seconds));
        const Position place = leg.At(At(seconds));
        if (leg.vx == 0 && leg.vy == 0) continue;
        ++walking;
        speed += std::hypot(leg.vx, leg.vy);
        // A few nanometres off the border are left by the rounding of times.
        at_border += leg.vx == 0 ? place.x < 1e-6 || place.x > 1000 - 1e-6
                                 : place.y < 1e-6 || place.y > 500 - 1e-6;
      }
      EXPECT_NEAR(walking / kMany, moving, FourSigma(moving, kMany));
      EXPECT_NEAR(at_border / walking, border, FourSigma(border, walking));
      EXPECT_NEAR(speed / walking, 0.9102, 4 * 0.29 / std::sqrt(walking));
    }
  }
}

TEST(Manhattan, RefusesBlocksThatDoNotFit) {
  const auto result = MakeManhattan(Moving("manhattan"));  // blocks of 60 m in the unit square
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().message,
            "mobility.step = 60: in a field of 1x1 metres blocks of 1e-06 to 1 metres are "
            "allowed");
}

TEST(Group, KeepsMembersWithinTheRadiusOfACentre) {
  // Members walk independently of each other around the centre, so their mean is the centre, to
  // 50 / sqrt(2000) metres at most (the deviation of a coordinate in the disc is below 25).
  constexpr std::uint32_t kSize = 2000;
  Scenario scenario = Moving("group", {1000, 500});
  scenario.mobility.group_size = kSize;
  const auto mobility = MakeGroup(scenario).value();
  for (const double seconds : {0.0, 100.0, 1000.0}) {
    const auto places = Places(*mobility, kSize, At(seconds));
    Position centre;
    for (const Position& place : places) {
      centre.x += place.x / kSize;
      centre.y += place.y / kSize;
    }
    EXPECT_TRUE(centre.x > 49 && centre.x < 951 && centre.y > 49 && centre.y < 451);
    double farthest = 0;
    for (const Position& place : places)
      farthest = std::max(farthest, std::hypot(place.x - centre.x, place.y - centre.y));
    EXPECT_LT(farthest, 50 + 3);
    EXPECT_GT(farthest, 40);
  }
}

TEST(Group, KeepsGroupsTogetherAndApart) {
  Scenario scenario = Moving("group", {10'000, 10'000});
  scenario.mobility.group_size = 5;
  scenario.mobility.pause = Uniformly(0, 60);
  const auto mobility = MakeGroup(scenario).value();
  bool apart = false;
  for (int second = 0; second <= 3600; second += 60) {
    const auto places = Places(*mobility, 20, At(second));
    for (std::size_t a = 0; a < 20; ++a)
      for (std::size_t b = 0; b < a; ++b) {
        const double distance = std::hypot(places[a].x - places[b].x, places[a].y - places[b].y);
        if (a / 5 == b / 5)
          EXPECT_LE(distance, 2 * 50 * (1 + 1e-9));
        else
          apart |= distance > 1000;
      }
    for (const NodeId node : Nodes(20)) {
      const Leg leg = mobility->LegAt(node, At(second));
      EXPECT_LE(std::hypot(leg.vx, leg.vy), 2 * 1.5 * (1 + 1e-9));
    }
  }
  EXPECT_TRUE(apart);
}

TEST(Group, RefusesARadiusThatDoesNotFit) {
  const auto result = MakeGroup(Moving("group"));
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().message,
            "mobility.group_radius = 50: a field of 1x1 metres has room for groups of a radius "
            "below 0.5");
}

}  // namespace
}  // namespace delstep
