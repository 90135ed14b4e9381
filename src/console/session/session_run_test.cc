// `run`, `next` and `nstep` with nodes that act by themselves, and with breakpoints.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "console/session/session.h"
#include "delstep/random.h"
#include "delstep/registry.h"
#include "recording/event_sentence.h"
#include "tests/fakes/fake_behaviour.h"

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// A world of its own, with what it has said and what has happened in it.
class Living {
 public:
  explicit Living(std::vector<std::string> more = {}, SessionOptions options = {}) {
    fakes::AddFakeBehaviour(registry_);
    std::vector<std::string> overrides = {
        "data.name=blobs",          "nodes.count=4",
        "data.samples=200",         "training.epochs=1",
        "behaviour.period=1s",      "behaviour.jitter=300ms",
        "network.loss=0.2",         "network.latency=exponential(150ms)",
        "compute.ms_per_example=2", "compute.jitter=0.2"};
    overrides.insert(overrides.end(), more.begin(), more.end());
    config_ = *Config::Load(registry_, {}, {}, overrides);
    simulation_ = *Simulation::Create(config_.scenario(), registry_);
    simulation_->Observe([this](const Event& event) {
      if (!std::holds_alternative<Restored>(event.what)) events_.push_back(TextOf(event));
    });
    session_ = *Session::Create(*simulation_, config_, registry_, options,
                                {[this](std::string_view text) { out_ += text; },
                                 [this](std::string_view text) { err_ += text; }});
  }

  bool Run(std::string_view commands) { return session_->RunText(commands, "-c"); }
  std::string Say(std::string_view commands) {
    out_.clear();
    Run(commands);
    return out_;
  }
  std::uint64_t hash() const { return simulation_->WorldHash(); }
  const std::vector<std::string>& events() const { return events_; }
  std::vector<std::string> TakeEvents() { return std::exchange(events_, {}); }
  Simulation& simulation() { return *simulation_; }
  Session& session() { return *session_; }
  const std::string& out() const { return out_; }
  const std::string& err() const { return err_; }

 private:
  std::string TextOf(const Event& event) const {
    const NodeNames names = [this](NodeId node) { return simulation_->AddressOf(node); };
    return std::to_string(event.at.time_since_epoch().count()) + " " + Sentence(event.what, names);
  }

  Registry registry_ = MakeRegistry({});
  Config config_{registry_};
  std::unique_ptr<Simulation> simulation_;
  std::unique_ptr<Session> session_;
  std::vector<std::string> events_;
  std::string out_, err_;
};

const std::vector<std::string> kActing = {"behaviour.name=train-and-tell"};

