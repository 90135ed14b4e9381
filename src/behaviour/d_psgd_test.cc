#include "behaviour/d_psgd.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "behaviour/rounds.h"
#include "tests/fakes/behaviour_world.h"

namespace delstep {
namespace {

using fakes::BehaviourWorld;
using fakes::NormalModels;
using namespace std::chrono_literals;
using ::testing::DoubleNear;
using ::testing::Each;

std::unique_ptr<Behaviour> Make(std::optional<Duration> timeout = {}) {
  BehaviourOptions options;
  options.timeout = timeout;
  return MakeDPsgd(options).value();
}

void Round(BehaviourWorld& world) {
  for (std::size_t i = 0; i < world.size(); ++i) world.Turn(i);
  world.RunAll();
}
std::uint64_t RoundOf(BehaviourWorld& world, std::size_t node) {
  return world.See(node, [](Host& host) { return Rounds::RoundOf(host); });
}

/// A connected graph with degrees of many kinds: a circle, and each pair with chance 0.3.
void ConnectUnevenly(BehaviourWorld& world) {
  Random random(MakeKey(5, Purpose::kTopology));
  world.ConnectRing();
  for (std::size_t a = 0; a < world.size(); ++a)
    for (std::size_t b = 0; b < a; ++b)
      if (random.Chance(0.3)) world.Connect(a, b);
}

TEST(DPsgd, MixesByASymmetricDoublyStochasticMatrixOfMetropolisHastingsWeights) {
  // The model of one node is 1, all others are 0: after a round the models are a column of W.
  constexpr std::size_t kNodes = 10;
  const auto behaviour = Make();
  std::vector<std::vector<double>> w;
  std::vector<std::size_t> degrees;
  std::vector<std::vector<bool>> edges(kNodes, std::vector<bool>(kNodes));
  for (std::size_t j = 0; j < kNodes; ++j) {
    std::vector<double> unit(kNodes);
    unit[j] = 1;
    BehaviourWorld world(*behaviour, unit, {.has_data = false});
    ConnectUnevenly(world);
    world.See(j, [&](Host& host) {
      degrees.push_back(host.neighbours().size());
      for (const NodeId peer : host.neighbours()) edges[j][Index(peer)] = true;
    });
    Round(world);
    w.push_back(world.models());
  }
  ASSERT_NE(*std::ranges::min_element(degrees), *std::ranges::max_element(degrees));
  for (std::size_t i = 0; i < kNodes; ++i) {
    double row = 0, column = 0;
    for (std::size_t j = 0; j < kNodes; ++j) {
      EXPECT_DOUBLE_EQ(w[i][j], w[j][i]);
      if (i != j) {
        const auto most = static_cast<double>(std::max(degrees[i], degrees[j]));
        EXPECT_DOUBLE_EQ(w[i][j], edges[i][j] ? 1 / (1 + most) : 0);
      }
      row += w[i][j];
      column += w[j][i];
    }
    EXPECT_NEAR(row, 1, 1e-15);
    EXPECT_NEAR(column, 1, 1e-15);
  }
}

TEST(DPsgd, OnARingTheSlowestWaveShrinksByTheSpectralGap) {
  // A ring of n nodes of degree 2 has W = circulant(1/3, 1/3, 1/3). The wave cos(2 pi i / n) is an
  // eigenvector of lambda_2 = (1 + 2 cos(2 pi / n)) / 3; the gap 1 - lambda_2 is in LIVING.md 5.1.
  const auto behaviour = Make();
  for (const auto& [n, gap] :
       {std::pair{8u, 0.19526}, {12u, 0.08932}, {16u, 0.05075}, {20u, 0.03263}, {32u, 0.01281}}) {
    std::vector<double> wave(n);
    for (std::size_t i = 0; i < n; ++i)
      wave[i] = std::cos(2 * std::numbers::pi * static_cast<double>(i) / n);
    BehaviourWorld world(*behaviour, wave, {.has_data = false});
    world.ConnectRing();
    Round(world);
    for (std::size_t i = 0; i < n; ++i) EXPECT_NEAR(world.model(i), (1 - gap) * wave[i], 1e-5);
    // Any other models: V' <= rho^2 V, where rho is lambda_2, as lambda_n >= -1/3 is smaller.
    const double rho = (1 + 2 * std::cos(2 * std::numbers::pi / n)) / 3;
    world.SetModels(NormalModels(n));
    const double mean = world.Mean();
    for (int round = 0; round < 20; ++round) {
      const double before = world.Spread();
      Round(world);
      EXPECT_LE(world.Spread(), rho * rho * before * (1 + 1e-12));
      EXPECT_NEAR(world.Mean(), mean, 1e-14);
    }
  }
}

TEST(DPsgd, KeepsTheMeanOnAnyGraphWithAnyLatency) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, NormalModels(12),
                       {.latency = 1s, .latency_jitter = 30s, .has_data = false});
  ConnectUnevenly(world);
  const double mean = world.Mean(), before = world.Spread();
  // Nodes get turns at all kinds of times, and messages overtake each other.
  world.GiveTurns(5s, 400);
  world.RunAll();
  EXPECT_LT(world.Spread(), 1e-6 * before);
  EXPECT_THAT(world.models(), Each(DoubleNear(mean, 1e-3)));
  for (std::size_t i = 0; i < 12; ++i) EXPECT_LE(world.InboxSize(i), 11u);
}

