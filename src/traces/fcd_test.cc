// Floating car data of SUMO, with what its users met (LIVING.md 2.3).
#include <fmt/format.h>

#include "traces/traces_test_files.h"

namespace delstep {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kBusAndPerson =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- generated -->\n<fcd-export>\n"
    "  <timestep time=\"0.00\"/>\n"
    "  <timestep time=\"1.00\">\n"
    "    <vehicle id=\"bus:1\" x=\"101.30\" y=\"4.00\" angle=\"90.00\" type=\"bus\" "
    "speed=\"3.10\"/>\n"
    "    <person id=\"p.0\" x=\"95.00\" y=\"7.20\" angle=\"0.00\" speed=\"1.20\"/>\n"
    "  </timestep>\n"
    "  <timestep time=\"2.00\">\n"
    "    <vehicle id=\"bus:1\" x=\"104.40\" y=\"4.00\"><person id=\"p.0\" x=\"104.4\" "
    "y=\"4\"/></vehicle>\n"
    "  </timestep>\n"
    "  <timestep time=\"3.00\"><vehicle id=\"bus:1\" x=\"107.40\" y=\"4.00\"/></timestep>\n"
    "  <timestep time=\"4.00\"><container id=\"z\" x=\"1\" y=\"2\"/></timestep>\n"
    "</fcd-export>\n";

TEST(Fcd, WhoIsMissingInATimestepIsNotThere) {
  const auto mobility = MobilityOf(kBusAndPerson);
  // As text: bus:1, p.0, z.
  EXPECT_EQ(mobility->nodes(), 3u);
  EXPECT_FALSE(IsThere(*mobility, 0, 0.5));
  ExpectAt(*mobility, 0, 1.5, 102.85, 4);
  ExpectAt(*mobility, 0, 2.5, 105.9, 4);
  ExpectAt(*mobility, 0, 3.5, 107.4, 4);  // it stands until the timestep that lacks it
  EXPECT_FALSE(IsThere(*mobility, 0, 4));
  ExpectAt(*mobility, 1, 1.5, 99.7, 5.6);  // in the bus at 2
  EXPECT_FALSE(IsThere(*mobility, 1, 3));
  ExpectAt(*mobility, 2, 1000, 1, 2);  // in the last timestep
  EXPECT_THAT(
      mobility->PresenceChanges(3, SimTime{}, SimTime::max()),
      ElementsAre(PresenceChange{At(1), NodeId{0}, true}, PresenceChange{At(1), NodeId{1}, true},
                  PresenceChange{At(3), NodeId{1}, false}, PresenceChange{At(4), NodeId{0}, false},
                  PresenceChange{At(4), NodeId{2}, true}));
  EXPECT_THAT(mobility->PresenceChanges(2, At(1), At(3)),
              ElementsAre(PresenceChange{At(3), NodeId{1}, false}));
  EXPECT_EQ(mobility->rests_from(), At(4));
}

TEST(Fcd, AVehicleMayBeAbsentForAFewStepsAndComeBack) {
  const auto mobility = MobilityOf(
      "<fcd-export><timestep time=\"0\"><vehicle id=\"a\" x=\"0\" y=\"0\"/></timestep>"
      "<timestep time=\"1\"/><timestep time=\"2\"/>"
      "<timestep time=\"3\"><vehicle id=\"a\" x=\"90\" y=\"0\"/></timestep></fcd-export>");
  ExpectAt(*mobility, 0, 0.5, 0, 0);
  EXPECT_FALSE(IsThere(*mobility, 0, 1));
  EXPECT_FALSE(IsThere(*mobility, 0, 2.9));
  EXPECT_EQ(mobility->LegAt(NodeId{0}, At(2)).from, (Position{0, 0, 0})) << "where it was last";
  ExpectAt(*mobility, 0, 3, 90, 0);
  EXPECT_THAT(
      mobility->PresenceChanges(1, SimTime{}, At(9)),
      ElementsAre(PresenceChange{At(1), NodeId{0}, false}, PresenceChange{At(3), NodeId{0}, true}));
}

TEST(Fcd, ATeleportIsAJump) {
  const auto mobility = MobilityOf(
      "<fcd-export><timestep time=\"0\"><vehicle id=\"a\" x=\"0\" y=\"0\"/></timestep>"
      "<timestep time=\"1\"><vehicle id=\"a\" x=\"500\" y=\"0\"/></timestep></fcd-export>");
  ExpectAt(*mobility, 0, 0.9, 0, 0);
  ExpectAt(*mobility, 0, 1, 500, 0);
  EXPECT_THAT(mobility->notes(), Contains(HasSubstr("1 jump faster than 100 m/s")));
}

TEST(Fcd, KeepsWhatIsCompleteOfAFileThatEndsEarly) {
  const std::string whole = kBusAndPerson;
  // Cut in an element, between two, and in a tag of the last timestep.
  for (const std::size_t cut : {whole.find("x=\"107.40") + 4, whole.find("<timestep time=\"3"),
                                whole.find("</timestep>", whole.find("x=\"107.40")) + 3}) {
    const auto mobility = MobilityOf(whole.substr(0, cut));
    EXPECT_EQ(mobility->nodes(), 2u);
    ExpectAt(*mobility, 0, 9, 104.4, 4);
    EXPECT_THAT(mobility->notes(), Contains(HasSubstr("it ends early, in line 1")));
  }
  EXPECT_THAT(ErrorOf("<fcd-export><timestep time=\"0\">").message, HasSubstr("well-formed"));
}

TEST(Fcd, ReadsTimesOfHoursMinutesSeconds) {
  const auto mobility = MobilityOf(
      "<fcd-export><timestep time=\"00:00:10.50\"><vehicle id=\"a\" x=\"0\" y=\"0\"/></timestep>"
      "<timestep time=\"1:01:01.00\"/>"
      "<timestep time=\"1:00:00:00\"><vehicle id=\"a\" x=\"0\" y=\"9\"/></timestep></fcd-export>");
  EXPECT_THAT(mobility->PresenceChanges(1, SimTime{}, SimTime::max()),
              ElementsAre(PresenceChange{At(10.5), NodeId{0}, true},
                          PresenceChange{At(3661), NodeId{0}, false},
                          PresenceChange{At(86400), NodeId{0}, true}));
}

TEST(Fcd, ProjectsDegreesAndSaysSo) {
  // Two vehicles a thousandth of a degree apart, around 40 degrees of latitude: on the sphere
  // 85.18037 m to the east and 111.19508 m to the north.
  const auto text = [](const char* y) {
    return fmt::format(
        "<fcd-export><timestep time=\"0.00\">"
        "<vehicle id=\"a\" x=\"116.300000\" y=\"39.999500\"/>"
        "<vehicle id=\"b\" x=\"116.301000\" y=\"{}\"/></timestep></fcd-export>",
        y);
  };
  const auto mobility = MobilityOf(text("40.000500"));
  const Position a = mobility->LegAt(NodeId{0}, At(0)).from,
                 b = mobility->LegAt(NodeId{1}, At(0)).from;
  EXPECT_NEAR(b.x - a.x, 85.18037, 1e-4);
  EXPECT_NEAR(b.y - a.y, 111.19508, 1e-4);
  EXPECT_NEAR(a.x + b.x, 0, 1e-6) << "about the centroid";
  EXPECT_THAT(mobility->notes(), Contains(HasSubstr("longitude and latitude")));
  const auto metres = MobilityOf(
      "<fcd-export><timestep time=\"0\"><vehicle id=\"a\" x=\"1.50\" y=\"0.50\"/></timestep>"
      "</fcd-export>");
  ExpectAt(*metres, 0, 0, 1.5, 0.5);
  EXPECT_THAT(metres->notes(),
              Contains(HasSubstr("taken for metres, though they could be degrees")));
}

TEST(Fcd, AnElementWithoutAPlaceIsNotThereAndASecondOneOfAnIdDoesNotCount) {
  const auto mobility = MobilityOf(
      "<fcd-export><timestep time=\"0\"><vehicle id=\"a\" x=\"10\" y=\"200\"/>\n"
      "<person id=\"a\" x=\"11\" y=\"1\"/><vehicle id=\"b\" speed=\"1\"/></timestep></fcd-export>");
  EXPECT_EQ(mobility->nodes(), 1u);
  ExpectAt(*mobility, 0, 0, 10, 200);
  EXPECT_THAT(mobility->notes(),
              Contains(HasSubstr("1 element without x and y, the first in line 2")));
  EXPECT_THAT(mobility->notes(), Contains(HasSubstr("1 element with an id")));
}

TEST(Fcd, SaysWhatIsWrongAndWhere) {
  EXPECT_THAT(ErrorOf("<routes/>").message, HasSubstr("'routes', expected fcd-export"));
  const Error time =
      ErrorOf("<fcd-export>\n<timestep time=\"2\"/>\n<timestep time=\"2\"/></fcd-export>");
  EXPECT_EQ(time.where, "trace:3");
  EXPECT_THAT(time.message, HasSubstr("no later than"));
  EXPECT_THAT(ErrorOf("<fcd-export><timestep time=\"x\"/></fcd-export>").message, HasSubstr("'x'"));
  EXPECT_THAT(
      ErrorOf("<fcd-export><timestep time=\"1\"><vehicle id=\"a\" x=\"1\" y=\"z\"/>").message,
      HasSubstr("expected numbers"));
  EXPECT_THAT(ErrorOf("<fcd-export><timestep time=\"1\"><vehicle x=\"1\" y=\"2\"/>").message,
              HasSubstr("an id is empty"));
  EXPECT_EQ(ErrorOf("<fcd-export>\n<timestep time=\"1\">\n<vehicle </fcd-export>").where,
            "trace:3");
  EXPECT_THAT(ErrorOf("<fcd-export><timestep time=\"1\"/></fcd-export>").message,
              HasSubstr("nobody is anywhere"));
  EXPECT_THAT(ErrorOf("<fcd-export/>").message, HasSubstr("no complete timestep"));
}

}  // namespace
}  // namespace delstep
