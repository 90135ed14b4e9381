// Tables of places, in metres and in degrees, and the external movement of The ONE.
#include "traces/projection.h"
#include "traces/traces_test_files.h"

namespace delstep {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(CsvTrace, RowsInAnyOrderAreStraightWays) {
  const auto mobility =
      MobilityOf("# a walk\nnode,t,x,y\n1,10,10,0\n0,0,5,5\n1,0,0,0\n\n1,20,10,-30\n");
  ExpectAt(*mobility, 0, 50, 5, 5);
  ExpectAt(*mobility, 1, 5, 5, 0);
  ExpectAt(*mobility, 1, 12, 10, -6);
  ExpectAt(*mobility, 1, 99, 10, -30);
  EXPECT_THAT(mobility->notes(), IsEmpty());
}

TEST(CsvTrace, StandsBeforeTheFirstRowAndTakesColumnsInAnyOrder) {
  const auto mobility = MobilityOf("y; x;t ;id;speed\r\n4;3;10;b;1\r\n6;3;11;b;1\r\n0;0;0;a;0\r\n");
  ExpectAt(*mobility, 1, 2, 3, 4);
  ExpectAt(*mobility, 1, 10.5, 3, 5);
  EXPECT_THAT(mobility->notes(), Contains(HasSubstr("passed over the columns 'speed'")));
  EXPECT_THAT(mobility->notes(), Contains(HasSubstr("'a' is 10.0.0.1, 'b' is 10.0.0.2")));
  EXPECT_THAT(MobilityOf("time,id,x,y,\n10,b,3,4,1\n")->notes(),
              Contains(HasSubstr("passed over the columns number 5 (without a name)")));
  // BonnMotion's CSVFile: blanks between.
  ExpectAt(*MobilityOf("node time x y\n0 0 1 2\n0 10 1 4\n"), 0, 5, 1, 3);
}

TEST(CsvTrace, ARowWithoutAPlaceIsAGap) {
  const auto mobility =
      MobilityOf("node,t,x,y\n0,0,1,1\n0,10,,\n0,30,5,5\n0,40,,\n1,5,,\n1,6,2,2\n");
  ExpectAt(*mobility, 0, 9, 1, 1);
  EXPECT_FALSE(IsThere(*mobility, 0, 10));
  ExpectAt(*mobility, 0, 30, 5, 5);
  EXPECT_FALSE(IsThere(*mobility, 0, 41));
  EXPECT_FALSE(IsThere(*mobility, 1, 0));
  ExpectAt(*mobility, 1, 6, 2, 2);
  EXPECT_THAT(
      mobility->PresenceChanges(2, SimTime{}, SimTime::max()),
      ElementsAre(PresenceChange{At(6), NodeId{1}, true}, PresenceChange{At(10), NodeId{0}, false},
                  PresenceChange{At(30), NodeId{0}, true},
                  PresenceChange{At(40), NodeId{0}, false}));
}

TEST(CsvTrace, UnixTimesAreCountedFromTheFirst) {
  const auto mobility = MobilityOf("node,t,x,y\n0,1353303380,0,0\n0,1353303390,10,0\n");
  ExpectAt(*mobility, 0, 5, 5, 0);
  EXPECT_THAT(mobility->notes(), Contains(HasSubstr("counted from the first one, 1353303380")));
}

TEST(CsvTrace, DegreesAreProjectedOnASphere) {
  Projection projection;
  projection.Add({.lat = 40, .lon = 10});
  EXPECT_NEAR(projection.At({.lat = 41, .lon = 10}).y, 111195.08, 0.005);
  EXPECT_NEAR(projection.At({.lat = 40, .lon = 11}).x, 85180.37, 0.005);
  // Across the date line the short way counts: the centroid of these is 180.
  Projection line;
  line.Add({.lat = 0, .lon = 179.5});
  line.Add({.lat = 0, .lon = -179.5});
  EXPECT_NEAR(line.At({.lat = 0, .lon = -179.5}).x, 55597.54, 0.005);
  EXPECT_NEAR(line.At({.lat = 0, .lon = 179.5}).x, -55597.54, 0.005);
}

TEST(CsvTrace, ALongSilenceOfFixesIsAnAbsence) {
  // 0.0001 degrees of latitude are 11.119508 m.
  const auto mobility = MobilityOf(
      "id,t,lat,lon\na,0,40.0000,116\na,300,40.0001,116\na,601,40.0002,116\na,651,40.0003,116\n"
      "a,1000,40.0003,116\n");
  EXPECT_TRUE(IsThere(*mobility, 0, 150)) << "300 s are no gap";
  EXPECT_FALSE(IsThere(*mobility, 0, 300));
  EXPECT_FALSE(IsThere(*mobility, 0, 600));
  EXPECT_TRUE(IsThere(*mobility, 0, 601));
  EXPECT_FALSE(IsThere(*mobility, 0, 651));
  EXPECT_FALSE(IsThere(*mobility, 0, 1000)) << "a single fix is a moment";
  const Leg leg = mobility->LegAt(NodeId{0}, At(620));
  EXPECT_NEAR(leg.vy, 11.119508 / 50, 1e-6);
}

TEST(CsvTrace, LeavesOutZerosDuplicatesAndWhatIsTooFast) {
  // The third row is 1.1 km away after 10 s.
  const auto mobility = MobilityOf(
      "id,t,lat,lon\n7,0,40,116\n7,0,40,116\n7,10,40.01,116\n7,20,40.0001,116\n7,15,0,0\n");
  ExpectAt(*mobility, 0, 20 - 1e-9, mobility->LegAt(NodeId{0}, At(0)).from.x,
           mobility->LegAt(NodeId{0}, At(0)).from.y + 11.119508);
  EXPECT_THAT(mobility->notes(), Contains(HasSubstr("1 row that would need more than 60 m/s")));
  EXPECT_THAT(mobility->notes(), Contains(HasSubstr("1 row at 0, 0, the first in line 6")));
}

TEST(CsvTrace, OneWrongFirstFixDoesNotLoseAllOthers) {
  std::string text = "id,t,lat,lon\n1,0,50,116\n";
  for (int i = 1; i <= 20; ++i) text += "1," + std::to_string(i * 10) + ",40,116\n";
  const auto mobility = MobilityOf(text);
  EXPECT_TRUE(IsThere(*mobility, 0, 60));
  EXPECT_FALSE(IsThere(*mobility, 0, 20));
}

TEST(CsvTrace, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(ErrorOf("a,b,c\n1,2,3\n").message, HasSubstr("'a,b,c' are none of a trace"));
  EXPECT_EQ(ErrorOf("node,t,x,y\n0,0,1\n").where, "trace:2");
  EXPECT_EQ(ErrorOf("node,t,x,y\n0,-1,1,1\n").where, "trace:2");
  EXPECT_EQ(ErrorOf("node,t,x,y\n0,1,1,\n").where, "trace:2");
  EXPECT_EQ(ErrorOf("node,t,x,y\n,1,1,1\n").where, "trace:2");
  EXPECT_EQ(ErrorOf("node,t,x,y\n\"0,1,1,1\n").where, "trace:2");
  EXPECT_THAT(ErrorOf("id,t,lat,lon\na,0,116,40\n").hint, HasSubstr("each other's column"));
  EXPECT_THAT(ErrorOf("node,t,x,y\n").message, HasSubstr("no row"));
  EXPECT_THAT(ErrorOf("0,0,1,1\n", "csv").hint, HasSubstr("node,t,x,y"));
}

TEST(OneMovement, CountsTimesAndPlacesFromTheMinima) {
  const auto mobility = MobilityOf(
      "100 140 5 505 -10 290\n# comment\n100 a 15.0 0.0\n100 b 205.0 40.0\n120 a 35.0 0.0\n"
      "120 b 205.0 60.0\n130 c 5 -10\n");
  ExpectAt(*mobility, 0, 0, 10, 10);
  ExpectAt(*mobility, 0, 10, 20, 10);
  ExpectAt(*mobility, 1, 15, 200, 65);
  ExpectAt(*mobility, 1, 99, 200, 70);
  EXPECT_FALSE(IsThere(*mobility, 2, 29));
  ExpectAt(*mobility, 2, 30, 0, 0);
}

TEST(OneMovement, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(ErrorOf("0 1 2\n0 a 1 1\n", "one").message, HasSubstr("expected 6 or 8"));
  EXPECT_THAT(ErrorOf("9 0 0 1 0 1\n0 a 1 1\n", "one").message, HasSubstr("above the maximum"));
  EXPECT_EQ(ErrorOf("0 9 0 1 0 1\n5 a 1 1\n4 a 1 1\n", "one").where, "trace:3");
  EXPECT_EQ(ErrorOf("0 9 0 1 0 1\n5 a 1\n", "one").where, "trace:2");
  EXPECT_THAT(ErrorOf("0 9 0 1 0 1\n5 a 10,0 1\n", "one").hint, HasSubstr("decimal point"));
  EXPECT_EQ(ErrorOf("1 9 0 1 0 1\n0 a 1 1\n", "one").where, "trace:2");
  EXPECT_THAT(ErrorOf("1 9 0 1 0 1\n", "one").message, HasSubstr("no line below"));
}

}  // namespace
}  // namespace delstep
