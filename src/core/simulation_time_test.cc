// Time that runs by itself: which happenings come, when, and in which order.
#include <set>
#include <string>
#include <vector>

#include "tests/fakes/time_fixture.h"

namespace delstep {
namespace {

// ---- Trainings that take time. A node has 20 examples.

TEST_F(TimeTest, ATrainingByHandLastsUntilTheSlowestNodeIsDone) {
  scenario_.compute.ms_per_example = {.a = 10};
  scenario_.training.epochs = 3;
  Begin();
  const std::vector<NodeId> two = {kA, kC};
  ASSERT_TRUE(sim().Train(two));
  EXPECT_EQ(sim().now(), At(600ms));  // 20 examples, 3 epochs, 10 ms
  EXPECT_EQ(sim().View(kA).trained, 1u);
  EXPECT_EQ(sim().View(kB).trained, 0u);
  EXPECT_THAT(TimesOf<TrainingStarted>(), ElementsAre(0, 0));
  EXPECT_THAT(TimesOf<Trained>(), ElementsAre(600, 600));
}

TEST_F(TimeTest, AStepWithATrainingThatMayNotTakeSoLongChangesNothing) {
  scenario_.compute.ms_per_example = {.a = 1e9};
  scenario_.training.epochs =
      51;  // 20 examples, 51 epochs, 1e6 s: above the 1e9 s that are allowed
  Begin();
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep(1s));
  const std::uint64_t before = sim().WorldHash();
  const auto step = sim().Step(kAll);  // kB would aggregate, and the others train
  ASSERT_FALSE(step);
  EXPECT_EQ(step.error().code, ErrorCode::kRefused);
  EXPECT_THAT(step.error().message, HasSubstr("10.0.0.1"));
  EXPECT_THAT(step.error().message, HasSubstr("at most 1e9 s"));
  EXPECT_EQ(sim().WorldHash(), before);
  EXPECT_EQ(sim().View(kB).inbox, 1u);
}

TEST_F(TimeTest, WhatIsQueuedWaitsWhileSomebodyTrainsAndWhatIsOnTheWayArrives) {
  scenario_.compute.ms_per_example = {.a = 10};
  scenario_.training.epochs = 1;
  Begin();
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().NetworkStep(1ms));
  ASSERT_TRUE(sim().Send(kA, kC));
  ASSERT_TRUE(sim().Train(std::vector{kA}));
  EXPECT_EQ(sim().now(), At(201ms));
  EXPECT_EQ(sim().View(kB).inbox, 1u);  // after 10 ms
  EXPECT_EQ(sim().queued(), 1u);
}

TEST_F(TimeTest, ClassesOfSpeedAreDrawnOnceForEachNode) {
  scenario_.compute.ms_per_example = {.kind = Distribution::Kind::kClasses, .classes = {1, 100}};
  scenario_.training.epochs = 1;
  Begin();
  std::vector<Duration> first, second;
  for (auto* times : {&first, &second})
    for (const NodeId node : kAll) {
      const SimTime before = sim().now();
      ASSERT_TRUE(sim().Train(std::vector{node}));
      times->push_back(sim().now() - before);
      EXPECT_TRUE(times->back() == 20ms || times->back() == 2000ms);
    }
  EXPECT_EQ(first, second);
}

TEST_F(TimeTest, ANodeThatIsTrainingIsSkippedOrNamed) {
  scenario_.compute.ms_per_example = {.a = 10};
  scenario_.behaviour.name = "called";
  act_ = [](const std::string& what, Host& node) {
    if (what == "turn" && node.id() == kB) node.Train();
  };
  Begin();
  RunUntil(1s);
  EXPECT_EQ(sim().View(kB).busy_until, At(2s));  // 20 examples, 5 epochs
  const auto single = sim().Train(std::vector{kB});
  ASSERT_FALSE(single);
  EXPECT_THAT(single.error().message, HasSubstr("10.0.0.2 is still training, until 2 s"));
  const auto all = sim().Aggregate(kAll);
  ASSERT_TRUE(all);
  EXPECT_THAT(all->busy, ElementsAre(kB));
  EXPECT_EQ(all->aggregated.size(), 3u);
}

