// Changes of plan - contacts, nodes that come and go - and how far one looks for them.
#include <functional>
#include <string>
#include <vector>

#include "tests/fakes/time_fixture.h"

namespace delstep {
namespace {

class PlansTest : public TimeTest {
 protected:
  /// Nodes that note what they hear, in a run with the contacts and the churn that were added.
  void BeginToListen() {
    scenario_.topology.name = "contacts";
    scenario_.churn.name = "listed";
    scenario_.behaviour.name = "called";
    scenario_.behaviour.period = 1h;
    Begin();
  }
};

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
  BeginToListen();
  RunUntil(5s);
  calls_.clear();
  EXPECT_EQ(RunUntil(7s), 1u);  // all of it belongs to its coming back
  EXPECT_THAT(calls_, ElementsAre("6000ms 0 meet 3", "6000ms 3 meet 0", "6000ms 0 part 1",
                                  "6000ms 0 part 2"));
}

// A is away from 2 s to 6 s, and B in range from 3 s to 4 s: they never meet. C parts after A has gone,
// of which it has heard.
TEST_F(PlansTest, WhoComesAndGoesDuringAnOutageIsNeitherMetNorMissed) {
  for (const bool acting : {true, false}) {
    FakeRun fake;
    fakes::AddCalledBehaviour(fake.registry, [this](const std::string& what, Host& node) {
      calls_.push_back(std::to_string(Index(node.id())) + " " + what);
    });
    fakes::AddContacts(fake.registry, {{At(0s), kA, kC, true},
                                       {At(3s), kA, kB, true},
                                       {At(4s), kA, kB, false},
                                       {At(5s), kA, kC, false}});
    fakes::AddListedChurn(fake.registry, {{At(2s), kA, false}, {At(6s), kA, true}});
    fake_.registry = fake.registry;
    BeginToListen();
    RunUntil(1s);
    calls_.clear();
    if (!acting) {
      ASSERT_TRUE(sim().NetworkStep(6s));
    }
    RunUntil(8s);
    // Afterwards they hear of it in the order of nodes.
    const std::vector<std::string> heard = acting
                                               ? std::vector<std::string>{"2 part 0", "0 part 2"}
                                               : std::vector<std::string>{"0 part 2", "2 part 0"};
    EXPECT_EQ(calls_, heard);
  }
}

TEST_F(PlansTest, WhoIsOfflineByNewChurnIsMissedAndMetAgain) {
  fakes::AddListedChurn(fake_.registry, {{At(1s), kA, false}, {At(9s), kA, true}});
  scenario_.nodes.count = 2;
  scenario_.behaviour.name = "called";
  scenario_.behaviour.period = 1h;
  Begin();
  RunUntil(2s);
  scenario_.churn.name = "listed";
  ASSERT_TRUE(sim().Reconfigure(scenario_, "churn.name", "listed"));
  RunUntil(10s);
  EXPECT_THAT(calls_, ElementsAre("2000ms 1 part 0", "9000ms 0 meet 1", "9000ms 1 meet 0"));
}

// A and B go at once by the new churn. A stays away longer, so B must hear that it has lost A.
TEST_F(PlansTest, WhoGoTogetherByNewChurnMissEachOther) {
  for (const bool b_first : {false, true}) {
    FakeRun fake;
    fakes::AddCalledBehaviour(fake.registry, [this](const std::string& what, Host& node) {
      calls_.push_back(std::to_string(Index(node.id())) + " " + what);
    });
    const NodeId back = b_first ? kB : kA, away = b_first ? kA : kB;
    fakes::AddListedChurn(fake.registry,
                          {{At(1s), kA, false}, {At(1s), kB, false}, {At(5s), back, true}});
    fake_.registry = fake.registry;
    scenario_.nodes.count = 2;
    scenario_.churn.name = "none";
    scenario_.behaviour.name = "called";
    scenario_.behaviour.period = 1h;
    Begin();
    RunUntil(2s);
    calls_.clear();
    scenario_.churn.name = "listed";
    ASSERT_TRUE(sim().Reconfigure(scenario_, "churn.name", "listed"));
    RunUntil(6s);
    // Of the two that went down at once, in the order of nodes, the first had the second until then.
    const std::string lost = std::to_string(Index(back)) + " part " + std::to_string(Index(away));
    EXPECT_THAT(calls_, ElementsAre(lost));
  }
}

// Both are away as the run begins: they have never met.
TEST_F(PlansTest, WhoIsAwayAtTheStartHasLostNobody) {
  for (const bool b_first : {false, true}) {
    FakeRun fake;
    fakes::AddCalledBehaviour(fake.registry, [this](const std::string& what, Host& node) {
      calls_.push_back(std::to_string(Index(node.id())) + " " + what);
    });
    const NodeId first = b_first ? kB : kA, second = b_first ? kA : kB;
    fakes::AddListedChurn(
        fake.registry,
        {{At(0s), kA, false}, {At(0s), kB, false}, {At(5s), first, true}, {At(9s), second, true}});
    fake_.registry = fake.registry;
    scenario_.nodes.count = 2;
    scenario_.churn.name = "listed";
    scenario_.behaviour.name = "called";
    scenario_.behaviour.period = 1h;
    calls_.clear();
    Begin();
    RunUntil(8s);
    EXPECT_THAT(calls_, testing::IsEmpty());
    RunUntil(10s);
    EXPECT_THAT(calls_, testing::UnorderedElementsAre("0 meet 1", "1 meet 0"));
  }
}

// Without contacts a node that is removed while it is down was lost as it went.
TEST_F(PlansTest, WhoIsRemovedWhileItIsDownIsMissedOnce) {
  scenario_.nodes.count = 2;
  scenario_.behaviour.name = "called";
  scenario_.behaviour.period = 1h;
  Begin();
  calls_.clear();
  ASSERT_TRUE(sim().SetUp(kA, false));
  RunUntil(1s);
  ASSERT_TRUE(sim().RemoveNode(kA));
  RunUntil(2s);
  EXPECT_THAT(calls_, ElementsAre("0ms 1 part 0"));
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

// 20 examples of 5000 s: 100,000 s, and a day has 86,400.
TEST_F(PlansTest, ATrainingThatTakesLongerThanADayIsWaitedFor) {
  using Act = std::function<Result<StepReport>()>;
  const Act train = [&] { return sim().Train(kAll); };
  const Act step = [&] { return sim().Step(kAll); };
  for (const bool drawn : {false, true})
    for (const Act& act : {train, step}) {
      FakeRun fake;
      // Drawn: A goes after more than a day, and pauses for 5000 s.
      fakes::AddListedChurn(fake.registry, {{At(90'000s), kA, false}, {At(95'000s), kA, true}},
                            fakes::PlanEnds::kNever);
      fake_.registry = fake.registry;
      if (drawn) scenario_.churn.name = "listed";
      scenario_.compute.ms_per_example.a = 5'000'000;
      scenario_.training.epochs = 1;
      Begin();
      const auto report = act();
      ASSERT_TRUE(report);
      EXPECT_EQ(report->trained.size(), kAll.size());
      EXPECT_THAT(report->unfinished, IsEmpty());
      EXPECT_EQ(sim().now(), drawn ? At(105'000s) : At(100'000s));
    }
}

TEST_F(PlansTest, ATurnThatIsDueInTwoDaysIsFoundAndWhatADrawnPlanBringsBeforeIt) {
  fakes::AddListedChurn(fake_.registry, {{At(30h), kA, false}, {At(31h), kA, true}},
                        fakes::PlanEnds::kNever);
  scenario_.nodes.count = 2;
  scenario_.behaviour.name = "called";
  scenario_.behaviour.period = 48h;
  for (const bool drawn : {false, true}) {
    if (drawn) scenario_.churn.name = "listed";
    Begin();
    const std::vector<Duration> times = drawn ? std::vector<Duration>{30h, 31h, 48h, 48h, 96h}
                                              : std::vector<Duration>{48h, 48h, 96h};
    for (const Duration time : times) {
      ASSERT_TRUE(sim().Next());
      EXPECT_EQ(sim().Next()->at, At(time));
      ASSERT_TRUE(*sim().HandleNext(SimTime::max()));
      EXPECT_EQ(sim().now(), At(time));
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

}  // namespace
}  // namespace delstep
