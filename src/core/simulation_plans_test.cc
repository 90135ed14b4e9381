// Changes of plan - contacts, nodes that come and go - and what a person does in the middle of them.
#include <string>
#include <vector>

#include "tests/fakes/time_fixture.h"

namespace delstep {
namespace {

class PlansTest : public TimeTest {
 protected:
  /// `changes` happenings of the instant `at`, and no more.
  void HandleOnly(std::size_t happenings, Duration at) {
    RunUntil(at - Duration(1));
    for (std::size_t i = 0; i < happenings; ++i) ASSERT_TRUE(*sim().HandleNext(At(at)));
    ASSERT_EQ(sim().now(), At(at));
  }
};

// ---- Between two changes of one instant.

TEST_F(PlansTest, ANetworkStepMakesWhatIsLeftOfTheLastInstantOfThePlans) {
  fakes::AddContacts(fake_.registry, {{At(0s), kA, kB, true},
                                      {At(0s), kC, kD, true},
                                      {At(10s), kA, kB, false},
                                      {At(10s), kC, kD, false}});
  scenario_.topology.name = "contacts";
  scenario_.network.link.latency.a = 12s;
  Begin();
  ASSERT_TRUE(sim().Send(kC, kD));
  HandleOnly(1, 10s);  // A and B have parted, C and D not yet
  ASSERT_TRUE(sim().AreNeighbours(kC, kD));
  ASSERT_TRUE(sim().NetworkStep(5s));
  EXPECT_FALSE(sim().AreNeighbours(kC, kD));
  ASSERT_EQ(EventsOf<Lost>().size(), 1u);
  EXPECT_EQ(EventsOf<Lost>()[0].reason, LossReason::kContact);
  EXPECT_EQ(EventsOf<Lost>()[0].at, At(10s));
  EXPECT_EQ(sim().Contacts()[1].seconds, 10);
}

TEST_F(PlansTest, ANetworkStepTakesAllNodesOfTheLastInstantDown) {
  fakes::AddListedChurn(fake_.registry, {{At(10s), kA, false}, {At(10s), kB, false}});
  scenario_.churn.name = "listed";
  Begin();
  HandleOnly(1, 10s);
  ASSERT_TRUE(sim().IsUp(kB));
  ASSERT_TRUE(sim().NetworkStep(std::vector{kC}, 5s));
  EXPECT_FALSE(sim().IsUp(kB));
}

}  // namespace
}  // namespace delstep
