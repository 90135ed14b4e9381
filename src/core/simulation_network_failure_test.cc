// What stays when the network fails in the middle of a command, as include/delstep/simulation.h
// says.
#include <fmt/format.h>

#include <functional>

#include "tests/fakes/failing_network.h"
#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

class NetworkFailureTest : public SimulationTest {
 protected:
  NetworkFailureTest() {
    fakes::AddFailingNetwork(fake_.registry, fault_);
    StartAnew();
  }
  void StartAnew() {
    *fault_ = {};
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.network.backend = "failing";
    Start(scenario);
  }

  /// All that a command may change but for the results of learning, in lines that can be compared.
  std::vector<std::string> State() {
    std::vector<std::string> lines = {fmt::format("world {:x}", sim().WorldHash())};
    for (const NodeId node : sim().Nodes())
      lines.push_back(fmt::format("{} {}, {} queued", sim().AddressOf(node),
                                  sim().IsUp(node) ? "up" : "down", sim().View(node).outbox));
    for (const LinkView& view : sim().Links())
      lines.push_back(fmt::format("{} to {}: loss {}{}{}", sim().AddressOf(view.from),
                                  sim().AddressOf(view.to), view.link.loss,
                                  view.link.up ? "" : ", down", view.single ? ", single" : ""));
    return lines;
  }
  template <class T>
  void ExpectNetworkError(const Result<T>& result) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, fault_->code);
    EXPECT_THAT(result.error().message, HasSubstr("the network failed in "));
  }
  void ExpectEveryMessageAccountedFor(std::size_t queued_in_all) {
    const Statistics stats = sim().Stats();
    EXPECT_EQ(stats.sent, stats.delivered + stats.lost + stats.in_flight);
    EXPECT_EQ(stats.sent + stats.queued, queued_in_all);
  }

  std::shared_ptr<fakes::NetworkFault> fault_ = std::make_shared<fakes::NetworkFault>();
};

// ---- nstep

// A flood by all of a full mesh of four: 12 messages, so 12 calls of Send, and then one of Drain.
TEST_F(NetworkFailureTest,
       AStepThatFailsInASendLeavesTheMessagesBeforeOnTheWireAndTheOthersQueued) {
  for (int call = 1; call <= 12; ++call) {
    SCOPED_TRACE(call);
    StartAnew();
    ASSERT_TRUE(sim().Flood(kAll));
    fault_->FailAtCall(call, ErrorCode::kFile);
    ExpectNetworkError(sim().NetworkStep());
    const auto sent_before = static_cast<std::size_t>(call - 1);
    EXPECT_EQ(EventsOf<Sent>().size(), sent_before);
    EXPECT_EQ(sim().in_flight(), sent_before);
    EXPECT_EQ(sim().queued(), 12 - sent_before);
    EXPECT_EQ(sim().now(), SimTime{});
    EXPECT_THAT(EventsOf<Delivered>(), IsEmpty());
    ExpectEveryMessageAccountedFor(12);
  }
}

TEST_F(NetworkFailureTest, AStepThatFailsInItsWaitLeavesAllOnTheWireAndTheClockAsItIs) {
  const auto steps = {+[](Simulation& sim) { return sim.NetworkStep(); },
                      +[](Simulation& sim) { return sim.NetworkStep(milliseconds(10)); },
                      +[](Simulation& sim) { return sim.NetworkStep(kAll); }};
  for (const auto step : steps) {
    StartAnew();
    ASSERT_TRUE(sim().Flood(kAll));
    fault_->FailAtCall(13, ErrorCode::kFile);
    ExpectNetworkError(step(sim()));
    EXPECT_EQ(sim().queued(), 0u);
    EXPECT_EQ(sim().in_flight(), 12u);
    EXPECT_EQ(sim().now(), SimTime{});
    EXPECT_EQ(sim().View(kA).inbox, 0u);
    EXPECT_EQ(sim().View(kA).in_flight_to, 3u);
    ExpectEveryMessageAccountedFor(12);
  }
}

