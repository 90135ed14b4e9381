// The traps of ns-2's movement files, each as its bug reports have it (LIVING.md 2.1).
#include "traces/traces_test_files.h"

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Ns2, GoesToEachDestinationAtItsSpeedAndStopsAtSpeedZero) {
  const auto mobility = MobilityOf(
      "# three statements may come in any order; initial positions may even be last\n"
      "$ns_ at 3.0 \"$node_(0) setdest 60.0 40.0 1.5\"\n"
      "$ns_ at 9.25 \"$node_(0) setdest 60.0 4.0e+1 0.0\" ; # stop\n"
      "$ns_ at 20 \"$node_(0) setdest -5 40 2.0\"\n"
      "$node_(0) set X_ 12.5\n$node_(0) set Y_ 40\n$node_(0) set Z_ 0.0\n");
  ExpectAt(*mobility, 0, 0, 12.5, 40);
  ExpectAt(*mobility, 0, 3, 12.5, 40);
  ExpectAt(*mobility, 0, 5, 12.5 + 2 * 1.5, 40);
  const double stop = 12.5 + 6.25 * 1.5;  // 21.875
  ExpectAt(*mobility, 0, 9.25, stop, 40);
  ExpectAt(*mobility, 0, 19, stop, 40);
  ExpectAt(*mobility, 0, 25, stop - 10, 40);
  // (21.875 + 5) / 2 = 13.4375 s of way, through negative coordinates.
  ExpectAt(*mobility, 0, 33.4375, -5, 40);
  ExpectAt(*mobility, 0, 1000, -5, 40);
  EXPECT_EQ(mobility->rests_from(), At(33.4375));
  EXPECT_TRUE(mobility->notes().empty()) << mobility->notes().front();
}

TEST(Ns2, ReadsLinesOfDosBlanksBeforeTheQuoteAndSemicolons) {
  const auto mobility = MobilityOf(
      "$node_(0) set X_ 1.0 ;\r\n$node_(0) set Y_ 2.0;\r\n"
      "   $ns_ at 1 \"$node_(0) setdest 1.1e1 2 1.0  \";\r\n"
      "$node_(1) set X_ 5; $node_(1) set Y_ 6\r\n");
  ExpectAt(*mobility, 0, 1, 1, 2);
  ExpectAt(*mobility, 0, 6, 6, 2);
  ExpectAt(*mobility, 0, 12, 11, 2);
  ExpectAt(*mobility, 1, 0, 5, 6);
}

TEST(Ns2, StartsFromThePlaceReallyReached) {
  // Half of the way to 10, 0, then up.
  const auto mobility = MobilityOf(
      "$ns_ at 0 \"$node_(0) setdest 10 0 1\"\n$ns_ at 5 \"$node_(0) setdest 5 10 2\"\n");
  ExpectAt(*mobility, 0, 5, 5, 0);
  ExpectAt(*mobility, 0, 7.5, 5, 5);
  ExpectAt(*mobility, 0, 11, 5, 10);
}

TEST(Ns2, ADestinationThatIsTheOwnPlaceIsNoMove) {
  const auto mobility = MobilityOf(
      "$node_(0) set X_ 3\n$node_(0) set Y_ 4\n$ns_ at 2 \"$node_(0) setdest 3 4 5\"\n"
      "$ns_ at 3 \"$node_(0) setdest 3 4 0\"\n$ns_ at 4 \"$node_(0) setdest 6 8 5\"\n");
  ExpectAt(*mobility, 0, 2.5, 3, 4);
  ExpectAt(*mobility, 0, 4.5, 4.5, 6);
  ExpectAt(*mobility, 0, 5, 6, 8);
}

TEST(Ns2, PassesOverNegativeAndNotANumber) {
  const auto mobility = MobilityOf(
      "$node_(0) set X_ 1\n"
      "$ns_ at -1 \"$node_(0) setdest 9 0 1\"\n$ns_ at 1 \"$node_(0) setdest 9 0 -2\"\n"
      "$ns_ at nan \"$node_(0) setdest 9 0 1\"\n$ns_ at 1 \"$node_(0) setdest -nan 0 1\"\n");
  ExpectAt(*mobility, 0, 100, 1, 0);
  EXPECT_THAT(mobility->notes(),
              ElementsAre("trace: passed over 4 statements with negative or infinite numbers, the "
                          "first in line 2"));
}

TEST(Ns2, ANodeThatIsNeverPutSomewhereStartsAtZero) {
  const auto mobility = MobilityOf("$ns_ at 1 \"$node_(4) setdest 0 3 1\"\n");
  ExpectAt(*mobility, 0, 0.5, 0, 0);
  ExpectAt(*mobility, 0, 2, 0, 1);
}

TEST(Ns2, SetAtAMomentIsAJumpAfterWhichItStands) {
  const auto mobility = MobilityOf(
      "$ns_ at 0 \"$node_(0) setdest 100 0 1\"\n$ns_ at 10 \"$node_(0) set X_ 50\"\n"
      "$ns_ at 10 \"$node_(0) set Y_ 7\"\n$ns_ at 10 \"$node_(0) set Z_ 1\"\n");
  ExpectAt(*mobility, 0, 9.999, 9.999, 0);
  ExpectAt(*mobility, 0, 10, 50, 7);
  ExpectAt(*mobility, 0, 60, 50, 7);
}

TEST(Ns2, PassesOverWhatDoesNotMove) {
  const auto mobility = MobilityOf(
      "set opt(x) 500\n$god_ set-dist 0 1 2\n$node_(0) set X_ 1\n"
      "$ns_ at 2.0 \"$RoutingAgent activate\"\n$ns_ at 3 \"$g(0) start\"\n"
      "$ns_ at 1.0 \"$node_(0) setdest 5 0 1 4\"\n");
  ExpectAt(*mobility, 0, 3, 3, 0);
  EXPECT_THAT(mobility->notes(),
              ElementsAre("trace: passed over 3 statements that do not move a node, the first in "
                          "line 1"));
}

TEST(Ns2, ArrivesAtTheGoalItselfWhateverTheRounding) {
  // 1/3 m at 0.7 m/s takes a time that no nanosecond is.
  const auto mobility = MobilityOf("$ns_ at 0.1 \"$node_(0) setdest 0.333333333 0 0.7\"\n");
  EXPECT_EQ(mobility->LegAt(NodeId{0}, At(50)).from, (Position{0.333333333, 0, 0}));
}

TEST(Ns2, TooSlowEverToArriveGoesAsFarAsItGets) {
  const auto mobility = MobilityOf("$ns_ at 0 \"$node_(0) setdest 1000 0 1e-12\"\n");
  ExpectAt(*mobility, 0, 8e9, 8e-3, 0);
}

TEST(Ns2, SaysWhatIsWrongAndWhere) {
  const Error number = ErrorOf("$node_(0) set X_ 1\n$node_(0) set Y_ abc\n");
  EXPECT_EQ(number.where, "trace:2");
  EXPECT_THAT(number.message, HasSubstr("Y_ is 'abc'"));
  EXPECT_EQ(ErrorOf("$ns_ at 1 \"$node_(0) setdest 1 2\"\n").where, "trace:1");
  EXPECT_EQ(ErrorOf("$ns_ at 1 \"$node_() setdest 1 2 3\"\n", "ns2").where, "trace");
  EXPECT_EQ(ErrorOf("$node_(0) set X_ 1e300\n").where, "trace:1");
  EXPECT_THAT(ErrorOf("nothing\n", "ns2").message, HasSubstr("no statement"));
}

}  // namespace
}  // namespace delstep
