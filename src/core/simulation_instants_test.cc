// What happens, and what a person does, between two happenings of one instant.
#include <functional>
#include <string>
#include <vector>

#include "tests/fakes/time_fixture.h"

namespace delstep {
namespace {

class InstantTest : public TimeTest {
 protected:
  /// `happenings` of the instant `at`, and no more.
  void HandleOnly(std::size_t happenings, Duration at) {
    RunUntil(at - Duration(1));
    for (std::size_t i = 0; i < happenings; ++i) ASSERT_TRUE(*sim().HandleNext(At(at)));
    ASSERT_EQ(sim().now(), At(at));
  }
};

// ---- Between two changes of one instant.

TEST_F(InstantTest, ANetworkStepMakesWhatIsLeftOfTheLastInstantOfThePlans) {
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

TEST_F(InstantTest, ANetworkStepTakesAllNodesOfTheLastInstantDown) {
  fakes::AddListedChurn(fake_.registry, {{At(10s), kA, false}, {At(10s), kB, false}});
  scenario_.churn.name = "listed";
  Begin();
  HandleOnly(1, 10s);
  ASSERT_TRUE(sim().IsUp(kB));
  ASSERT_TRUE(sim().NetworkStep(std::vector{kC}, 5s));
  EXPECT_FALSE(sim().IsUp(kB));
}

// A message from C arrives at D at the very moment of its contact's end, which is the second change of
// that moment.
class ArrivalInInstantTest : public InstantTest {
 protected:
  void BeginPlans() {
    fakes::AddContacts(fake_.registry, {{At(0s), kA, kB, true},
                                        {At(0s), kA, kC, true},
                                        {At(0s), kC, kD, true},
                                        {At(10s), kA, kB, false},
                                        {At(10s), kC, kD, false}});
    scenario_.topology.name = "contacts";
    scenario_.network.link.latency.a = 10s;
    scenario_.behaviour.name = "called";
    scenario_.behaviour.period = 1h;
    Begin();
    ASSERT_TRUE(sim().Send(kC, kD));
  }
  void ExpectLost() {
    ASSERT_EQ(EventsOf<Lost>().size(), 1u);
    EXPECT_EQ(EventsOf<Lost>()[0].reason, LossReason::kContact);
    EXPECT_EQ(EventsOf<Lost>()[0].at, At(10s));
    EXPECT_EQ(sim().Traffic().delivered, 0u);
  }
};

TEST_F(ArrivalInInstantTest, IsLostAlsoIfSomebodySendsAfterTheFirstChange) {
  act_ = [](const std::string& what, Host& node) {
    if (what == "part 1") node.Send(kC);
  };
  BeginPlans();
  RunUntil(11s);
  ExpectLost();
}

TEST_F(ArrivalInInstantTest, IsLostAlsoIfAPersonActsAfterTheFirstChange) {
  BeginPlans();
  HandleOnly(1, 10s);
  ASSERT_TRUE(sim().NetworkStep(1s));
  ExpectLost();
}

TEST_F(ArrivalInInstantTest, IsLostAlsoIfItsReceiverGoesAfterTheFirstChange) {
  fakes::AddListedChurn(fake_.registry, {{At(10s), kB, false}, {At(10s), kD, false}});
  scenario_.churn.name = "listed";
  act_ = [](const std::string& what, Host& node) {
    if (what == "part 1") node.Send(kC);
  };
  BeginPlans();
  RunUntil(11s);
  ASSERT_EQ(EventsOf<Lost>().size(), 1u);
  EXPECT_EQ(EventsOf<Lost>()[0].reason, LossReason::kDown);
  EXPECT_EQ(sim().Traffic().delivered, 0u);
}

// A message to B arrives at 10 s, and one to C, of which the first is handled.
TEST_F(InstantTest, WhatHasArrivedIsNotLostByNewChurn) {
  fakes::AddListedChurn(fake_.registry, {{At(5s), kC, false}});
  scenario_.network.link.latency.a = 10s;
  Begin();
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().Send(kA, kC));
  HandleOnly(1, 10s);
  ASSERT_EQ(sim().View(kC).inbox, 0u);
  scenario_.churn.name = "listed";
  ASSERT_TRUE(sim().Reconfigure(scenario_, "churn.name", "listed"));
  EXPECT_FALSE(sim().IsUp(kC));
  EXPECT_EQ(sim().View(kC).inbox, 1u);
  EXPECT_THAT(EventsOf<Lost>(), IsEmpty());
}

// ---- Links by hand in the middle of an instant. One change of 10 s has been made, so the network
// stands a nanosecond before it.

class LinkInInstantTest : public InstantTest {
 protected:
  void BeginWith(Duration latency, Duration ends = 100s) {
    fakes::AddContacts(fake_.registry, {{At(0s), kA, kB, true},
                                        {At(0s), kC, kD, true},
                                        {At(10s), kA, kB, false},
                                        {At(ends), kC, kD, false}});
    scenario_.topology.name = "contacts";
    scenario_.network.link.latency.a = latency;
    Begin();
    LinkChange own;
    own.loss = 0.0;
    ASSERT_TRUE(sim().ChangeLink(kC, kD, own));
    ASSERT_TRUE(sim().Send(kC, kD));
    HandleOnly(1, 10s);
  }
};

TEST_F(LinkInInstantTest, WhatALinkEndsItEndsNow) {
  BeginWith(12s);
  LinkChange down;
  down.up = false;
  ASSERT_TRUE(sim().ChangeLink(kC, kD, down));
  ASSERT_EQ(EventsOf<Lost>().size(), 1u);
  EXPECT_EQ(EventsOf<Lost>()[0].at, At(10s));
}

TEST_F(LinkInInstantTest, WhatArrivesAtThatMomentComesIntoTheInboxBefore) {
  using Act = std::function<bool()>;
  const Act change = [&] {
    LinkChange down;
    down.up = false;
    return sim().ChangeLink(kC, kD, down).ok();
  };
  const Act reset = [&] { return sim().ResetLinks(sim().Links()).ok(); };
  const Act loss = [&] { return sim().SetDefaultLoss(1).ok(); };
  const Act latency = [&] {
    Scenario changed = scenario_;
    changed.network.link.latency.a = 1s;
    return sim().Reconfigure(changed, "network.latency", "1s").ok();
  };
  for (const Act& act : {change, reset, loss, latency}) {
    fake_.registry = FakeRun().registry;
    BeginWith(10s);
    ASSERT_TRUE(act());
    EXPECT_EQ(sim().View(kD).inbox, 1u);
    EXPECT_EQ(sim().View(kD).waiting, 0u);
  }
}

TEST_F(LinkInInstantTest, AMoveThatIsRefusedChangesNothing) {
  BeginWith(10s);
  const std::uint64_t before = sim().WorldHash();
  ASSERT_FALSE(sim().Move(kA, -1, 0));
  EXPECT_EQ(sim().WorldHash(), before);
}

// The message from C to D arrives at 10 s too, so the rest of the instant comes before what a person does:
// and C and D part in it.
TEST_F(LinkInInstantTest, WhoPartsInTheRestOfTheInstantIsNotLinkedAgain) {
  using Act = std::function<void()>;
  LinkChange lossy;
  lossy.loss = 1.0;
  const std::vector<NodeId> pair = {kC, kD};
  const Act change = [&] {
    const auto refused = sim().ChangeLink(kC, kD, lossy);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message, "10.0.0.3 and 10.0.0.4 are not in contact now");
  };
  const Act change_all = [&] {
    EXPECT_THAT(sim().ChangeLinks(sim().LinksAmong(pair), lossy)->links, IsEmpty());
  };
  const Act reset = [&] {
    EXPECT_THAT(sim().ResetLinks(sim().LinksAmong(pair))->links, IsEmpty());
  };
  for (const Act& act : {change, change_all, reset}) {
    fake_.registry = FakeRun().registry;
    BeginWith(10s, 10s);
    ASSERT_TRUE(sim().AreNeighbours(kC, kD));
    act();
    EXPECT_FALSE(sim().AreNeighbours(kC, kD));
    EXPECT_FALSE(sim().AreNeighbours(kD, kC));
    EXPECT_EQ(sim().Traffic().lost, 1u);
  }
}

}  // namespace
}  // namespace delstep
