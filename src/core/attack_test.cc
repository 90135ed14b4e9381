// Attacks: what nodes send instead of what they have learnt.
#include <fmt/format.h>

#include <cmath>

#include "core/acts/attack.h"
#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

// A model of the fake learner is (k, 20 k, k / 2) after k trainings; Number() is k, or an average.
class Attacks : public SimulationWithTests {
 protected:
  static Scenario Fresh() {
    Scenario scenario = FakeRun::DefaultScenario();
    scenario.data.test_fraction = 0.25;
    return scenario;
  }
  void Set(std::string_view attack, std::vector<NodeId> nodes) {
    const auto done = sim().SetAttack(attack, nodes);
    ASSERT_TRUE(done) << done.error().message;
  }
  void Carry(NodeId from, NodeId to) {
    ASSERT_TRUE(sim().Send(from, to));
    ASSERT_TRUE(sim().NetworkStep());
  }
  /// What b makes of its own untrained model, 0, and of that of a, which has trained twice.
  double Mean(std::string_view attack) {
    Start(Fresh());
    Train({kA});
    Train({kA});
    Set(attack, {kA});
    Carry(kA, kB);
    Aggregate({kB});
    return Number(kB);
  }
};

TEST_F(Attacks, SignFlipZeroAndScaleChangeWhatIsSent) {
  EXPECT_NEAR(Mean("off"), 1, 1e-6) << "(0 + 2) / 2";
  EXPECT_NEAR(Mean("sign-flip"), -1, 1e-6);
  EXPECT_NEAR(Mean("zero"), 0, 1e-6);
  EXPECT_NEAR(Mean("scale 10"), 10, 1e-6);
  EXPECT_NEAR(Mean("scale -0.5"), -0.5, 1e-6);
}

TEST_F(Attacks, RobustRulesWithstandWhatRuinsTheMean) {
  // Seven nodes have trained four times, and two of them send the opposite. A mean is (5 * 4 - 2 *
  // 4) / 7; median, krum and a mean without the two lowest and highest are that of the honest ones.
  const auto after = [&](const std::string& rule) {
    Scenario scenario = Fresh();
    scenario.nodes.count = 7;
    scenario.partition.samples_per_node = 8;
    scenario.aggregation.name = rule;
    scenario.aggregation.byzantine = 2;
    scenario.aggregation.trim = 0.3;
    Start(scenario);
    const std::vector<NodeId> all = sim().Nodes();
    for (int i = 0; i < 4; ++i) Train(all);
    Set("sign-flip", {all[0], all[1]});
    EXPECT_TRUE(sim().Flood(all));
    EXPECT_TRUE(sim().NetworkStep());
    Aggregate({all[6]});
    return Number(all[6]);
  };
  EXPECT_NEAR(after("fedavg"), 12.0 / 7, 1e-5);
  EXPECT_NEAR(after("median"), 4, 1e-5);
  EXPECT_NEAR(after("krum"), 4, 1e-5);
  EXPECT_NEAR(after("trimmed-mean"), 4, 1e-5);
}

TEST_F(Attacks, TheAttackersOwnModelStaysAsItIs) {
  Train({kA});
  Set("zero", {kA});
  Carry(kA, kB);
  EXPECT_EQ(Number(kA), 1);
  Train({kA});
  EXPECT_EQ(Number(kA), 2) << "it trains as before";
  Set("off", {kA});
  Carry(kA, kC);
  Aggregate({kC});
  EXPECT_NEAR(Number(kC), 1, 1e-6) << "(0 + 2) / 2: off is off";
}

TEST_F(Attacks, MessagesThatAreQueuedAlreadyStay) {
  Train({kA});
  ASSERT_TRUE(sim().Send(kA, kB));
  Set("scale 100", {kA});
  ASSERT_TRUE(sim().NetworkStep());
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), 0.5, 1e-6);
}

TEST_F(Attacks, NoiseHasItsDeviationAndIsNewEachTime) {
  // b's model after a message of a alone is e / 2 in each number, of which Number() tells one over
  // 0.5: N(0, S). 400 draws of S = 3: the sum of squares over S^2 is chi-squared with 400 degrees,
  // sigma sqrt(800) = 28.3.
  double squares = 0, sum = 0, last = 0;
  std::vector<NodeId> b = {kB};
  for (int i = 0; i < 400; ++i) {
    if (i == 0) Set("noise 3", {kA});
    Carry(kA, kB);
    ASSERT_TRUE(sim().Aggregate(b));
    // The mean of the own model x and of 0 + e: e = 2 * new - x.
    const double number = Number(kB), noise = (2 * number - last) * 0.5;
    last = number;
    squares += noise * noise / 9;
    sum += noise / 3;
  }
  EXPECT_NEAR(squares, 400, 4 * 28.3);
  EXPECT_NEAR(sum, 0, 4 * 20);
}