// ---- Turns.

TEST_F(TimeTest, TurnsComeEveryPeriodUpToAndIncludingTheEnd) {
  scenario_.nodes.count = 2;
  scenario_.behaviour.name = "called";
  Begin();
  EXPECT_EQ(RunUntil(2s), 4u);
  EXPECT_THAT(calls_,
              ElementsAre("1000ms 0 turn", "1000ms 1 turn", "2000ms 0 turn", "2000ms 1 turn"));
  EXPECT_EQ(sim().now(), At(2s));
  EXPECT_EQ(EventsOf<TurnTaken>().back().turn, 2u);
}

TEST_F(TimeTest, TurnsThatFallIntoANetworkStepAreSkipped) {
  scenario_.nodes.count = 2;
  scenario_.behaviour.name = "called";
  Begin();
  RunUntil(1s);
  ASSERT_TRUE(sim().NetworkStep(2s));  // over the turns at 2 s and 3 s
  calls_.clear();
  RunUntil(4s);
  EXPECT_THAT(calls_, ElementsAre("4000ms 0 turn", "4000ms 1 turn"));
  EXPECT_EQ(EventsOf<TurnTaken>().back().turn, 4u);
}

TEST_F(TimeTest, ATurnOfABusyNodeComesWhenItsTrainingHasEnded) {
  scenario_.nodes.count = 2;
  scenario_.compute.ms_per_example = {.a = 25};  // 40 examples, 1 epoch: 1 s
  scenario_.partition.samples_per_node = 40;
  scenario_.training.epochs = 1;
  scenario_.behaviour.name = "called";
  scenario_.behaviour.period = 700ms;
  act_ = [](const std::string& what, Host& node) {
    if (what == "turn" && node.id() == kA) node.Train();
  };
  Begin();
  RunUntil(2s);
  // The turn at 1.4 s is pending until the training that began at 0.7 s has ended.
  EXPECT_THAT(calls_, ElementsAre("700ms 0 turn", "700ms 1 turn", "1400ms 1 turn",
                                  "1700ms 0 trained", "1700ms 0 turn"));
}

TEST_F(TimeTest, JitterIsDrawnForEachTurnAndNodeAndStaysInItsBounds) {
  scenario_.behaviour.name = "called";
  scenario_.behaviour.jitter = 500ms;
  Begin();
  RunUntil(10s);
  const auto times = TimesOf<TurnTaken>();
  ASSERT_GE(times.size(), 36u);
  std::set<std::int64_t> distinct;
  for (const std::int64_t time : times) {
    EXPECT_LT(time % 1000, 500);
    distinct.insert(time % 1000);
  }
  EXPECT_GT(distinct.size(), times.size() / 2);
}

// ---- The order of one instant.

TEST_F(TimeTest, TrainingsThatTakeNoTimeEndAfterAllTurnsOfTheInstant) {
  scenario_.nodes.count = 3;
  scenario_.behaviour.name = "called";
  act_ = [](const std::string& what, Host& node) {
    if (what == "turn") node.Train();
  };
  Begin();
  RunUntil(1s);
  EXPECT_THAT(calls_, ElementsAre("1000ms 0 turn", "1000ms 1 turn", "1000ms 2 turn",
                                  "1000ms 0 trained", "1000ms 1 trained", "1000ms 2 trained"));
}

