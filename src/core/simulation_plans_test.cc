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

// A message from C arrives at D at the very moment of its contact's end, which is the second change of
// that moment.
class ArrivalInInstantTest : public PlansTest {
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

// ---- What a node misses while it is down.

TEST_F(PlansTest, ANodeHearsAfterItsOutageWhoHasPartedOrGoneMeanwhile) {
  // A is away from 2 s to 6 s. Meanwhile B parts, C goes, and D goes and comes back.
  fakes::AddContacts(fake_.registry, {{At(0s), kA, kB, true},
                                      {At(0s), kA, kC, true},
                                      {At(0s), kA, kD, true},
                                      {At(3s), kA, kB, false}});
  fakes::AddListedChurn(fake_.registry, {{At(2s), kA, false},
                                         {At(4s), kC, false},
                                         {At(4s), kD, false},
                                         {At(5s), kD, true},
                                         {At(6s), kA, true}});
  scenario_.topology.name = "contacts";
  scenario_.churn.name = "listed";
  scenario_.behaviour.name = "called";
  scenario_.behaviour.period = 1h;
  Begin();
  RunUntil(5s);
  calls_.clear();
  EXPECT_EQ(RunUntil(7s), 1u);  // all of it belongs to its coming back
  EXPECT_THAT(calls_, ElementsAre("6000ms 0 meet 3", "6000ms 3 meet 0", "6000ms 0 part 1",
                                  "6000ms 0 part 2"));
}

// ---- How far one looks.

TEST_F(PlansTest, WhatAListSaysIsFoundHoweverLateItComes) {
  for (const auto ends : {fakes::PlanEnds::kKnown, fakes::PlanEnds::kNever}) {
    FakeRun fake;
    fakes::AddListedChurn(fake.registry, {{At(10s), kA, false}, {At(100'000s), kA, true}}, ends);
    fake_.registry = fake.registry;
    scenario_.churn.name = "listed";
    Begin();
    RunUntil(10s);
    if (ends == fakes::PlanEnds::kKnown) {
      EXPECT_EQ(sim().looks_until(), SimTime::max());
      ASSERT_TRUE(sim().Next());
      EXPECT_EQ(sim().Next()->at, At(100'000s));
      EXPECT_TRUE(*sim().HandleNext(SimTime::max()));
    } else {
      // A day is looked at: 86,400 s. A limit says that more is wanted.
      EXPECT_EQ(sim().looks_until(), At(10s + 24h));
      EXPECT_FALSE(sim().Next());
      EXPECT_FALSE(*sim().HandleNext(SimTime::max()));
      EXPECT_TRUE(*sim().HandleNext(At(200'000s)));
    }
    EXPECT_EQ(sim().now(), At(100'000s));
    EXPECT_TRUE(sim().IsUp(kA));
  }
}

TEST_F(PlansTest, ATrainingByHandWaitsForWhoComesBackAndNamesWhoDoesNot) {
  for (const auto ends : {fakes::PlanEnds::kKnown, fakes::PlanEnds::kNever}) {
    FakeRun fake;
    fakes::AddListedChurn(fake.registry, {{At(5s), kA, false}, {At(100'000s), kA, true}}, ends);
    fake_.registry = fake.registry;
    scenario_.churn.name = "listed";
    scenario_.compute.ms_per_example.a = 1000;
    scenario_.training.epochs = 1;
    Begin();
    const auto report = sim().Train(std::vector{kA, kB});  // 20 examples: 20 s
    ASSERT_TRUE(report);
    if (ends == fakes::PlanEnds::kKnown) {
      EXPECT_EQ(report->trained.size(), 2u);
      EXPECT_THAT(report->unfinished, IsEmpty());
      EXPECT_EQ(sim().now(), At(100'015s));  // 15 of the 20 s were left
    } else {
      EXPECT_EQ(report->trained.size(), 1u);
      EXPECT_THAT(report->unfinished, ElementsAre(kA));
      EXPECT_EQ(sim().now(), At(20s));
      EXPECT_FALSE(sim().View(kA).busy_until);
    }
  }
}

TEST_F(PlansTest, WhoIsAwayByPlanIsToldFromWhoWasTakenDown) {
  fakes::AddListedChurn(fake_.registry, {{At(1s), kA, false}, {At(5s), kA, true}});
  scenario_.churn.name = "listed";
  Begin();
  RunUntil(2s);
  ASSERT_TRUE(sim().SetUp(kB, false));
  EXPECT_TRUE(sim().View(kA).away);
  EXPECT_FALSE(sim().View(kB).away);
  EXPECT_FALSE(sim().View(kC).away);
}

// ---- Links by hand in the middle of an instant. One change of 10 s has been made, so the network
// stands a nanosecond before it.

class LinkInInstantTest : public PlansTest {
 protected:
  void BeginWith(Duration latency) {
    fakes::AddContacts(fake_.registry, {{At(0s), kA, kB, true},
                                        {At(0s), kC, kD, true},
                                        {At(10s), kA, kB, false},
                                        {At(100s), kC, kD, false}});
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

}  // namespace
}  // namespace delstep