TEST_F(NetworkFailureTest, AfterAFailureThatPassesTheNextStepDeliversWhatWasLeft) {
  for (int call = 1; call <= 13; ++call) {
    SCOPED_TRACE(call);
    StartAnew();
    ASSERT_TRUE(sim().Flood(kAll));
    fault_->FailAtCall(call, ErrorCode::kFile);
    ExpectNetworkError(sim().NetworkStep());
    ASSERT_TRUE(sim().NetworkStep());
    EXPECT_EQ(sim().Stats().delivered, 12u);
    EXPECT_EQ(sim().now().time_since_epoch(), milliseconds(10));
    std::vector<MessageId> sent;
    for (const Sent& event : EventsOf<Sent>()) sent.push_back(event.message.id);
    EXPECT_EQ(sent.size(), 12u) << "each once";
    EXPECT_TRUE(std::ranges::is_sorted(sent)) << "in the order of queueing";
  }
}

TEST_F(NetworkFailureTest, AMessageThatIsRefusedIsLostAloneAndTheStepGoesOn) {
  for (int call = 1; call <= 12; ++call) {
    SCOPED_TRACE(call);
    StartAnew();
    ASSERT_TRUE(sim().Flood(kAll));
    fault_->FailAtCall(call, ErrorCode::kRefused);
    const auto report = sim().NetworkStep();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->delivered, 11u);
    const auto lost = EventsOf<Lost>();
    ASSERT_EQ(lost.size(), 1u);
    EXPECT_EQ(lost[0].reason, LossReason::kExpired);
    EXPECT_EQ(lost[0].message.id, MessageId{static_cast<std::uint64_t>(call - 1)});
    ExpectEveryMessageAccountedFor(12);
  }
}

TEST_F(NetworkFailureTest, ANetworkThatIsGoneFailsEveryLaterCommandThatNeedsIt) {
  ASSERT_TRUE(sim().Flood(kAll));
  fault_->FailAtCall(1);
  ExpectNetworkError(sim().NetworkStep());
  const auto state = State();
  ExpectNetworkError(sim().NetworkStep());
  ExpectNetworkError(sim().NetworkStep(kAll, milliseconds(1)));
  ExpectNetworkError(
      sim().ChangeLink(kA, kB, {.loss = 0.5, .latency = {}, .bandwidth = {}, .up = {}}));
  ExpectNetworkError(sim().SetDefaultLoss(0.5));
  ExpectNetworkError(sim().SetUp(kA, false));
  ExpectNetworkError(sim().RemoveNode(kA));
  ExpectNetworkError(sim().AddNode({{}, {}, kA}));
  ExpectNetworkError(sim().Deliver(std::vector{MessageId{0}}));
  EXPECT_EQ(State(), state);
  Train(kAll);  // needs no network
}

// ---- Commands of several calls. Where the network can be copied they change all of it or nothing;
// where it cannot, all that the run knows is as before.

// For each the number of its calls, in a full mesh of four where A has sent to B and C and the link
// between A and B has a loss of its own.
struct NetworkCommand {
  std::string name;
  int calls;
  std::function<ErrorCode(Simulation&)> run;  // the code of the error; 0: none
};

template <class T>
ErrorCode CodeOf(const Result<T>& result) {
  return result ? ErrorCode{} : result.error().code;
}

std::vector<NetworkCommand> CommandsOfSeveralCalls() {
  LinkChange half;
  half.loss = 0.5;
  return {
      {"link A B: SetLink both ways, AdvanceTo for what ended by it", 3,
       [=](Simulation& sim) { return CodeOf(sim.ChangeLink(kA, kB, half)); }},
      {"link A: SetLink of six links, AdvanceTo", 7,
       [=](Simulation& sim) { return CodeOf(sim.ChangeLinks(sim.LinksOf(kA), half)); }},
      {"link default: ClearLink of two links, AdvanceTo", 3,
       [](Simulation& sim) { return CodeOf(sim.ResetLinks(sim.Links())); }},
      {"link P: SetDefaultLink, SetLink of two links", 3,
       [](Simulation& sim) { return CodeOf(sim.SetDefaultLoss(0.25)); }},
      {"node remove: Detach, AdvanceTo", 2,
       [](Simulation& sim) { return CodeOf(sim.RemoveNode(kA)); }},
      {"node down: SetUp, AdvanceTo", 2,
       [](Simulation& sim) { return CodeOf(sim.SetUp(kA, false)); }},
      {"drop: Withdraw", 1,
       [](Simulation& sim) {
         return CodeOf(sim.Drop(std::vector{MessageId{0}, MessageId{2}}));
       }},
      {"deliver: Send, Withdraw", 2,
       [](Simulation& sim) {
         return CodeOf(sim.Deliver(std::vector{MessageId{0}, MessageId{2}}));
       }},
  };
}

