// Waypoints of BonnMotion, and how many numbers each has.
#include "traces/traces_test_files.h"

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kThreeNodes =
    "0.0 10.0 10.0 8.0 42.0 10.0 13.0 42.0 10.0 30.0 42.0 77.5\n"
    "0.0 90.0 55.5 30.0 20.0 55.5\n"
    "0.0 5.0 5.0\n";

TEST(BonnMotion, IsStraightBetweenWaypointsAndStandsBeforeAndAfter) {
  const auto mobility = MobilityOf(kThreeNodes);
  EXPECT_EQ(mobility->nodes(), 3u);
  ExpectAt(*mobility, 0, 4, 26, 10);   // half of 10 ... 42
  ExpectAt(*mobility, 0, 10, 42, 10);  // a pause
  ExpectAt(*mobility, 0, 21.5, 42, 43.75);
  ExpectAt(*mobility, 0, 31, 42, 77.5);
  ExpectAt(*mobility, 1, 15, 55, 55.5);
  ExpectAt(*mobility, 2, 99, 5, 5);
  EXPECT_EQ(mobility->rests_from(), At(30));
  EXPECT_TRUE(mobility->PresenceChanges(3, SimTime{}, SimTime::max()).empty());
  ExpectAt(*MobilityOf("5 1 2 6 3 2\n"), 0, 1, 1, 2);
}

TEST(BonnMotion, TakesThreeDimensionsWhereOnlyTheyFit) {
  // 12 numbers fit 3 and 4; by 3 the times would be 0, 7, 20 and 0 again.
  const auto mobility = MobilityOf("0 10 20 7 10 20 20 7 20 0 20 7\n", "bonnmotion");
  ExpectAt(*mobility, 0, 15, 10, 20);
  // 8 numbers: t x y z, or t x y and a status.
  ExpectAt(*MobilityOf("0 0 0 1 10 20 40 1\n0 5 5 0\n", "bonnmotion"), 0, 5, 10, 20);
  ExpectAt(*MobilityOf("0 0 0 1 3 10 20 40 1 3\n0 5 5 0 1\n", "bonnmotion"), 0, 5, 10, 20);
}

TEST(BonnMotion, SaysWhenTwoSizesFitAndFollowsTheParams) {
  // By 3: times 0 1 2 3. By 4: times 0, 2 (the 5th), 3 (the 9th).
  const char* const text = "0 0 0 1 2 2 2 3 3 3 9 9\n";
  auto two = ReadWith([](TraceSource& source) { return ReadBonnMotion(source); }, text);
  ASSERT_TRUE(two);
  EXPECT_EQ(two->tracks[0].points.size(), 4u);
  EXPECT_THAT(two->notes, ElementsAre(HasSubstr("read as 3 numbers each, though 4 would fit too")));
  const auto facts = ReadBonnMotionFacts("model=RandomWaypoint\nnn=1\noutputDim=THREED\n");
  auto three = ReadWith([&](TraceSource& source) { return ReadBonnMotion(source, facts); }, text);
  ASSERT_TRUE(three);
  EXPECT_EQ(three->tracks[0].points.size(), 3u);
  EXPECT_TRUE(three->notes.empty());
  auto more = ReadWith(
      [&](TraceSource& source) {
        return ReadBonnMotion(source, {.three_dimensional = false, .nodes = 5});
      },
      "0 1 2\n");
  EXPECT_THAT(more->notes, ElementsAre(HasSubstr("1 node, though nn = 5")));
}

TEST(BonnMotion, EqualTimesAreAJump) {
  const auto mobility = MobilityOf("0 0 0 10 10 0 10 50 50 20 60 50\n");
  ExpectAt(*mobility, 0, 9, 9, 0);
  ExpectAt(*mobility, 0, 10, 50, 50);
  ExpectAt(*mobility, 0, 15, 55, 50);
}

TEST(BonnMotion, SaysWhichCountsWouldFit) {
  const Error count = ErrorOf("0 1 2\n0 1 2 3 4 5 6\n", "bonnmotion");
  EXPECT_EQ(count.where, "trace:2");
  EXPECT_THAT(count.message, HasSubstr("7 numbers, which is no multiple of 3"));
  const Error falls = ErrorOf("0 1 2 9 1 2 5 1 2\n", "bonnmotion");
  EXPECT_THAT(falls.message, HasSubstr("waypoints of 3 would fit, but then times fall"));
  EXPECT_EQ(ErrorOf("0 1 2\n0 1 2 3\n", "bonnmotion").where, "trace:2");
  EXPECT_THAT(ErrorOf("0 1 x\n", "bonnmotion").message, HasSubstr("'x'"));
  EXPECT_THAT(ErrorOf("0 1,5 2\n", "bonnmotion").hint, HasSubstr("decimal point"));
  EXPECT_EQ(ErrorOf("-1 1 2\n", "bonnmotion").where, "trace:1");
  EXPECT_EQ(ErrorOf("1e10 1 2\n", "bonnmotion").where, "trace:1");
  EXPECT_EQ(ErrorOf("# nothing\n", "bonnmotion").where, "trace");
}

}  // namespace
}  // namespace delstep