TEST_F(TimeTest, AMessageThatArrivesAtTheEndOfAContactIsLostAndOneThatArrivesBeforeIsNot) {
  for (const Duration latency : {3000ms, 2999ms}) {
    FakeRun fake;
    fakes::AddContacts(fake.registry, {{At(0s), kA, kB, true}, {At(3s), kA, kB, false}});
    scenario_.topology.name = "contacts";
    scenario_.network.link.latency.a = latency;
    fake_.registry = fake.registry;
    Begin();
    ASSERT_TRUE(sim().AreNeighbours(kA, kB));
    ASSERT_TRUE(sim().Send(kA, kB));
    RunUntil(5s);
    EXPECT_FALSE(sim().AreNeighbours(kA, kB));
    if (latency == 2999ms) {
      EXPECT_EQ(EventsOf<Delivered>().size(), 1u);
      continue;
    }
    const auto lost = EventsOf<Lost>();
    ASSERT_EQ(lost.size(), 1u);
    EXPECT_EQ(lost[0].reason, LossReason::kContact);
    EXPECT_EQ(lost[0].at, At(3s));
  }
}

// The model of the fake has 3 numbers: 76 bytes are 608 bits, at 200 bit/s 3.04 s.
TEST_F(TimeTest, AContactThatIsTooShortForTheMessageLosesIt) {
  for (const Duration contact : {3s, 4s}) {
    FakeRun fake;
    fakes::AddContacts(fake.registry, {{At(0s), kA, kB, true}, {At(contact), kA, kB, false}});
    scenario_.topology.name = "contacts";
    scenario_.network.link = {.bandwidth = 200};
    fake_.registry = fake.registry;
    Begin();
    ASSERT_TRUE(sim().Send(kA, kB));
    RunUntil(5s);
    EXPECT_EQ(sim().Traffic().delivered, contact == 4s ? 1u : 0u);
    EXPECT_EQ(sim().Traffic().lost, contact == 4s ? 0u : 1u);
    if (contact == 4s) {
      EXPECT_EQ(EventsOf<Delivered>()[0].arrived, At(3040ms));
    }
  }
}

TEST_F(TimeTest, ANodeThatComesOnlineAtTheVeryMomentOfAnArrivalGetsIt) {
  fakes::AddListedChurn(
      fake_.registry,
      {{At(5ms), kB, false}, {At(5ms), kC, false}, {At(16ms), kB, true}, {At(17ms), kC, true}});
  scenario_.churn.name = "listed";
  Begin();
  RunUntil(6ms);
  ASSERT_TRUE(sim().Send(kA, kB));  // both arrive at 16 ms
  ASSERT_TRUE(sim().Send(kA, kC));
  RunUntil(1s);
  ASSERT_EQ(EventsOf<Delivered>().size(), 1u);
  EXPECT_EQ(EventsOf<Delivered>()[0].message.to, kB);
  EXPECT_EQ(EventsOf<Lost>()[0].reason, LossReason::kDown);
  EXPECT_TRUE(EventsOf<NodeWentDown>()[0].planned);
}

TEST_F(TimeTest, ContactsAreMetAndCounted) {
  fakes::AddContacts(fake_.registry, {{At(1s), kA, kB, true},
                                      {At(2s), kB, kC, true},
                                      {At(3s), kA, kB, false},
                                      {At(3s), kA, kC, true},
                                      {At(4s), kA, kB, true}});
  scenario_.topology.name = "contacts";
  scenario_.behaviour.name = "called";
  scenario_.behaviour.period = 1h;
  Begin();
  RunUntil(5s);
  EXPECT_THAT(calls_, ElementsAre("1000ms 0 meet 1", "1000ms 1 meet 0", "2000ms 1 meet 2",
                                  "2000ms 2 meet 1", "3000ms 0 part 1", "3000ms 1 part 0",
                                  "3000ms 0 meet 2", "3000ms 2 meet 0", "4000ms 0 meet 1",
                                  "4000ms 1 meet 0"));
  const auto contacts = sim().Contacts();
  ASSERT_EQ(contacts.size(), 3u);
  EXPECT_EQ(contacts[0].count, 2u);  // A and B: 2 s, and 1 s so far
  EXPECT_EQ(contacts[0].seconds, 3);
  EXPECT_TRUE(contacts[0].now);
  EXPECT_EQ(contacts[1].seconds, 2);  // A and C
  EXPECT_EQ(EventsOf<ContactEnded>()[0].began, At(1s));
}