class SeveralCalls : public NetworkFailureTest, public testing::WithParamInterface<bool> {
 protected:
  /// Messages 0 and 1 in flight, 2 in the outbox of C.
  void Prepare() {
    StartAnew();
    fault_->can_copy = GetParam();
    LinkChange slow;
    slow.bandwidth = 1e6;
    ASSERT_TRUE(sim().ChangeLink(kA, kB, slow));
    ASSERT_TRUE(sim().Send(kA, kB));
    ASSERT_TRUE(sim().Send(kA, kC));
    ASSERT_TRUE(sim().NetworkStep(milliseconds(1)));
    ASSERT_TRUE(sim().Send(kC, kD));
    sim().CreateGroup("g");
    sim().AddToGroup("g", kAll);
    events_.clear();
  }
};

TEST_P(SeveralCalls, ChangeNothingWhereOneOfThemFails) {
  for (const NetworkCommand& command : CommandsOfSeveralCalls())
    for (int call = 1; call <= command.calls; ++call) {
      SCOPED_TRACE(command.name + ", call " + std::to_string(call));
      Prepare();
      const auto before = State();
      fault_->FailAtCall(call, ErrorCode::kFile);
      EXPECT_EQ(command.run(sim()), ErrorCode::kFile);
      EXPECT_EQ(fault_->calls, call);
      EXPECT_EQ(State(), before);
      EXPECT_THAT(sim().Group("g")->members, testing::ElementsAreArray(kAll));
      EXPECT_THAT(events_, IsEmpty()) << "nothing has happened";
      ExpectEveryMessageAccountedFor(3);
    }
}