TEST(SessionRun, InPartsIsTheRunInOnePieceBitForBit) {
  // 7 s with plans that act in the middle: parts may end at the time of a plan, or in a training.
  const std::string plans =
      "every 900ms { train 10.0.0.1; flood 10.0.0.2 }; at 2s { node down 10.0.0.3 }; at 4s { node "
      "up 10.0.0.3; test global }; at 4s cycle; ";
  Living whole(kActing);
  ASSERT_TRUE(whole.Run(plans + "run 7s")) << whole.err();
  ASSERT_GT(whole.events().size(), 100u) << "something happens";
  for (std::uint64_t split = 0; split < 8; ++split) {
    Random random(MakeKey(split, Purpose::kPosition, 0, 0));
    Living parts(kActing);
    std::string commands = plans;
    std::int64_t left = 7'000'000'000;
    while (left > 0) {
      // Whole tenths of a second often, so that parts end exactly where something happens.
      std::int64_t part = 1 + static_cast<std::int64_t>(random.Below(2'000'000'000));
      if (random.Below(2) == 0) part = (part / 100'000'000 + 1) * 100'000'000;
      part = std::min(part, left);
      left -= part;
      commands += "run " + std::to_string(part) + "ns; ";
    }
    ASSERT_TRUE(parts.Run(commands)) << parts.err();
    EXPECT_EQ(parts.hash(), whole.hash()) << commands;
    EXPECT_EQ(parts.events(), whole.events()) << commands;
  }
}

TEST(SessionRun, OneHappeningAtATimeIsTheSameRun) {
  Living whole(kActing);
  ASSERT_TRUE(whole.Run("every 700ms flood 10.0.0.1; run 3s"));
  Living single(kActing);
  ASSERT_TRUE(single.Run("every 700ms flood 10.0.0.1"));
  // One that would come after the end is left out: `next 0` tells when it comes.
  std::size_t count = 0;
  while (count < 10'000) {
    const auto next = single.simulation().Next();
    const SimTime plan = single.simulation().Plans().front().at;
    if (std::min(next ? next->at : SimTime::max(), plan) > SimTime(std::chrono::seconds(3))) break;
    ASSERT_TRUE(single.Run("next"));
    ++count;
  }
  ASSERT_TRUE(single.Run(
      "run " +
      std::to_string((SimTime(std::chrono::seconds(3)) - single.simulation().now()).count()) +
      "ns"));
  EXPECT_GT(count, 30u);
  EXPECT_EQ(single.events(), whole.events());
  EXPECT_EQ(single.hash(), whole.hash());
}

TEST(SessionRun, UndoneAndDoneAgainItIsTheSame) {
  Living living(kActing);
  ASSERT_TRUE(living.Run("every 800ms { train 10.0.0.2 }; run 1500ms"));
  living.TakeEvents();
  ASSERT_TRUE(living.Run("run 2s"));
  const auto first = living.TakeEvents();
  const std::uint64_t hash = living.hash();
  ASSERT_TRUE(living.Run("undo; run 2s")) << living.err();
  EXPECT_EQ(living.TakeEvents(), first);
  EXPECT_EQ(living.hash(), hash);
  EXPECT_EQ(living.session().history().moments().present().number, 3u)
      << "it ends in the moment that was recorded";
  EXPECT_THAT(living.Say("undo 3; schedule"), HasSubstr("nothing is planned"));
}

TEST(SessionRun, IsOneMomentWhateverRunsInside) {
  Living living;
  ASSERT_TRUE(living.Run("every 1s { cycle; train 10.0.0.1 }; run 5s"));
  EXPECT_EQ(living.session().history().moments().present().number, 2u);
  EXPECT_EQ(living.simulation().cycle(), 5u);
}

TEST(SessionRun, SendsFirstWhatWaitsInOutboxes) {
  Living living({"network.latency=20ms", "network.loss=0"});
  EXPECT_THAT(living.Say("flood; run 20ms"), HasSubstr("12 happenings · clock 20ms (+20ms)"))
      << "all 12 of a mesh of 4 arrive at the end, which belongs to the run";
  EXPECT_THAT(living.Say("flood; run 19ms"), HasSubstr("0 happenings · clock 39ms (+19ms)"));
}

TEST(SessionRun, UntilStopsAfterTheWholeInstant) {
  Living living({"network.latency=20ms", "network.loss=0"});
  EXPECT_THAT(
      living.Say("flood; run until delivered >= 5"),
      HasSubstr("12 happenings · clock 20ms (+20ms) · the condition holds: delivered is 12"));
  EXPECT_THAT(living.Say("run until delivered >= 5"), HasSubstr("0 happenings · clock 20ms · the"));
  EXPECT_THAT(living.Say("flood; run until delivered >= 25 for 50ms"),
              HasSubstr("nothing more is to come"));
  EXPECT_THAT(living.Say("every 1s cycle; run until cycle == 2 for 1500ms"),
              HasSubstr("the condition does not hold: cycle is 1"));
}

// Four nodes on 10,000 km^2 that hear each other on 10 m: in two days none meets another. Their ways
// are drawn for ever, so a day is looked at, unless the command says how long it may take.
TEST(SessionRun, WhereMovementGoesOnForEverADayIsLookedAtOrAsLongAsWasSaid) {
  Living living({"topology.name=radio", "radio.range=10", "mobility.name=random-waypoint",
                 "mobility.area=100000x100000", "mobility.speed=1"});
  EXPECT_THAT(living.Say("next 0"), HasSubstr("nothing is to come within 86400s"));
  EXPECT_THAT(living.Say("next"), HasSubstr("clock 0ns · nothing more is to come within 86400s"));
  EXPECT_THAT(living.Say("run until delivered > 0"),
              HasSubstr("nothing more is to come within 86400s"));
  EXPECT_THAT(living.Say("run until delivered > 0 for 48h"),
              HasSubstr("clock 172800s (+172800s) · the condition does not hold: delivered is 0"));
}

// On a field of 50 m everybody hears everybody. Four nodes, and one that comes: 4 contacts more of 10.
TEST(SessionRun, ANodeThatComesLikeAnotherMeetsTheOthersToo) {
  Living living({"topology.name=radio", "radio.range=100", "mobility.area=50x50"});
  living.Say("node add like 10.0.0.1");
  EXPECT_THAT(living.Say("neighborhood 10.0.0.5"), HasSubstr("       4  10.0.0.1, 10.0.0.2"));
  const std::string met = living.Say("encounters");
  std::size_t contacts = 0;
  for (std::size_t at = met.find("yes"); at != std::string::npos; at = met.find("yes", at + 1))
    ++contacts;
  EXPECT_EQ(contacts, 10u) << met;
}

TEST(SessionRun, WhereNothingCanHappenOnlyARunWithADurationLetsTheClockGo) {
  Living living;
  EXPECT_THAT(living.Say("run 5s"), HasSubstr("0 happenings · clock 5s (+5s)"));
  EXPECT_THAT(living.Say("next"), HasSubstr("0 happenings · clock 5s · nothing more is to come"));
  EXPECT_THAT(living.Say("run until lost > 0 for 5s"), HasSubstr("clock 5s · nothing more"));
  EXPECT_THAT(living.Say("break lost > 0; run"), HasSubstr("clock 5s · nothing more"));
}

TEST(SessionRun, WaitsForATestOnlyWhereOneIsPlanned) {
  Living living(kActing);
  EXPECT_FALSE(living.Run("run until test_acc:global(mean) >= 0"));
  EXPECT_EQ(living.session().exit_code(), 1);
  EXPECT_THAT(living.err(), HasSubstr("no node has a test_acc:global yet, and no planned command"));
  EXPECT_THAT(living.err(), HasSubstr("hint: plan a test before it: every 10s { test global }"));
  EXPECT_EQ(living.simulation().now(), SimTime{});
  EXPECT_FALSE(living.Run("run until test_acc > 2 or clock > 3s")) << "judged from left to right";
  Living other(kActing);
  EXPECT_THAT(other.Say("run until test_acc:global(mean) >= 0 for 2s"), HasSubstr("clock 2s"));
  EXPECT_THAT(other.Say("run until clock > 3s or test_acc > 2"), HasSubstr("the condition holds"));
  EXPECT_THAT(other.Say("every 1s { test global }; run until test_acc:global(mean) >= 0"),
              HasSubstr("the condition holds: test_acc:global(mean) is"));
}

TEST(SessionRun, TellsThatABusyNodesTurnWaits) {
  // Trainings of 430 ms and turns each 100 ms: the second turn of a node waits.
  Living living({"behaviour.name=gossip", "behaviour.period=100ms", "compute.ms_per_example=10",
                 "nodes.count=4"});
  EXPECT_THAT(living.Say("next 30"),
              HasSubstr(" is busy: its turn waits until its training ends\n"));
}

TEST(SessionRun, AloneInAScriptItTakesABreakpoint) {
  Living living(kActing);
  living.Run("run");
  EXPECT_EQ(living.session().exit_code(), 1);
  EXPECT_THAT(living.err(), HasSubstr("none is set"));
}

TEST(SessionRun, EndsAtABreakpointAndTheRepeatGoesOn) {
  Living living(kActing);
  ASSERT_TRUE(living.Run("break train 10.0.0.2; repeat 2 { run; echo behind }"));
  EXPECT_THAT(living.out(), HasSubstr("stopped by a breakpoint\nbreak 1 (train 10.0.0.2): 10.0.0.2 "
                                      "trained on 43 examples, with a loss of "));
  EXPECT_THAT(living.out(), HasSubstr("; ends the run\nbehind\n"));
  EXPECT_THAT(living.out(), Not(HasSubstr("ends the repeat")));
  EXPECT_EQ(living.simulation().View(NodeId{1}).trained, 2u);
}

TEST(SessionRun, NextStopsInsideAnInstantAndTellsEachHappening) {
  Living living({"network.latency=20ms", "network.loss=0"});
  EXPECT_EQ(
      living.Say("send 10.0.0.1 10.0.0.2; send 10.0.0.1 10.0.0.3; next 0; next 0"),
      "queued 1 message (2.7 KiB)\nqueued 1 message (2.7 KiB)\n"
      "nothing is to come\n2 messages in outboxes: `run`, `next` and `nstep` send them first\n"
      "nothing is to come\n2 messages in outboxes: `run`, `next` and `nstep` send them first\n");
  EXPECT_EQ(living.Say("next"),
            "20ms: message 0 from 10.0.0.1 to 10.0.0.2 arrived after 20ms\n"
            "1 happening · clock 20ms (+20ms)\n");
  EXPECT_EQ(living.Say("next 0"),
            "next, at 20ms: a message from 10.0.0.1 reaches 10.0.0.3, or is lost\n");
  EXPECT_EQ(living.Say("at 1min { echo late }; next 3"),
            "planned 1: at 60s: echo late\n"
            "20ms: message 1 from 10.0.0.1 to 10.0.0.3 arrived after 20ms\n"
            "60s: late\n"
            "2 happenings · clock 60s (+60s) · nothing more is to come\n");
}

TEST(SessionRun, ProgramsGetTheFactsAndTheSentences) {
  Living living({"network.latency=20ms", "network.loss=0"}, {.json = true});
  EXPECT_THAT(
      living.Say("send 10.0.0.1 10.0.0.2; next"),
      HasSubstr(R"("result":{"happenings":1,"before":0,"after":20000000,"stopped_by":"count")"
                R"(,"happened":[{"t":20000000,"what":"message 0 from )"));
  EXPECT_THAT(living.Say("run 5ms"),
              HasSubstr(R"("result":{"happenings":0,"before":20000000,"after":25000000,)"
                        R"("stopped_by":"duration"}})"));
}

TEST(SessionRun, ACtrlCEndsItBetweenTwoHappenings) {
  Living living(kActing);
  // Somebody presses Ctrl-C when the fifth training ends.
  int trained = 0;
  living.simulation().Observe([&](const Event& event) {
    if (std::holds_alternative<Trained>(event.what) && ++trained == 5)
      living.session().RequestStop(ErrorCode::kInterrupted);
  });
  EXPECT_FALSE(living.Run("run 1h"));
  EXPECT_EQ(living.session().exit_code(), 130);
  EXPECT_EQ(trained, 5);
  EXPECT_EQ(living.session().history().moments().present().number, 1u) << "what happened stands";
  EXPECT_THAT(living.out(), HasSubstr(" happenings · clock "));
  EXPECT_THAT(living.err(), HasSubstr("between two happenings; `run` goes on from here"));
}

TEST(SessionRun, NetworkStepsRunPlansToo) {
  Living living({"network.latency=20ms", "network.loss=0"});
  // Drained: the plan at 10 ms sends 3 more, which arrive at 30 ms; the one at 50 ms comes later.
  EXPECT_THAT(living.Say("at 10ms flood 10.0.0.2; at 50ms cycle; send 10.0.0.1 10.0.0.2; nstep"),
              HasSubstr("10ms: queued 3 messages (8.1 KiB)\n"
                        "sent 4, delivered 4, lost 0, in flight 0 · clock 30ms (+30ms)\n"));
  EXPECT_EQ(living.simulation().cycle(), 0u);
  EXPECT_THAT(living.Say("nstep 20ms"), HasSubstr("50ms: cycle 1\n"));
  // At the time of the last arrival the arrival comes first, and the step goes on with what is sent.
  EXPECT_THAT(living.Say("at 70ms { test 10.0.0.1 local; flood 10.0.0.1 }; send 10.0.0.1 10.0.0.2; "
                         "nstep"),
              HasSubstr("sent 4, delivered 4, lost 0, in flight 0 · clock 90ms (+40ms)"));
}

TEST(SessionRun, PlansRunWhileSomebodyTrainsByHand) {
  // 43 or 42 examples (50 less 15 %) of 10 ms: the training lasts 430 ms.
  Living living({"compute.ms_per_example=10", "compute.jitter=0"});
  EXPECT_THAT(living.Say("every 200ms cycle; train 10.0.0.1"),
              HasSubstr("200ms: cycle 1\n400ms: cycle 2\ntrained 1 node"));
  EXPECT_EQ(living.simulation().now(), SimTime(std::chrono::milliseconds(430)));
  // A planned training begins at its time, and ends by itself; the node is busy meanwhile.
  EXPECT_THAT(living.Say("at 500ms train 10.0.0.2; run 100ms; status 10.0.0.2"),
              testing::AllOf(HasSubstr("500ms: began to train: 10.0.0.2\n"),
                             HasSubstr("busy until 930ms")));
  EXPECT_EQ(living.simulation().View(NodeId{1}).trained, 0u);
  EXPECT_THAT(living.Say("run 400ms"), HasSubstr("3 happenings"))
      << "the cycles at 600 and 800 ms, and the end of the training";
  EXPECT_EQ(living.simulation().View(NodeId{1}).trained, 1u);
}

}  // namespace
}  // namespace delstep