TEST_F(TimeTest, ContactsThatBeganWhileNobodyActedAreMetWhenNodesAct) {
  fakes::AddContacts(fake_.registry, {{At(0s), kA, kB, true},
                                      {At(1s), kA, kC, true},
                                      {At(2s), kB, kC, true},
                                      {At(3s), kB, kC, false},
                                      {At(9s), kA, kB, false}});
  scenario_.topology.name = "contacts";
  scenario_.behaviour.name = "called";
  scenario_.behaviour.period = 1h;
  Begin();
  ASSERT_TRUE(sim().NetworkStep(4s));
  EXPECT_THAT(calls_, IsEmpty());
  RunUntil(5s);
  // B and C have parted again before anybody could act.
  EXPECT_THAT(calls_, ElementsAre("4000ms 0 meet 1", "4000ms 0 meet 2", "4000ms 1 meet 0",
                                  "4000ms 1 part 2", "4000ms 2 meet 0", "4000ms 2 part 1"));
  LinkChange up;
  up.up = true;
  const auto refused = sim().ChangeLink(kB, kC, up);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "10.0.0.2 and 10.0.0.3 are not in contact now");
  // Who leaves is in contact with nobody any more.
  ASSERT_TRUE(sim().RemoveNode(kC));
  RunUntil(8s);
  const auto contacts = sim().Contacts();
  ASSERT_EQ(contacts.size(), 3u);
  EXPECT_FALSE(contacts[1].now);      // A and C
  EXPECT_EQ(contacts[1].seconds, 4);  // from 1 s to 5 s
  EXPECT_EQ(calls_.back(), "5000ms 0 part 2");
}

TEST_F(TimeTest, WhoIsTakenDownAndUpByHandIsMissedAndMetAgain) {
  scenario_.nodes.count = 2;
  scenario_.behaviour.name = "called";
  scenario_.behaviour.period = 1h;
  Begin();
  ASSERT_TRUE(sim().SetUp(kA, false));
  RunUntil(1s);
  ASSERT_TRUE(sim().SetUp(kA, true));
  RunUntil(2s);
  EXPECT_THAT(calls_, ElementsAre("0ms 1 part 0", "1000ms 0 meet 1", "1000ms 1 meet 0"));
}

// ---- Offline.

TEST_F(TimeTest, ATrainingPausesIsLostOrGoesOnWhileItsNodeIsOffline) {
  struct Case {
    const char* offline;
    std::vector<std::int64_t> trained;
  };
  // A training of 2 s from 1 s on; offline from 2 s to 5 s.
  for (const Case& one : {Case{"pause", {6000}}, Case{"lose", {}}, Case{"continue", {3000}}}) {
    FakeRun fake;
    fakes::AddListedChurn(fake.registry, {{At(2s), kA, false}, {At(5s), kA, true}});
    fakes::AddCalledBehaviour(fake.registry, [&](const std::string& what, Host& node) {
      if (what == "turn" && node.id() == kA && node.now() == At(1s)) node.Train();
    });
    fake_.registry = fake.registry;
    scenario_.churn.name = "listed";
    scenario_.behaviour.name = "called";
    scenario_.compute.ms_per_example.a = 100;
    scenario_.compute.offline = one.offline;
    scenario_.training.epochs = 1;
    Begin();
    RunUntil(10s);
    EXPECT_EQ(TimesOf<Trained>(), one.trained) << one.offline;
  }
}

TEST_F(TimeTest, ANodeThatIsOfflineTakesNoTurnsAndSendsWhatItHasQueuedWhenItIsBack) {
  fakes::AddListedChurn(fake_.registry, {{At(500ms), kA, false}, {At(2500ms), kA, true}});
  scenario_.nodes.count = 2;
  scenario_.churn.name = "listed";
  scenario_.behaviour.name = "called";
  Begin();
  RunUntil(400ms);
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().SetUp(kA, false));
  RunUntil(3s);
  EXPECT_THAT(calls_, ElementsAre("400ms 1 part 0", "1000ms 1 turn", "2000ms 1 turn",
                                  "2500ms 0 meet 1", "2500ms 1 meet 0", "2510ms 1 receive 0",
                                  "3000ms 0 turn", "3000ms 1 turn"));
}