TEST_P(SeveralCalls, AreAllMadeAgainAfterAFailureThatPasses) {
  if (!GetParam()) GTEST_SKIP() << "what the network took it keeps";
  for (const NetworkCommand& command : CommandsOfSeveralCalls()) {
    Prepare();
    ASSERT_EQ(command.run(sim()), ErrorCode{});
    ASSERT_TRUE(sim().NetworkStep());
    const auto expected = State();
    for (int call = 1; call <= command.calls; ++call) {
      SCOPED_TRACE(command.name + ", call " + std::to_string(call));
      Prepare();
      fault_->FailAtCall(call, ErrorCode::kFile);
      EXPECT_EQ(command.run(sim()), ErrorCode::kFile);
      EXPECT_EQ(command.run(sim()), ErrorCode{});
      ASSERT_TRUE(sim().NetworkStep());
      EXPECT_EQ(State(), expected) << "as if it had never failed";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Network, SeveralCalls, testing::Bool(), [](const auto& test) {
  return test.param ? "ThatCanBeCopied" : "ThatCannotBeCopied";
});

// ---- A network that has gone

TEST_F(NetworkFailureTest, WhatWasOnTheWayIsLostWithTheNetworkAndTheRestStays) {
  for (int call = 1; call <= 13; ++call) {
    SCOPED_TRACE(call);
    StartAnew();
    Train({kA});
    const std::uint64_t model = sim().ModelHash(kA);
    ASSERT_TRUE(sim().Flood(kAll));
    fault_->FailAtCall(call);
    ExpectNetworkError(sim().NetworkStep());
    const auto sent_before = static_cast<std::size_t>(std::min(call - 1, 12));
    const auto lost = EventsOf<Lost>();
    ASSERT_EQ(lost.size(), sent_before);
    for (const Lost& event : lost) EXPECT_EQ(event.reason, LossReason::kBackend);
    EXPECT_EQ(sim().in_flight(), 0u);
    EXPECT_EQ(sim().View(kA).in_flight_to, 0u);
    EXPECT_EQ(sim().queued(), 12 - sent_before) << "what was not sent still waits";
    EXPECT_EQ(sim().ModelHash(kA), model);
    ExpectEveryMessageAccountedFor(12);
    ASSERT_TRUE(sim().network_failure());
    EXPECT_THAT(sim().network_failure()->message, HasSubstr("the network failed in "));
  }
}

TEST_F(NetworkFailureTest, ACommandThatMeetsTheEndOfTheNetworkChangesNothingButWhatWasOnTheWay) {
  for (const NetworkCommand& command : CommandsOfSeveralCalls())
    for (int call = 1; call <= command.calls; ++call) {
      SCOPED_TRACE(command.name + ", call " + std::to_string(call));
      StartAnew();
      ASSERT_TRUE(sim().Send(kA, kB));
      ASSERT_TRUE(sim().Send(kA, kC));
      ASSERT_TRUE(sim().NetworkStep(milliseconds(1)));
      LinkChange slow;
      slow.bandwidth = 1e6;
      ASSERT_TRUE(sim().ChangeLink(kA, kB, slow));
      ASSERT_TRUE(sim().Send(kC, kD));
      const std::vector<LinkView> links = sim().Links();
      fault_->FailAtCall(call);
      EXPECT_EQ(command.run(sim()), ErrorCode::kUnavailable);
      EXPECT_EQ(sim().in_flight(), 0u);
      EXPECT_EQ(sim().queued(), 1u);
      EXPECT_EQ(EventsOf<Lost>().size(), 2u);
      EXPECT_TRUE(sim().IsUp(kA));
      const std::vector<LinkView> after = sim().Links();
      ASSERT_EQ(after.size(), links.size());
      for (std::size_t i = 0; i < links.size(); ++i) EXPECT_EQ(after[i].link, links[i].link);
      ExpectEveryMessageAccountedFor(3);
    }
}

TEST_P(SeveralCalls, AfterTheEndOfTheNetworkAllCommandsSayThatItHasGoneUntilItIsRestarted) {
  for (const NetworkCommand& command : CommandsOfSeveralCalls())
    for (int call = 1; call <= command.calls; ++call) {
      SCOPED_TRACE(command.name + ", call " + std::to_string(call));
      Prepare();
      fault_->version = "failing 1.0";
      fault_->FailAtCall(call);
      EXPECT_EQ(command.run(sim()), ErrorCode::kUnavailable);
      const auto state = State();
      // What was on the way is lost, and nobody else knows these messages.
      for (const NetworkCommand& next : CommandsOfSeveralCalls()) {
        if (next.name.starts_with("drop") || next.name.starts_with("deliver")) continue;
        EXPECT_EQ(next.run(sim()), ErrorCode::kUnavailable) << next.name;
      }
      EXPECT_EQ(State(), state);
      *fault_ = {.can_copy = GetParam(), .version = "failing 1.0"};
      ASSERT_TRUE(sim().RestartNetwork());
      ASSERT_TRUE(sim().RemoveNode(kA));
      ASSERT_TRUE(sim().NetworkStep());
    }
}

// A checkpoint would have what the network had taken before it went, while the run knows nothing of it. The
// world's hash covers what the network saves; a network that fails in its first call has taken nothing.
TEST_P(SeveralCalls, TheEndOfTheNetworkLeavesNothingOfTheCommandInIt) {
  if (!GetParam()) GTEST_SKIP() << "it cannot be saved either";
  for (const NetworkCommand& command : CommandsOfSeveralCalls()) {
    std::vector<std::string> first;
    for (int call = 1; call <= command.calls; ++call) {
      SCOPED_TRACE(command.name + ", call " + std::to_string(call));
      Prepare();
      fault_->FailAtCall(call);
      EXPECT_EQ(command.run(sim()), ErrorCode::kUnavailable);
      if (call == 1) first = State();
      EXPECT_EQ(State(), first);
    }
  }
}

TEST_F(NetworkFailureTest, ARestartedNetworkKnowsClockNodesAndLinksAndCarriesOn) {
  for (const bool gone : {true, false}) {
    SCOPED_TRACE(gone);
    StartAnew();
    fault_->version = "failing 1.0";
    LinkChange slow;
    slow.latency = Latency{Latency::Kind::kConstant, milliseconds(70), {}};
    slow.one_way = true;
    ASSERT_TRUE(sim().ChangeLink(kA, kB, slow));
    ASSERT_TRUE(sim().SetUp(kD, false));
    ASSERT_TRUE(sim().RemoveNode(kC));
    ASSERT_TRUE(sim().Send(kB, kA));
    ASSERT_TRUE(sim().NetworkStep(milliseconds(3)));
    if (gone) {
      fault_->FailAtCall(1);
      ExpectNetworkError(sim().NetworkStep());
      EXPECT_FALSE(sim().RestartNetwork()) << "nor does its successor work";
      *fault_ = {.version = "failing 1.0"};
    }
    const auto lost = sim().RestartNetwork();
    ASSERT_TRUE(lost) << lost.error().message;
    EXPECT_EQ(*lost, gone ? 0u : 1u) << "those on the way";
    EXPECT_EQ(EventsOf<Lost>().size(), 1u);
    EXPECT_EQ(sim().network_failure(), nullptr);
    EXPECT_EQ(sim().now().time_since_epoch(), milliseconds(3));
    // The link's own latency, the default one of 10 ms, and a node that is still down.
    ASSERT_TRUE(sim().Send(kA, kB));
    ASSERT_TRUE(sim().Send(kB, kA));
    ASSERT_TRUE(sim().Send(kA, kD));
    events_.clear();
    ASSERT_TRUE(sim().NetworkStep());
    const auto delivered = EventsOf<Delivered>();
    ASSERT_EQ(delivered.size(), 2u);
    EXPECT_EQ(delivered[0].arrived.time_since_epoch(), milliseconds(13));
    EXPECT_EQ(delivered[1].arrived.time_since_epoch(), milliseconds(73));
    ASSERT_EQ(EventsOf<Lost>().size(), 1u);
    EXPECT_EQ(EventsOf<Lost>()[0].reason, LossReason::kDown);
  }
}

TEST_F(NetworkFailureTest, ANetworkWithoutAProgramOfItsOwnIsNotRestarted) {
  ASSERT_TRUE(sim().Flood(kAll));
  ASSERT_TRUE(sim().NetworkStep(milliseconds(1)));
  const auto restarted = sim().RestartNetwork();
  ASSERT_FALSE(restarted);
  EXPECT_EQ(restarted.error().code, ErrorCode::kRefused);
  EXPECT_EQ(sim().in_flight(), 12u);
}

// ---- node

// The one call of `node add`: Attach.
TEST_F(NetworkFailureTest, ANodeThatTheNetworkDoesNotTakeIsNotThere) {
  const auto before = State();
  const NewNode eve = {{}, "eve", {}};
  fault_->FailAtCall(1, ErrorCode::kFile);
  ExpectNetworkError(sim().AddNode(eve));
  EXPECT_EQ(State(), before);
  EXPECT_FALSE(sim().Find("eve"));
  EXPECT_FALSE(sim().Find("10.0.0.5"));
  EXPECT_THAT(EventsOf<NodeAdded>(), IsEmpty());

  // Its name, its address and its examples (20 are left, for one more node) are free again.
  const auto added = sim().AddNode(eve);
  ASSERT_TRUE(added) << added.error().message;
  EXPECT_EQ(sim().View(*added).train_samples, 20u);
  EXPECT_EQ(sim().AddressOf(*added), "10.0.0.5");
}

}  // namespace
}  // namespace delstep
