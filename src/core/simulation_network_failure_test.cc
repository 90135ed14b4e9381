// What stays when the network fails in the middle of a command, as include/delstep/simulation.h
// says.
#include <fmt/format.h>

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
  void StartAnew(const std::string& topology = "full") {
    *fault_ = {};
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.network.backend = "failing";
    scenario.topology.name = topology;
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
    fault_->FailAtCall(call);
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
    fault_->FailAtCall(13);
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
  EXPECT_EQ(State(), state);
  Train(kAll);  // needs no network
}

// ---- link

// Calls of `link A B`: SetLink from A to B, SetLink from B to A, AdvanceTo for what ended by it.
TEST_F(NetworkFailureTest, ALinkThatFailsLeavesTheDirectionsThatWereSetBefore) {
  const auto loss_of = [&](NodeId from, NodeId to) {
    for (const LinkView& view : sim().Links())
      if (view.from == from && view.to == to) return view.link.loss;
    return -1.0;
  };
  const LinkChange half = {.loss = 0.5, .latency = {}, .bandwidth = {}, .up = {}};
  const auto before = State();
  fault_->FailAtCall(1);
  ExpectNetworkError(sim().ChangeLink(kA, kB, half));
  EXPECT_EQ(State(), before);
  EXPECT_THAT(EventsOf<LinkChanged>(), IsEmpty());

  fault_->FailAtCall(2);
  ExpectNetworkError(sim().ChangeLink(kA, kB, half));
  EXPECT_EQ(loss_of(kA, kB), 0.5);
  EXPECT_EQ(loss_of(kB, kA), 0);
  EXPECT_EQ(EventsOf<LinkChanged>().size(), 1u) << "what changed is told";

  StartAnew();
  fault_->FailAtCall(3);
  ExpectNetworkError(sim().ChangeLink(kA, kB, half));
  EXPECT_EQ(loss_of(kA, kB), 0.5);
  EXPECT_EQ(loss_of(kB, kA), 0.5);
  EXPECT_EQ(EventsOf<LinkChanged>().size(), 2u);
}

// Calls of `link P`: SetDefaultLink, then SetLink for each link with properties of its own.
TEST_F(NetworkFailureTest, ADefaultLossThatFailsLeavesTheDefaultChangedIfThatCameBefore) {
  LinkChange slow;
  slow.bandwidth = 1e6;
  slow.one_way = true;
  const auto start = [&] {
    StartAnew();
    ASSERT_TRUE(sim().ChangeLink(kA, kB, slow));
    ASSERT_TRUE(sim().ChangeLink(kB, kA, slow));
  };
  start();
  const auto before = State();
  fault_->FailAtCall(1);
  ExpectNetworkError(sim().SetDefaultLoss(0.25));
  EXPECT_EQ(State(), before);

  for (const int call : {2, 3}) {
    SCOPED_TRACE(call);
    start();
    fault_->FailAtCall(call);
    ExpectNetworkError(sim().SetDefaultLoss(0.25));
    for (const LinkView& view : sim().Links())
      if (!view.single) {
        EXPECT_EQ(view.link.loss, 0.25);
      }
    EXPECT_THAT(EventsOf<DefaultLinkChanged>(), IsEmpty()) << "no event tells of half of it";
  }
}

// ---- node

// Calls of `node remove`: Detach, then AdvanceTo for the messages that ended by it.
TEST_F(NetworkFailureTest, ANodeWhoseRemovalFailsStaysListed) {
  for (const int call : {1, 2}) {
    SCOPED_TRACE(call);
    StartAnew();
    sim().CreateGroup("g");
    sim().AddToGroup("g", kAll);
    ASSERT_TRUE(sim().Exchange(kA, kB));
    const auto before = State();
    fault_->FailAtCall(call);
    ExpectNetworkError(sim().RemoveNode(kA));
    EXPECT_EQ(State(), before);
    EXPECT_THAT(sim().Group("g")->members, testing::ElementsAreArray(kAll));
    EXPECT_THAT(EventsOf<NodeRemoved>(), IsEmpty());
    EXPECT_THAT(EventsOf<Lost>(), IsEmpty());
  }
}

// Calls of `node down`: SetUp, then AdvanceTo for the messages that ended by it.
TEST_F(NetworkFailureTest, ANodeThatGoesDownOrUpHasDoneSoIfTheNetworkTookIt) {
  for (const bool up : {false, true}) {
    SCOPED_TRACE(up ? "node up" : "node down");
    StartAnew();
    if (up) {
      ASSERT_TRUE(sim().SetUp(kA, false));
    }
    const auto before = State();
    fault_->FailAtCall(1);
    ExpectNetworkError(sim().SetUp(kA, up));
    EXPECT_EQ(State(), before);

    fault_->FailAtCall(2);
    ExpectNetworkError(sim().SetUp(kA, up));
    EXPECT_EQ(sim().IsUp(kA), up);
    EXPECT_EQ(EventsOf<NodeWentDown>().size(), 1u);
    EXPECT_EQ(EventsOf<NodeCameUp>().size(), up ? 1u : 0u);
  }
}

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
