#include "page/moment_places.h"

#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using testing::IsEmpty;

class MomentPlacesTest : public SessionTest {
 protected:
  void MoveFirst(double x, double y) {
    ASSERT_TRUE(simulation_->Move(simulation_->Nodes().front(), x, y));
  }
  static constexpr std::size_t kOne = 4 * 2 * sizeof(float);  // four nodes
};

TEST_F(MomentPlacesTest, AreThoseOfTheMoment) {
  MomentPlaces places;
  MoveFirst(0.25, 0.5);
  places.Put(1, *simulation_);
  MoveFirst(0.5, 0.75);
  places.Put(2, *simulation_);
  ASSERT_EQ(places.At(1).size(), 4U);
  EXPECT_EQ(places.At(1).front(), (Position{.x = 0.25, .y = 0.5}));
  EXPECT_EQ(places.At(2).front(), (Position{.x = 0.5, .y = 0.75}));
  EXPECT_THAT(places.At(3), IsEmpty());
  // Made again after an undo.
  places.Put(1, *simulation_);
  EXPECT_EQ(places.At(1).front(), (Position{.x = 0.5, .y = 0.75}));
}

TEST_F(MomentPlacesTest, ForgetTheLowestMomentsBeyondTheirLimit) {
  MomentPlaces places(2 * kOne);
  // Moments 1 to 3 share what they have, so there is room for another one, and not for two.
  for (MomentNumber moment = 1; moment <= 3; ++moment) places.Put(moment, *simulation_);
  MoveFirst(0.5, 0.75);
  places.Put(4, *simulation_);
  for (MomentNumber moment = 1; moment <= 4; ++moment) EXPECT_EQ(places.At(moment).size(), 4U);
  MoveFirst(0.75, 0.25);
  places.Put(5, *simulation_);
  for (MomentNumber moment = 1; moment <= 3; ++moment) EXPECT_THAT(places.At(moment), IsEmpty());
  EXPECT_EQ(places.At(4).front(), (Position{.x = 0.5, .y = 0.75}));
  EXPECT_EQ(places.At(5).front(), (Position{.x = 0.75, .y = 0.25}));
}

}  // namespace
}  // namespace delstep
