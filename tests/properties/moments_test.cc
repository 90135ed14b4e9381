// Going back, for random conversations: what was there is there again, and the same commands from
// there do the same again, to the bit and to the event.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "console/session/session.h"
#include "delstep/registry.h"
#include "recording/event_json.h"
#include "tests/properties/command_lines.h"

namespace delstep {
namespace {

constexpr std::array kCommands =
    std::to_array<const char*>({"train",
                                "train 10.0.0.[1-2]",
                                "flood",
                                "gossip 2",
                                "send 10.0.0.1 10.0.0.3",
                                "nstep",
                                "nstep 3ms",
                                "nstep 10.0.0.2",
                                "ag",
                                "step",
                                "test",
                                "test 10.0.0.2 local",
                                "cycle",
                                "lrate 0.5 10.0.0.1",
                                "link 0.7",
                                "link 10.0.0.1 10.0.0.2 loss 0.5 latency uniform(1ms,20ms)",
                                "link 10.0.0.2 10.0.0.3 bandwidth 1Mbps oneway",
                                "link 10.0.0.1 10.0.0.3 down",
                                "link default all",
                                "node remove 10.0.0.4",
                                "node add 10.0.0.30 name eve like 10.0.0.1",
                                "node add",
                                "node down 10.0.0.2",
                                "node up 10.0.0.2",
                                "group create g 10.0.0.1 10.0.0.2 10.0.0.99",
                                "group create g all",
                                "group g share",
                                "group delete g",
                                "labels 10.0.0.1 noise 0.3",
                                "labels all restore",
                                "attack noise 0.2 10.0.0.1",
                                "attack same 10.0.0.[1-3]",
                                "attack off all",
                                "autonet on",
                                "autonet off",
                                "set training.optimizer adam",
                                "set training.optimizer sgd",
                                "set training.lr 0.2 10.0.0.3",
                                "set training.lr 0.05",
                                "set network.latency exponential(10ms)",
                                "set network.step 5ms",
                                "set compression.name top-k",
                                "set compression.name none",
                                "set aggregation.name median",
                                "set aggregation.name encounter"});

/// What a command left: compared when it is given again.
struct Trace {
  std::string line, answer, events;
  std::uint64_t hash = 0;
  MomentNumber moment = 0;
};

class TravellingConversation {
 public:
  explicit TravellingConversation(std::uint64_t seed) : random_({seed, 1}) {
    const std::vector<std::string> overrides = {
        "data.name=blobs",   "nodes.count=4",      "data.samples=200",
        "data.features=4",   "model.hidden=[4]",   "partition.samples_per_node=20",
        "training.epochs=1", "training.threads=1", "network.latency=10ms"};
    config_ = *Config::Load(registry_, {}, {}, overrides);
    simulation_ = *Simulation::Create(config_.scenario(), registry_);
    addresses_ = AddressBook(*simulation_);
    simulation_->Observe([this](const Event& event) {
      addresses_.Learn(event);
      AppendEventJson(event, addresses_, events_);
    });
    session_ = *Session::Create(*simulation_, config_, registry_, {.keep_going = true},
                                {[this](std::string_view text) { said_ += text; },
                                 [this](std::string_view text) { said_ += text; }});
  }

  std::string RandomLine() {
    std::string line = random_.Chance(0.9) ? kCommands[random_.Below(kCommands.size())]
                                           : RandomCommandLine(random_);
    // A line may leave something open, end the session, go elsewhere by itself, or tell of what is
    // not undone: the memory that all moments take (`stats`), breaks and files.
    const bool is_plain = line.find_first_of("{}\"\n\r;") == line.npos;
    const std::string verb = line.substr(0, line.find(' '));
    for (const char* other :
         {"undo", "redo", "goto", "reset", "switch", "branch", "exit", "load", "pause", "log",
          "stats", "break", "checkpoint", "save", "export", "import", "mark", "history"})
      if (!is_plain || verb == other) return "train 10.0.0.1";
    return line;
  }

  Trace Do(const std::string& line) {
    said_.clear(), events_.clear();
    session_->RunText(line, "line");
    return {.line = line,
            .answer = said_,
            .events = events_,
            .hash = simulation_->WorldHash(),
            .moment = present()};
  }

  MomentNumber present() const { return session_->history().moments().present().number; }
  const std::string& branch() const { return session_->history().moments().branch().name; }
  std::uint64_t Below(std::uint64_t n) { return random_.Below(n); }

 private:
  Random random_;
  Registry registry_ = MakeRegistry({});
  Config config_{registry_};
  std::unique_ptr<Simulation> simulation_;
  std::unique_ptr<Session> session_;
  AddressBook addresses_;
  std::string said_, events_;
};

void ExpectSame(const Trace& first, const Trace& again) {
  EXPECT_EQ(again.hash, first.hash) << first.line;
  EXPECT_EQ(again.events, first.events) << first.line;
  EXPECT_EQ(again.answer, first.answer) << first.line;
  EXPECT_EQ(again.moment, first.moment) << first.line;
}

TEST(GoingBack, TheSameCommandsDoTheSameAgain) {
  for (std::uint64_t seed = 0; seed < 30 && !testing::Test::HasFailure(); ++seed) {
    TravellingConversation talk(seed);
    std::vector<Trace> traces = {talk.Do("status")};
    for (int i = 0; i < 30; ++i) traces.push_back(talk.Do(talk.RandomLine()));
    for (int round = 0; round < 3; ++round) {
      const std::size_t to = talk.Below(traces.size());
      talk.Do("goto " + std::to_string(traces[to].moment));
      EXPECT_EQ(talk.Do("hash").hash, traces[to].hash) << "seed " << seed << ", after " << to;
      // Commands after the last one of this moment.
      std::size_t next = to + 1;
      while (next < traces.size() && traces[next].moment == traces[to].moment) ++next;
      for (; next < traces.size(); ++next) ExpectSame(traces[next], talk.Do(traces[next].line));
      EXPECT_EQ(talk.branch(), "main") << "seed " << seed;
    }
    if (testing::Test::HasFailure()) ADD_FAILURE() << "seed " << seed;
  }
}

TEST(GoingBack, BranchesDoNotDisturbEachOther) {
  for (std::uint64_t seed = 100; seed < 115 && !testing::Test::HasFailure(); ++seed) {
    TravellingConversation talk(seed);
    for (int i = 0; i < 10; ++i) talk.Do(talk.RandomLine());
    const std::uint64_t main = talk.Do("hash").hash;
    talk.Do("branch a");
    for (int i = 0; i < 15; ++i) talk.Do(talk.RandomLine());
    const std::uint64_t a = talk.Do("hash").hash;
    talk.Do("switch main");
    EXPECT_EQ(talk.Do("hash").hash, main) << "seed " << seed;
    talk.Do("branch b");
    for (int i = 0; i < 15; ++i) talk.Do(talk.RandomLine());
    const std::uint64_t b = talk.Do("hash").hash;
    talk.Do("switch a");
    EXPECT_EQ(talk.Do("hash").hash, a) << "seed " << seed;
    talk.Do("goto b");
    EXPECT_EQ(talk.Do("hash").hash, b) << "seed " << seed;
  }
}

}  // namespace
}  // namespace delstep