TEST_F(TimeTest, WhatIsSentBetweenTwoChangesOfOneMomentIsHandledInThatMoment) {
  fakes::AddListedChurn(
      fake_.registry,
      {{At(1s), kA, false}, {At(1s), kB, false}, {At(3s), kA, true}, {At(3s), kB, true}});
  scenario_.churn.name = "listed";
  scenario_.network.link = {};  // no latency
  scenario_.behaviour.name = "called";
  scenario_.behaviour.period = 1h;
  act_ = [](const std::string& what, Host& node) {
    if (what == "meet 2") node.Send(kC);
  };
  Begin();
  RunUntil(3s);
  EXPECT_EQ(sim().in_flight(), 0u);
  EXPECT_EQ(EventsOf<Delivered>().size(), 2u);
  EXPECT_EQ(RunUntil(3s), 0u);
}

// ---- Runs in parts, and going back.

/// Everybody sends its model to everybody in a turn, trains on what comes, and merges.
void ActLively(const std::string& what, Host& node) {
  if (what == "turn") {
    for (const NodeId peer : node.neighbours()) node.Send(peer);
  } else if (what.starts_with("receive")) {
    if (!node.busy()) {
      const auto inbox = node.inbox();
      const MergeTerm term{inbox[0].id, 0.25 + 0.25 * node.Draw().Uniform()};
      node.Merge(1 - term.weight, {&term, 1});
      node.Train();
    }
  } else if (what == "trained") {
    node.memory()[0] += 1;
  }
}

class LivelyTest : public TimeTest {
 protected:
  LivelyTest() {
    act_ = ActLively;
    fakes::AddListedChurn(fake_.registry,
                          {{At(1200ms), kA, false}, {At(2500ms), kA, true}, {At(3s), kC, false}});
    scenario_.churn.name = "listed";
    scenario_.behaviour.name = "called";
    scenario_.behaviour.jitter = 300ms;
    scenario_.network.link.latency = {Latency::Kind::kUniform, 10ms, 400ms};
    scenario_.network.link.loss = 0.2;
    scenario_.compute.ms_per_example = {.a = 4};
    scenario_.training.epochs = 1;
    Begin();
  }
};

TEST_F(LivelyTest, ARunInPartsIsTheRunInOnePiece) {
  const auto start = sim().TakeSnapshot();
  ASSERT_TRUE(start);
  RunUntil(5s);
  const std::uint64_t hash = sim().WorldHash();
  const auto calls = calls_;
  ASSERT_GT(calls.size(), 60u);
  Random random(MakeKey(1, Purpose::kData));
  for (int times = 0; times < 20; ++times) {
    ASSERT_TRUE(sim().Restore(*start));
    calls_.clear();
    while (sim().now() < At(5s)) {
      const auto step = Duration(random.Below(700'000'000));
      RunUntil(std::min<Duration>(sim().now().time_since_epoch() + step, 5s));
      // Looking back and forth changes nothing.
      const auto here = sim().TakeSnapshot();
      ASSERT_TRUE(here);
      if (random.Chance(0.3)) {
        const auto made = calls_.size();
        RunUntil(sim().now().time_since_epoch() + 300ms);
        ASSERT_TRUE(sim().Restore(*here));
        calls_.resize(made);
      }
    }
    EXPECT_EQ(sim().WorldHash(), hash);
    EXPECT_EQ(calls_, calls);
  }
}

