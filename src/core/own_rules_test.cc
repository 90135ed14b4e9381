// Rules that write whatever they like: what the core makes of it.
#include <algorithm>
#include <utility>

#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

/// Makes a model of sevens, whatever it is shown.
class Sevens final : public MergeRule {
 public:
  Sees sees() const override { return Sees::kInbox; }

 private:
  Result<void> DoMerge(std::span<const PeerModel>, std::span<float> out) const override {
    std::ranges::fill(out, 7.0f);
    return {};
  }
};

class OwnRules : public SimulationTest {
 protected:
  OwnRules() {
    fake_.registry.aggregators.Add("sevens", "", [](const AggregationOptions&) -> AggregatorResult {
      return std::make_unique<Sevens>();
    });
  }
  template <class Change>
  void Begin(const std::string& rule, Change change) {
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.aggregation.name = rule;
    change(scenario);
    Start(scenario);
  }
};

// The own model alone was given to rules that may make another one of it: "unchanged" was not true.
TEST_F(OwnRules, ANodeThatIsShownNoOtherModelStaysAsItIsWhateverTheRule) {
  for (const std::string rule : {"fedavg", "dpsgd", "median", "trimmed-mean", "krum", "sevens"}) {
    SCOPED_TRACE(rule);
    Begin(rule, [](Scenario& scenario) {
      scenario.aggregation.byzantine = 0;  // krum is content with three models
      scenario.training.proximal_mu = 1;   // so that the anchor counts
    });
    Train({kA});
    ASSERT_TRUE(sim().Send(kA, kB));
    ASSERT_TRUE(sim().Send(kC, kB));
    ASSERT_TRUE(sim().NetworkStep());
    EXPECT_TRUE(Aggregate({kB}).aggregated[0].changed);
    Train({kB});
    const std::uint64_t model = sim().ModelHash(kB);
    const std::size_t models = sim().Memory().distinct_models;
    const StepReport report = Aggregate({kB});
    EXPECT_FALSE(report.aggregated[0].changed);
    EXPECT_EQ(sim().ModelHash(kB), model);
    EXPECT_EQ(sim().Memory().distinct_models, models) << "the anchor is another model still";
    EXPECT_EQ(sim().Encounters(kB)[0].expiry, 1u) << "3, and ticked twice";
  }
}

// What is 0 in all models was taken for a gap, and what a rule wrote there was thrown away.
TEST_F(OwnRules, WhatIsWrittenCountsAlsoWhereAllModelsHoldZero) {
  for (const std::string share : {"parameters", "deltas"}) {
    SCOPED_TRACE(share);
    // Nobody has trained: all models are 0, and so are all changes.
    Begin("sevens", [&](Scenario& scenario) {
      scenario.aggregation.share = share;
      scenario.data.test_fraction = 0.25;  // something to test on
    });
    ASSERT_TRUE(sim().Send(kA, kB));
    ASSERT_TRUE(sim().NetworkStep());
    Aggregate({kB});
    EXPECT_EQ(Test(kB).loss, 7);
    // 7 in each of the three numbers, and 0 in the gap: one node of four is 3/4 of the way from the
    // mean, three are a quarter away, in each number.
    const double squared = 3 * 7 * 7;
    EXPECT_NEAR(sim().Stats().consensus_distance, squared * (9 + 3) / 16 / 4, 1e-9);
  }
}

}  // namespace
}  // namespace delstep