TEST_F(Attacks, NoiseDependsOnTheNodeAndItsDrawsAlone) {
  const auto noise_of = [&](NodeId node, bool others) {
    Start(Fresh());
    Set("noise 1", {kA, kC});
    if (others) Carry(kC, kD);
    Carry(node, kB);
    Aggregate({kB});
    return Number(kB);
  };
  EXPECT_EQ(noise_of(kA, false), noise_of(kA, true));
  EXPECT_NE(noise_of(kA, false), noise_of(kC, false));
}

TEST_F(Attacks, SameIsOneModelForAllAttackersAndTimes) {
  Train({kA});
  Set("same", {kA, kC});
  Carry(kA, kB);
  Aggregate({kB});
  const double first = Number(kB);  // r / 2
  Carry(kC, kD);
  Aggregate({kD});
  EXPECT_EQ(Number(kD), first);
  EXPECT_NE(first, 0);
  EXPECT_LT(std::abs(first), 5) << "a standard normal over 2 and over 0.5";
}

TEST_F(Attacks, AFloodOfEqualAttacksIsOneRow) {
  Train(kAll);
  const std::vector<NodeId> attackers = {kA, kB, kC};
  Set("same", attackers);
  const std::size_t before = sim().Memory().distinct_models;
  ASSERT_TRUE(sim().Flood(attackers));
  EXPECT_EQ(sim().Memory().distinct_models, before + 1);
  Set("sign-flip", attackers);
  ASSERT_TRUE(sim().Flood(attackers));
  EXPECT_EQ(sim().Memory().distinct_models, before + 4) << "one for each model, however many peers";
}

TEST_F(Attacks, NodesWithEqualModelsThatAttackAlikeSendOneRow) {
  const std::size_t before = sim().Memory().distinct_models;
  EXPECT_EQ(before, 1u) << "the common initial model";
  Set("scale 2", {kA, kB});
  Set("scale 3", {kC});
  const std::vector<NodeId> attackers = {kA, kB, kC};
  ASSERT_TRUE(sim().Flood(attackers));
  EXPECT_EQ(sim().Memory().distinct_models, before + 2);
}

TEST_F(Attacks, ChangesOfModelsAreAttackedToo) {
  Scenario scenario = Fresh();
  scenario.aggregation.share = "deltas";
  Start(scenario);
  Train({kA});
  Train({kA});
  Set("sign-flip", {kA});
  Carry(kA, kB);
  Aggregate({kB});
  EXPECT_NEAR(Number(kB), -1, 1e-6) << "0 + the mean of 0 and -2";
}

TEST_F(Attacks, CompressionGoesOnAsIfTheSenderWereHonest) {
  // What is sent in the end is what a receiver knows, so the attack changes that and not its size.
  const auto run = [&](std::string_view attack) {
    Scenario scenario = Fresh();
    scenario.compression.name = "int8";
    Start(scenario);
    Train({kA});
    Set(attack, {kA});
    const auto report = sim().Send(kA, kB);
    EXPECT_TRUE(sim().NetworkStep());
    Aggregate({kB});
    const double attacked = Number(kB);
    Set("off", {kA});
    Carry(kA, kC);
    Aggregate({kC});
    return std::tuple(report->bytes, attacked, Number(kC));
  };
  const auto [bytes, honest, later] = run("off");
  const auto [same_bytes, flipped, same_later] = run("sign-flip");
  EXPECT_EQ(same_bytes, bytes);
  EXPECT_GT(honest, 0.4);
  EXPECT_NEAR(flipped, -honest, 1e-6);
  EXPECT_EQ(same_later, later);
}

TEST_F(Attacks, BuffersStayAsTheyAre) {
  Scenario scenario = Fresh();
  scenario.model.learner = "fake-with-buffer";
  Start(scenario);
  Train({kA});  // the buffer is 1/8, and the loss
  Set("scale 100", {kA});
  Carry(kA, kB);
  Aggregate({kB});
  EXPECT_NEAR(Test(kB).loss, 0.125 / 2, 1e-6);
}

