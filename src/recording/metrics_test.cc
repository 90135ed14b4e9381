#include "recording/metrics.h"

#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

/// Records as a run directory does, without files.
class MetricsTest : public SimulationTest {
 protected:
  MetricsTest() {
    sim().Observe([this](const Event& event) { metrics_.Learn(event); });
  }
  std::string EndCommand() { return metrics_.EndCommand(sim(), 0, AddressBook(sim())); }

  Metrics metrics_{"run"};
};

TEST_F(MetricsTest, ACommandThatChangesNoModelReadsNone) {
  Train(kAll);
  EXPECT_THAT(EndCommand(), HasSubstr("consensus_distance"));
  const std::uint64_t read = sim().models_read();
  ASSERT_TRUE(sim().Flood(kAll));
  EXPECT_EQ(EndCommand(), "");
  ASSERT_TRUE(sim().NetworkStep());
  const std::string rows = EndCommand();
  EXPECT_THAT(rows, HasSubstr(",,all,messages,12\n"));
  EXPECT_THAT(rows, testing::Not(HasSubstr("consensus_distance")));
  EXPECT_EQ(sim().models_read(), read);
  EXPECT_EQ(sim().latencies_sorted(), 0u);
}

// It was so that a round of a long run took twenty times as long as one at the beginning.
TEST_F(MetricsTest, ARoundReadsAsManyModelsLateAsEarly) {
  std::uint64_t before = 0, first = 0;
  for (int round = 0; round < 50; ++round) {
    Train(kAll);
    EndCommand();
    ASSERT_TRUE(sim().Flood(kAll));
    EndCommand();
    ASSERT_TRUE(sim().NetworkStep());
    EndCommand();
    Aggregate(kAll);
    EndCommand();
    const std::uint64_t now = sim().models_read();
    // Four after `train`, and at most four after `ag`, where nodes may have come to share a row.
    EXPECT_LE(now - before, 8u);
    if (round == 1) first = now - before;
    if (round > 0) {
      EXPECT_EQ(now - before, first) << "round " << round;
    }
    before = now;
  }
  EXPECT_EQ(sim().latencies_sorted(), 0u) << "only `stats` needs percentiles";
  sim().Stats();
  EXPECT_EQ(sim().latencies_sorted(), 50u * 12);
}

TEST_F(MetricsTest, WritesTheConsensusDistanceThatStatsShows) {
  Train({kA});
  Train({kB});
  const std::string rows = EndCommand();
  const std::string value = ",all,consensus_distance,";
  const auto at = rows.find(value);
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(std::stod(rows.substr(at + value.size())), sim().Stats().consensus_distance);
}

TEST_F(MetricsTest, OfAPartHasTheTimeOfThePartAndTheStepOfItsCommand) {
  Train({kA});
  const std::string part = metrics_.EndPart(sim(), 7, AddressBook(sim()));
  EXPECT_THAT(part, HasSubstr(",0,7,0,10.0.0.1,,train_loss,"));
  EXPECT_EQ(EndCommand(), "") << "it has been told";
  Train({kA});
  EXPECT_THAT(EndCommand(), HasSubstr(",1,0,0,10.0.0.1,,train_loss,")) << "the next step";
}

}  // namespace
}  // namespace delstep
