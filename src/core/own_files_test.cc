// Rules and behaviours that are files of the user's, which change while a run goes on. Here a file is a
// word, `file_`, and what is made of it is what the word says.
#include <string>

#include "base/hash.h"
#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

/// Trains in its turn, if the file said so.
class TrainsOrNot final : public Behaviour {
 public:
  explicit TrainsOrNot(bool trains) : trains_(trains) {}
  bool merges() const override { return false; }
  void OnTurn(Host& node) const override {
    if (trains_) node.Train();
  }
  void OnReceive(Host&, const ReceivedMessage&) const override {}

 private:
  const bool trains_;
};

class OwnFiles : public SimulationWithTests {
 protected:
  OwnFiles() {
    simulation_.reset();
    fake_.registry.aggregators.AddFiles(
        ".rule", "", [this](const AggregationOptions& options) -> Result<Aggregator> {
          if (file_.empty()) return BadFile("it is gone");
          return (**fake_.registry.aggregators.Find(file_))(options);
        });
    fake_.registry.behaviours.AddFiles(
        ".behaviour", "", [this](const BehaviourOptions&) -> Result<std::unique_ptr<Behaviour>> {
          if (file_.empty()) return BadFile("it is gone");
          return std::make_unique<TrainsOrNot>(file_ == "train");
        });
    fake_.registry.hash_source = [this](const std::string&) {
      return std::optional(HashText(file_));
    };
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.data.test_fraction = 0.25;
    Start(scenario);
  }
  Snapshot Take() {
    auto taken = sim().TakeSnapshot();
    EXPECT_TRUE(taken);
    return *taken;
  }
  Snapshot SetRule(const std::string& file) {
    file_ = file;
    Scenario changed = sim().scenario();
    changed.aggregation.name = "own.rule";
    EXPECT_TRUE(sim().Reconfigure(changed, "aggregation.name", "own.rule"));
    return Take();
  }
  Snapshot SetBehaviour(const std::string& file, std::vector<NodeId> nodes = {}) {
    file_ = file;
    Scenario changed = sim().scenario();
    changed.behaviour.name = "own.behaviour";
    if (nodes.empty()) {
      EXPECT_TRUE(sim().Reconfigure(changed, "behaviour.name", "own.behaviour"));
    } else {
      EXPECT_TRUE(sim().Reconfigure(changed, "behaviour.name", "own.behaviour", nodes));
    }
    return Take();
  }
  /// What the rule makes of the models 0, 1 and 5 of a, b and c; the run goes on from the moment.
  double ResultAt(const Snapshot& moment) {
    EXPECT_TRUE(sim().Restore(moment));
    Aggregate({kA});
    return Number(kA);
  }
  /// How often b has trained a turn after the moment.
  std::uint64_t TrainingsAt(const Snapshot& moment) {
    EXPECT_TRUE(sim().Restore(moment));
    EXPECT_TRUE(sim().Transmit());
    const SimTime end = sim().now() + sim().scenario().behaviour.period;
    for (;;) {
      const auto more = sim().HandleNext(end);
      EXPECT_TRUE(more);
      if (!more || !*more) return sim().View(kB).trained;
    }
  }

  std::string file_;
};

constexpr double kMedian = 1, kMean = (0 + 1 + 5) / 3.0;

TEST_F(OwnFiles, AMomentGoesOnWithTheRuleThatWasInForce) {
  Train({kB});
  for (int i = 0; i < 5; ++i) Train({kC});
  ASSERT_TRUE(sim().Send(kB, kA));
  ASSERT_TRUE(sim().Send(kC, kA));
  ASSERT_TRUE(sim().NetworkStep());
  const Snapshot before = Take();
  const Snapshot median = SetRule("median"), mean = SetRule("fedavg");
  // Also where the file does not even compile any more.
  for (const char* now : {"fedavg", "median", ""}) {
    SCOPED_TRACE(now);
    file_ = now;
    EXPECT_NEAR(ResultAt(median), kMedian, 1e-6);
    EXPECT_NEAR(ResultAt(before), kMean, 1e-6) << "the rule of the beginning";
    EXPECT_NEAR(ResultAt(mean), kMean, 1e-6);
    EXPECT_NEAR(ResultAt(median), kMedian, 1e-6);
  }
}

TEST_F(OwnFiles, AMomentTellsWhetherItsFilesHeldTheSame) {
  const Snapshot median = SetRule("median");
  EXPECT_TRUE(sim().HasFilesOf(median));
  const Snapshot mean = SetRule("fedavg");
  EXPECT_FALSE(sim().HasFilesOf(median));
  ASSERT_TRUE(sim().Restore(median));
  EXPECT_TRUE(sim().HasFilesOf(median)) << "whatever the file holds now";
  SetRule("fedavg");
  EXPECT_TRUE(sim().HasFilesOf(mean)) << "made again, of the same";
}

TEST_F(OwnFiles, AMomentGoesOnWithTheBehaviourThatWasInForce) {
  const Snapshot trains = SetBehaviour("train"), rests = SetBehaviour("rest");
  file_ = "";
  EXPECT_EQ(TrainingsAt(trains), 1u);
  EXPECT_EQ(TrainingsAt(rests), 0u);
  EXPECT_FALSE(sim().HasFilesOf(trains));
  EXPECT_EQ(TrainingsAt(trains), 1u);
}

// Another behaviour of some nodes does not change the settings of the run.
TEST_F(OwnFiles, SoItDoesWhereTheBehaviourIsThatOfSomeNodes) {
  const Snapshot none = Take();
  const Snapshot trains = SetBehaviour("train", {kB}), rests = SetBehaviour("rest", {kB});
  file_ = "";
  EXPECT_EQ(TrainingsAt(trains), 1u);
  EXPECT_EQ(TrainingsAt(rests), 0u);
  EXPECT_EQ(TrainingsAt(none), 0u);
  EXPECT_EQ(TrainingsAt(trains), 1u);
}

}  // namespace
}  // namespace delstep
