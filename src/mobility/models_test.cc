// The laws of the models, as sums over many nodes. Numbers without a derivation here are those of
// ../shared/LIVING.md, section 1: closed forms, or integrals done there.
#include "mobility/models.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "mobility/mobility_test_tools.h"
#include "mobility/random_waypoint.h"

namespace delstep {
namespace {

constexpr std::uint32_t kMany = 10'000;

/// At the start and long after it, as stationary models have the same law at both.
constexpr std::array kSeconds = {0.0, 15.0};

void ExpectUniform(const Mobility& mobility, SimTime time) {
  const Picture picture = Look(mobility, kMany, time);
  EXPECT_NEAR(picture.central, 0.25, FourSigma(0.25, kMany));
  EXPECT_NEAR(picture.strip, 0.36, FourSigma(0.36, kMany));
  // The variance of |p - c|^2 in a uniform square: 2 (1/80 - 1/144) = 1/90.
  EXPECT_NEAR(picture.square, 1.0 / 6, 4 * std::sqrt(1.0 / 90 / kMany));
}

TEST(RandomWaypoint, IsMoreInTheMiddleFromTheStartOn) {
  const auto mobility = MakeRandomWaypoint(Moving("random-waypoint")).value();
  for (const double seconds : kSeconds) {
    SCOPED_TRACE(seconds);
    const Picture picture = Look(*mobility, kMany, At(seconds));
    EXPECT_NEAR(picture.central, 0.4548, FourSigma(0.4548, kMany));
    EXPECT_NEAR(picture.strip, 0.1287, FourSigma(0.1287, kMany));
    EXPECT_NEAR(picture.square, 0.1067, 4 * 0.08 / std::sqrt(kMany));
  }
}

TEST(RandomWaypoint, KeepsItsMeanSpeed) {
  // (v1 - v0) / ln(v1 / v0), not (v0 + v1) / 2.
  struct Case {
    double low, high, mean;
  };
  for (const auto& [low, high, mean] :
       {Case{0.5, 1.5, 0.9102}, Case{0.3, 0.7, 0.4721}, Case{1, 2, 1.4427}, Case{1, 20, 6.3424}}) {
    Scenario scenario = Moving("random-waypoint");
    scenario.mobility.speed = Uniformly(low, high);
    const auto mobility = MakeRandomWaypoint(scenario).value();
    for (const double seconds : {0.0, 5.0})
      EXPECT_NEAR(Look(*mobility, kMany, At(seconds)).speed, mean,
                  4 * (high - low) / 2 / std::sqrt(kMany))
          << low << " to " << high << " at " << seconds;
  }
}

TEST(RandomWaypoint, HasClassesOfSpeedInProportionToTheirTime) {
  // Half of the legs at 1, half at 3: three quarters of the time at 1, so 1.5 on average.
  Scenario scenario = Moving("random-waypoint");
  scenario.mobility.speed = {.kind = Distribution::Kind::kClasses, .classes = {1, 3}};
  const auto mobility = MakeRandomWaypoint(scenario).value();
  for (const double seconds : {0.0, 5.0})
    EXPECT_NEAR(Look(*mobility, kMany, At(seconds)).speed, 1.5, 2 * FourSigma(0.25, kMany));
}

TEST(RandomWaypoint, StandsForItsShareOfTheTimeAtUniformPlaces) {
  using Kind = Distribution::Kind;
  Scenario scenario = Moving("random-waypoint");
  // E[D] E[1/V] = 0.521405 / 0.9102 seconds are walked between two pauses of a mean of 1.
  const double moving = 0.521405 / 0.9102 / (0.521405 / 0.9102 + 1);
  const double central = moving * 0.4548 + (1 - moving) * 0.25;
  for (const Distribution& pause :
       {Distribution{.a = 1}, Uniformly(0, 2), Distribution{.kind = Kind::kExponential, .a = 1},
        Distribution{.kind = Kind::kWeibull, .a = 0.6, .b = 1},
        Distribution{.kind = Kind::kLogNormal, .a = std::exp(-0.125), .b = 0.5},
        Distribution{.kind = Kind::kClasses, .classes = {0.5, 1.5}}}) {
    SCOPED_TRACE(static_cast<int>(pause.kind));
    scenario.mobility.pause = pause;
    const auto mobility = MakeRandomWaypoint(scenario).value();
    for (const double seconds : {0.0, 0.7, 6.0}) {
      const Picture picture = Look(*mobility, kMany, At(seconds));
      EXPECT_NEAR(picture.moving, moving, FourSigma(moving, kMany)) << seconds;
      EXPECT_NEAR(picture.central, central, FourSigma(central, kMany)) << seconds;
    }
  }
}

TEST(RandomWaypoint, KnowsTheMeanWayOfAField) {
  EXPECT_NEAR(MeanWay({1, 1}), 0.521405, 1e-6);
  EXPECT_NEAR(MeanWay({1000, 500}), 402.386, 1e-3);
  EXPECT_NEAR(MeanWay({500, 1000}), 402.386, 1e-3);
  EXPECT_NEAR(MeanWay({4500, 3400}), 2069.92, 1e-2);
  // Two points of a line of length 1 are 1/3 apart on average. Both sides of the formula's limit.
  EXPECT_NEAR(MeanWay({1e7, 1.001e3}), 1e7 / 3, 20);
  EXPECT_NEAR(MeanWay({1, 1e7}), 1e7 / 3, 20);
}

TEST(RandomWaypoint, GoesWaysOfTheMeanLength) {
  const auto mobility = MakeRandomWaypoint(Moving("random-waypoint", {1000, 500})).value();
  double sum = 0;
  int ways = 0;
  for (const NodeId node : Nodes(500)) {
    Leg leg = mobility->LegAt(node, SimTime{});  // the rest of a way: not counted
    for (int i = 0; i < 40; ++i, ++ways) {
      leg = mobility->LegAt(node, leg.ends);
      sum += std::hypot(leg.vx, leg.vy) * Seconds(leg.ends - leg.begins);
    }
  }
  // Consecutive ways share a point: the deviation of the mean is a little above 220 / sqrt(20000).
  EXPECT_NEAR(sum / ways, 402.386, 4 * 2.2);
}

TEST(RandomWaypoint, RefusesSpeedsNearZeroAndPausesWithoutAMean) {
  Scenario scenario = Moving("random-waypoint");
  scenario.mobility.speed = {.kind = Distribution::Kind::kExponential, .a = 1};
  const auto fast = MakeRandomWaypoint(scenario);
  ASSERT_FALSE(fast.ok());
  EXPECT_EQ(fast.error().message.find("mobility.speed = exponential(1): "), 0u);
  scenario = Moving("random-waypoint");
  scenario.mobility.pause = {.kind = Distribution::Kind::kLogNormal, .a = 1, .b = 90};
  const auto idle = MakeRandomWaypoint(scenario);
  ASSERT_FALSE(idle.ok());
  EXPECT_EQ(idle.error().message,
            "mobility.pause = lognormal(1s,90): pauses from 0 with a finite mean are allowed");
}

TEST(RandomWalk, IsUniformInPlaceAndDirection) {
  Scenario scenario = Moving("random-walk");
  scenario.mobility.step = 2;
  const auto mobility = MakeRandomWalk(scenario).value();
  for (const double seconds : kSeconds) {
    ExpectUniform(*mobility, At(seconds));
    // Steps last equally long at all speeds.
    EXPECT_NEAR(Look(*mobility, kMany, At(seconds)).speed, 1, 4 * 0.29 / std::sqrt(kMany));
    double right = 0, up = 0, squares = 0;
    for (const NodeId node : Nodes(kMany)) {
      const Leg leg = mobility->LegAt(node, At(seconds));
      right += leg.vx > 0;
      up += leg.vy > 0;
      squares += leg.vx * leg.vx / (leg.vx * leg.vx + leg.vy * leg.vy);
    }
    EXPECT_NEAR(right / kMany, 0.5, FourSigma(0.5, kMany));
    EXPECT_NEAR(up / kMany, 0.5, FourSigma(0.5, kMany));
    // E cos^2 = 1/2 with a variance of 1/8.
    EXPECT_NEAR(squares / kMany, 0.5, 4 * std::sqrt(0.125 / kMany));
  }
}

TEST(RandomWalk, StandsForItsShareOfTheTime) {
  Scenario scenario = Moving("random-walk");
  scenario.mobility.step = 3;
  scenario.mobility.pause = Uniformly(0, 2);
  const auto mobility = MakeRandomWalk(scenario).value();
  for (const double seconds : {0.0, 1.5, 15.0})
    EXPECT_NEAR(Look(*mobility, kMany, At(seconds)).moving, 0.75, FourSigma(0.75, kMany));
}

TEST(RandomWalk, KeepsItsVelocityForAStepButForWalls) {
  Scenario scenario = Moving("random-walk");
  scenario.mobility.step = 2;
  const auto mobility = MakeRandomWalk(scenario).value();
  for (const NodeId node : Nodes(20)) {
    Leg leg = mobility->LegAt(node, At(0));
    int turns = 0;
    while (leg.ends < At(60)) {
      const Leg next = mobility->LegAt(node, leg.ends);
      const Position turn = next.from;
      const bool side = turn.x == 0 || turn.x == 1, top = turn.y == 0 || turn.y == 1;
      if (side || top) {
        // The angle out is the angle in, to the rounding of times of short legs.
        const double speed = std::hypot(next.vx, next.vy);
        EXPECT_NEAR(next.vx, side ? -leg.vx : leg.vx, 1e-5 * speed);
        EXPECT_NEAR(next.vy, top ? -leg.vy : leg.vy, 1e-5 * speed);
      } else {
        ++turns;
      }
      leg = next;
    }
    EXPECT_TRUE(turns == 29 || turns == 30) << turns;  // the first step is cut
  }
}

TEST(RandomDirection, IsMoreAtTheWalls) {
  const auto mobility = MakeRandomDirection(Moving("random-direction")).value();
  for (const double seconds : kSeconds) {
    SCOPED_TRACE(seconds);
    const Picture picture = Look(*mobility, kMany, At(seconds));
    EXPECT_NEAR(picture.central, 0.2025, FourSigma(0.2025, kMany) + 0.00005);
    EXPECT_NEAR(picture.strip, 0.441, FourSigma(0.441, kMany) + 0.0005);
  }
}

TEST(RandomDirection, TurnsAtWallsAloneAndStandsThere) {
  Scenario scenario = Moving("random-direction");
  scenario.mobility.pause = {.a = 2};
  const auto mobility = MakeRandomDirection(scenario).value();
  for (const NodeId node : Nodes(50)) {
    Leg leg = mobility->LegAt(node, At(0));
    while (leg.ends < At(100)) {
      const bool stood = leg.vx == 0 && leg.vy == 0;
      leg = mobility->LegAt(node, leg.ends);
      const Position turn = leg.from;
      EXPECT_TRUE(turn.x == 0 || turn.x == 1 || turn.y == 0 || turn.y == 1);
      EXPECT_NE(leg.vx == 0 && leg.vy == 0, stood);
      if (!stood) {
        EXPECT_EQ(leg.ends - leg.begins, std::chrono::seconds(2));
      }
    }
  }
}

TEST(GaussMarkov, RemembersItsVelocityByAlphaToTheK) {
  // With sigma = 1/4 of the mean speed: E|v|^2 = 1 + 2/16, and as each component has the
  // autocovariance sigma^2 alpha^k, E|v(k) - v(0)|^2 = 2 * 2/16 * (1 - alpha^k). In a field so
  // large that walls do not matter.
  constexpr std::uint32_t kNodes = 10'000;
  for (const double alpha : {0.0, 0.5, 0.85, 1.0}) {
    Scenario scenario = Moving("gauss-markov", {1e6, 1e6});
    scenario.mobility.alpha = alpha;
    const auto mobility = MakeGaussMarkov(scenario).value();
    for (const int first : {0, 7})
      for (const int lag : {1, 3}) {
        double apart = 0, square = 0;
        for (const NodeId node : Nodes(kNodes)) {
          const Leg a = mobility->LegAt(node, At(first)),
                    b = mobility->LegAt(node, At(first + lag));
          apart += std::pow(b.vx - a.vx, 2) + std::pow(b.vy - a.vy, 2);
          square += a.vx * a.vx + a.vy * a.vy;
        }
        const double expected = 0.25 * (1 - std::pow(alpha, lag));
        // The square of a normal pair is exponential: its deviation is its mean.
        EXPECT_NEAR(apart / kNodes, expected, 4 * expected / std::sqrt(kNodes) + 1e-6);
        EXPECT_NEAR(square / kNodes, 1.125, 4 * 0.52 / std::sqrt(kNodes));
      }
  }
}

TEST(GaussMarkov, IsUniformBetweenWallsAndGoesStraightWithAlphaOne) {
  Scenario scenario = Moving("gauss-markov");
  const auto mobility = MakeGaussMarkov(scenario).value();
  for (const double seconds : kSeconds) ExpectUniform(*mobility, At(seconds));

  scenario.mobility.alpha = 1;
  const auto straight = MakeGaussMarkov(scenario).value();
  for (const NodeId node : Nodes(50)) {
    const Leg first = straight->LegAt(node, At(0));
    for (const double seconds : {0.4, 3.2, 30.9}) {
      // Unfolded, the place is the start plus time times velocity.
      const auto fold = [](double x) {
        const double rest = x - 2 * std::floor(x / 2);
        return rest <= 1 ? rest : 2 - rest;
      };
      const Position place = straight->LegAt(node, At(seconds)).At(At(seconds));
      // Ends of legs are up to a nanosecond late, which changes the speed of a short first one.
      const double late = 1e-7 + seconds * 2e-9 / Seconds(first.ends - first.begins);
      EXPECT_NEAR(place.x, fold(first.from.x + seconds * first.vx), late);
      EXPECT_NEAR(place.y, fold(first.from.y + seconds * first.vy), late);
    }
  }
}

}  // namespace
}  // namespace delstep