TEST_F(LivelyTest, ARunThatIsSavedAtAnyHappeningGoesOnAlike) {
  RunUntil(5s);
  const std::uint64_t hash = sim().WorldHash();
  for (const std::size_t stop : {1u, 7u, 20u, 33u, 48u, 61u}) {
    Begin();
    ASSERT_TRUE(sim().Transmit());
    for (std::size_t i = 0; i < stop; ++i) ASSERT_TRUE(sim().HandleNext(At(5s)));
    const auto saved = sim().SaveState();
    ASSERT_TRUE(saved) << saved.error().message;
    std::string bytes;
    for (const auto& piece : saved->bytes->Pieces())
      bytes.append(reinterpret_cast<const char*>(piece.data()), piece.size());
    auto resumed = Simulation::Resume(scenario_, fake_.registry, bytes);
    ASSERT_TRUE(resumed) << resumed.error().message;
    EXPECT_EQ((*resumed)->WorldHash(), sim().WorldHash());
    simulation_ = *std::move(resumed);
    RunUntil(5s);
    EXPECT_EQ(sim().WorldHash(), hash) << stop;
  }
}

TEST_F(LivelyTest, MessagesAddUpBetweenAnyTwoHappenings) {
  ASSERT_TRUE(sim().Transmit());
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(sim().HandleNext(At(5s)));
    const TrafficCounts counts = sim().Traffic();
    ASSERT_EQ(counts.sent, counts.delivered + counts.lost + counts.in_flight);
  }
}

TEST_F(LivelyTest, ATrainingThatFailsEndsTheRunWithItsErrorAndTheRestGoesOn) {
  fake_.faults->failing = {kB};
  ASSERT_TRUE(sim().Transmit());
  bool failed = false;
  while (sim().now() < At(5s)) {
    const auto more = sim().HandleNext(At(5s));
    if (more) continue;
    failed = true;
    EXPECT_THAT(more.error().message, HasSubstr("10.0.0.2: the loss is not finite"));
  }
  EXPECT_TRUE(failed);
  EXPECT_GT(sim().View(kD).trained, 0u);
}

// ---- Planned commands, positions.

TEST_F(TimeTest, PlannedCommandsAreDueInTheOrderOfTheirTimesAndNumbers) {
  Begin();
  EXPECT_EQ(*sim().AddPlan({.at = At(2s), .command = "two"}), 1u);
  EXPECT_EQ(*sim().AddPlan({.at = At(1s), .every = 1s, .command = "every"}), 2u);
  EXPECT_EQ(*sim().AddPlan({.at = At(2s), .command = "gone"}), 3u);
  EXPECT_TRUE(sim().DeletePlan(3));
  EXPECT_FALSE(sim().DeletePlan(3));
  EXPECT_FALSE(sim().TakeDuePlan());
  RunUntil(2s);
  EXPECT_EQ(sim().TakeDuePlan()->command, "every");
  EXPECT_EQ(sim().TakeDuePlan()->command, "two");
  EXPECT_EQ(sim().TakeDuePlan()->command, "every");
  EXPECT_FALSE(sim().TakeDuePlan());
  EXPECT_EQ(sim().Plans(), (std::vector<PlannedCommand>{{2, At(3s), 1s, "every"}}));
  const auto past = sim().AddPlan({.at = At(1s), .command = "past"});
  ASSERT_FALSE(past);
  EXPECT_EQ(past.error().message, "1 s is past: the clock stands at 2 s");
}

TEST_F(TimeTest, WhereNothingCanHappenTheClockGoesOnOrStays) {
  Begin();
  EXPECT_FALSE(sim().Next());
  EXPECT_FALSE(*sim().HandleNext(SimTime::max()));
  EXPECT_EQ(sim().now(), At(0s));
  EXPECT_FALSE(*sim().HandleNext(At(3s)));
  EXPECT_EQ(sim().now(), At(3s));
}

TEST_F(TimeTest, WhatComesNextIsTold) {
  scenario_.behaviour.name = "called";
  Begin();
  EXPECT_EQ(sim().Next()->kind, Upcoming::Kind::kTurn);
  EXPECT_EQ(sim().Next()->at, At(1s));
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().Transmit());
  EXPECT_EQ(sim().Next()->kind, Upcoming::Kind::kArrival);
  EXPECT_EQ(sim().Next()->at, At(10ms));
  EXPECT_EQ(sim().Next()->node, kB);
}

}  // namespace
}  // namespace delstep