TEST(DPsgd, ARoundIsAsLongAsTheSlowestAndBeginsWithATurn) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {0, 0, 0}, {.latency = 2s, .training = 5s, .step = 1});
  world.ConnectAll();
  world.Turn(0);
  world.Turn(1);
  world.RunFor(100s);
  EXPECT_EQ(world.merges(0), 0u) << "node 2 has not sent yet";
  world.Turn(2);
  world.RunFor(6s);
  EXPECT_EQ(world.merges(2), 1u) << "it has all when it is trained";
  EXPECT_EQ(world.merges(0), 0u);
  world.RunFor(1s);
  EXPECT_EQ(world.merges(0), 1u);
  EXPECT_EQ(world.trained(0), 1u) << "no turn is due";
  EXPECT_EQ(world.headers_sent(), 0u);
}

TEST(DPsgd, TurnsThatFallIntoARoundMakeOneRoundAfterIt) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {0, 0}, {.latency = 25s});
  world.ConnectAll();
  world.GiveTurns(10s, 4);  // a round from 10 to 35 s, one that begins at once, to 60 s, one more
  world.RunFor(59s);
  EXPECT_EQ(world.trained(0), 2u);
  world.RunAll();
  EXPECT_EQ(world.trained(0), 3u);
  EXPECT_EQ(RoundOf(world, 0), 4u);
}

TEST(DPsgd, AMessageOfALaterRoundWaits) {
  // Node 1 is done with round 1 as soon as node 0 has sent, and sends round 2 while node 0, which
  // waits for node 2, is still in round 1.
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {0, 3, 6}, {.has_data = false});
  world.Connect(0, 1);
  world.Connect(0, 2);
  world.Turn(0);
  world.Turn(1);
  world.Turn(1);
  world.RunAll();
  EXPECT_EQ(RoundOf(world, 1), 2u);
  EXPECT_EQ(RoundOf(world, 0), 1u);
  EXPECT_EQ(world.InboxSize(0), 2u);
  world.Turn(2);
  world.RunAll();
  // Degrees 2, 1, 1: all weights are 1/3. Node 0: (0 + 3 + 6) / 3; the later one of node 1 is left.
  EXPECT_DOUBLE_EQ(world.model(0), 3);
  EXPECT_EQ(RoundOf(world, 0), 2u);
  EXPECT_EQ(world.InboxSize(0), 1u);
}

TEST(DPsgd, ATimeoutGivesTheMissingWeightToTheNodeItself) {
  const auto behaviour = Make(5s);
  BehaviourWorld world(*behaviour, {0, 6, 6}, {.has_data = false});
  world.ConnectAll();
  world.Turn(0);
  world.Turn(1);
  world.RunFor(5s - 1ns);
  EXPECT_EQ(world.merges(0), 0u);
  world.RunFor(1ns);
  EXPECT_DOUBLE_EQ(world.model(0), 2);  // 6 with weight 1/3; what node 2 would have got stays
  EXPECT_DOUBLE_EQ(world.model(1), 4);
  // Node 2 comes too late: it is told, and catches up.
  world.Turn(2);
  world.RunAll();
  EXPECT_EQ(RoundOf(world, 2), 2u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(world.InboxSize(i), 0u);
}

TEST(DPsgd, WithoutATimeoutALostMessageStopsTheRounds) {
  // LIVING.md 6: this is what D-PSGD is like.
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {0, 6}, {.loss = 1, .has_data = false});
  world.ConnectAll();
  world.GiveTurns(10s, 50);
  world.RunAll();
  EXPECT_EQ(RoundOf(world, 0), 1u);
}

TEST(DPsgd, WhoGoesOrPartsIsNotWaitedFor) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {0, 6, 6, 6}, {.has_data = false});
  world.ConnectAll();
  for (const std::size_t node : {0u, 1u}) world.Turn(node);
  world.RunAll();
  world.SetUp(2, false);
  world.RunAll();
  EXPECT_EQ(world.merges(0), 0u);
  world.Part(0, 3);
  world.RunAll();
  EXPECT_EQ(world.merges(0), 1u);
  // Degrees are 2 (with the one that is down) and 3, so the weight is 1/4.
  EXPECT_DOUBLE_EQ(world.model(0), 1.5);
  EXPECT_EQ(world.merges(1), 0u) << "it still has node 3";
}

TEST(DPsgd, WhoWasAwayCatchesUpAndTheOthersGoOn) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, NormalModels(5), {.latency = 100ms, .training = 1s});
  world.ConnectRing();
  world.GiveTurns(10s, 100);
  world.Plan(33s, [&] { world.SetUp(3, false); });
  world.Plan(515s, [&] { world.SetUp(3, true); });
  world.RunFor(514s);
  EXPECT_EQ(RoundOf(world, 0), 52u) << "a round each turn";
  EXPECT_EQ(RoundOf(world, 3), 4u);
  world.RunAll();
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(RoundOf(world, i), 101u) << "node " << i;
    EXPECT_EQ(world.InboxSize(i), 0u);
  }
}

TEST(DPsgd, WhoGoesInTheMiddleOfATrainingTrainsAnew) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {0, 0}, {.training = 5s});
  world.ConnectAll();
  world.GiveTurns(10s, 5);
  world.Plan(12s, [&] { world.SetUp(1, false); });  // loses its training
  world.Plan(13s, [&] { world.SetUp(1, true); });
  world.RunAll();
  EXPECT_EQ(world.trained(1), 4u);
  EXPECT_EQ(RoundOf(world, 0), RoundOf(world, 1));
}

TEST(DPsgd, AMessageByHandIsDiscarded) {
  const auto behaviour = Make();
  BehaviourWorld world(*behaviour, {0, 6}, {.has_data = false});
  world.ConnectAll();
  world.Deliver(1, 0, {});
  EXPECT_EQ(world.InboxSize(0), 0u);
  Round(world);
  EXPECT_DOUBLE_EQ(world.model(0), 3);
}

}  // namespace
}  // namespace delstep