TEST_F(Attacks, AreToldSeenAndPartOfTheState) {
  const std::uint64_t hash = sim().WorldHash();
  EXPECT_EQ(sim().View(kB).attack, "off");
  Set("noise 0.50", {kB, kC});
  EXPECT_EQ(sim().View(kB).attack, "noise 0.5");
  EXPECT_NE(sim().WorldHash(), hash);
  const auto told = EventsOf<AttackChanged>();
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[1].node, kC);
  EXPECT_EQ(told[1].attack, "noise 0.5");
  Set("off", {kB, kC});
  EXPECT_EQ(sim().WorldHash(), hash);
}

TEST_F(Attacks, SharesOfAttackedModelsAreNotExact) {
  Train({kA});
  Carry(kA, kB);
  Aggregate({kB});
  EXPECT_TRUE(sim().Why(kB)->exact);
  Set("zero", {kA});
  Carry(kA, kC);
  Aggregate({kC});
  const auto why = sim().Why(kC);
  ASSERT_TRUE(why);
  EXPECT_FALSE(why->exact);
  EXPECT_EQ(why->sources.size(), 2u) << "the message counts as its sender's";
}

/// Of a model that has trained once, (1, 15, 0.5), it makes the second number infinite: 1.5e39.
constexpr const char* kInfinite = "scale 1e38";

// 1 * own + 0 * result is no number where the result is infinite.
TEST_F(Attacks, ARateOfZeroKeepsTheOwnModelWhateverOthersSend) {
  for (const char* share : {"parameters", "deltas", "gradients"})
    for (const char* rule : {"fedavg", "median", "krum"})
      for (const double rate : {0.0, 1e-60}) {  // the second is 0 as a float
        SCOPED_TRACE(fmt::format("{} {} {}", share, rule, rate));
        Scenario scenario = Fresh();
        scenario.aggregation.share = share;
        scenario.aggregation.name = rule;
        scenario.aggregation.byzantine = 0;
        scenario.aggregation.rate = rate;
        Start(scenario);
        for (const NodeId node : {kA, kB, kC}) Train({node});
        Set(kInfinite, {kA, kC});
        Carry(kA, kB);
        Carry(kC, kB);
        const std::uint64_t before = sim().ModelHash(kB);
        EXPECT_TRUE(Aggregate({kB}).aggregated[0].changed);
        EXPECT_EQ(sim().ModelHash(kB), before);
      }
}

TEST_F(Attacks, DistancesOfInfiniteModelsHaveNoSign) {
  Scenario scenario = Fresh();
  scenario.aggregation.name = "fedavg";
  Start(scenario);
  Train({kA});
  Set(kInfinite, {kA});
  Carry(kA, kB);
  Aggregate({kB});
  const double distance = sim().Stats().consensus_distance;
  EXPECT_TRUE(std::isnan(distance));
  EXPECT_FALSE(std::signbit(distance));
  const std::vector<EncounterView> met = sim().Encounters(kB);
  ASSERT_EQ(met.size(), 1u);
  EXPECT_TRUE(std::isnan(met[0].distance));
  EXPECT_FALSE(std::signbit(met[0].distance));
}

TEST_F(Attacks, WhatIsNoAttackIsRefused) {
  for (const char* text : {"", "flip", "noise", "noise x", "noise -1", "scale", "scale inf",
                           "zero 1", "off now", "noise 1 2"}) {
    const auto done = sim().SetAttack(text, kAll);
    ASSERT_FALSE(done) << text;
    EXPECT_EQ(done.error().code, ErrorCode::kUsage);
    EXPECT_THAT(done.error().hint, HasSubstr("sign-flip, noise 0.5, zero, scale 10, same or off"));
  }
  // The largest float is 2^128 - 2^104, or 3.4028e38. As 3.41e38 is infinite then, a model of zeros became
  // one of no numbers.
  for (const char* text : {"scale 3.41e38", "scale -1e39", "noise 1e39"}) {
    const auto done = sim().SetAttack(text, kAll);
    ASSERT_FALSE(done) << text;
    EXPECT_EQ(done.error().code, ErrorCode::kUsage);
    EXPECT_THAT(done.error().message, HasSubstr(text));
    EXPECT_THAT(done.error().message, HasSubstr("3.403e+38"));
  }
  EXPECT_EQ(sim().View(kA).attack, "off");
  EXPECT_TRUE(ParseAttack("scale 3.4e38"));
  for (const char* text : {"sign-flip", "noise 0.5", "zero", "scale -2", "same", "off"})
    EXPECT_EQ(Name(*ParseAttack(text)), text);
}

}  // namespace
}  // namespace delstep
