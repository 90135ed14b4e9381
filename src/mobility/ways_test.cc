#include "mobility/ways.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "mobility/mobility_test_tools.h"

namespace delstep {
namespace {

constexpr int kDraws = 40'000;

/// Mean and deviation of the mean.
template <class Draw>
std::pair<double, double> Mean(Draw draw) {
  Random random(MakeKey(7, Purpose::kMobility));
  double sum = 0, squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double value = draw(random);
    sum += value;
    squares += value * value;
  }
  const double mean = sum / kDraws;
  return {mean, std::sqrt(std::max(0.0, squares / kDraws - mean * mean) / kDraws)};
}

TEST(Ways, FindsANodeInLongPausesMoreOften) {
  // What is left of a pause is E[P^2] / (2 E[P]) on average.
  using Kind = Distribution::Kind;
  struct Case {
    Distribution pause;
    double left;
  };
  for (const auto& [pause, left] : {
           Case{{.a = 2}, 1},
           Case{Uniformly(0, 60), 20},
           Case{Uniformly(1, 3), (27.0 - 1) / 3 / 2 / 4},
           Case{{.kind = Kind::kExponential, .a = 5}, 5},
           // Shape 2: E[P^2] = scale^2, and E[P] = scale sqrt(pi) / 2.
           Case{{.kind = Kind::kWeibull, .a = 2, .b = 1}, 2 / 3.14159265358979},
           Case{{.kind = Kind::kLogNormal, .a = 2, .b = 0.5}, std::exp(1.5 * 0.25)},
           Case{{.kind = Kind::kClasses, .classes = {1, 3}}, 1.25},
       }) {
    const auto [mean, sigma] = Mean([&](Random& random) { return DrawPauseLeft(pause, random); });
    EXPECT_NEAR(mean, left, 4 * sigma) << static_cast<int>(pause.kind);
  }
}

TEST(Ways, FindsSlowNodesMoreOften) {
  // A speed v counts for 1/v, so its mean is 1 / E[1/V].
  for (const Distribution& speed :
       {Distribution{.a = 3}, Uniformly(0.1, 20), Uniformly(1, 1 + 1e-9),
        Distribution{.kind = Distribution::Kind::kClasses, .classes = {1, 2, 6}}}) {
    const auto [mean, sigma] =
        Mean([&](Random& random) { return DrawLastingSpeed(speed, random); });
    EXPECT_NEAR(mean * MeanInverse(speed), 1, 4 * sigma * MeanInverse(speed) + 1e-9);
  }
  EXPECT_NEAR(1 / MeanInverse(Uniformly(0.1, 20)), 3.756, 5e-4);
  EXPECT_NEAR(1 / MeanInverse(Uniformly(2.7, 13.9)), 6.835, 5e-4);
}

TEST(Ways, EndWithTheNanosecondAfterTheArrival) {
  // 1 m at 3 m/s.
  const Leg leg = StraightWay(At(1), {5, 5}, {6, 5}, 1.0 / 3);
  EXPECT_EQ(leg.ends - leg.begins, Duration(333'333'334));
  EXPECT_NEAR(leg.At(leg.ends).x, 6, 1e-15);
  EXPECT_EQ(leg.vy, 0);
  // No way is shorter than a nanosecond, and none ends after the end of time.
  EXPECT_EQ(StraightWay(At(1), {5, 5}, {5, 5}, 0).ends, At(1) + Duration(1));
  const Leg endless = StraightWay(At(1), {0, 0}, {1e7, 0}, 1e13);
  EXPECT_EQ(endless.ends, SimTime::max());
  EXPECT_EQ(endless.vx, 1e-6);
}

TEST(Ways, AreReflectedWhereTheyMeetAWall) {
  // From (8, 5) with (2, 1): the right wall of 10 x 6 after one second, the top at the same time.
  WayToWall stretch = UntilWall(At(0), {8, 5}, {2, 1}, std::chrono::seconds(4), Area{10, 6});
  EXPECT_EQ(stretch.leg.ends, At(1));
  EXPECT_EQ(stretch.to, (Position{10, 6}));
  EXPECT_EQ(stretch.after.x, -2);
  EXPECT_EQ(stretch.after.y, -1);
  EXPECT_EQ(stretch.left, std::chrono::seconds(3));
  // On to (4, 3) in what is left.
  stretch = UntilWall(At(1), stretch.to, stretch.after, stretch.left, Area{10, 6});
  EXPECT_EQ(stretch.to, (Position{4, 3}));
  EXPECT_EQ(stretch.after.x, -2);
  EXPECT_EQ(stretch.left, Duration(0));
}

TEST(Ways, DirectionsAreUniform) {
  // Means of cos, cos^2 and cos sin over all directions; 1/8 is the variance of the squares.
  const auto component = [](auto of) {
    return Mean([=](Random& r) { return of(DrawDirection(r)); });
  };
  const double sigma = 1 / std::sqrt(double{kDraws});
  EXPECT_NEAR(component([](Velocity v) { return v.x; }).first, 0, 4 * 0.71 * sigma);
  EXPECT_NEAR(component([](Velocity v) { return v.x * v.x; }).first, 0.5, 4 * 0.36 * sigma);
  EXPECT_NEAR(component([](Velocity v) { return v.x * v.y; }).first, 0, 4 * 0.36 * sigma);
  EXPECT_NEAR(component([](Velocity v) { return v.x * v.x + v.y * v.y; }).first, 1, 1e-12);
}

}  // namespace
}  // namespace delstep
