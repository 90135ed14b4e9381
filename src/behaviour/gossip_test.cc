#include "behaviour/gossip.h"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/fakes/behaviour_world.h"

namespace delstep {
namespace {

using fakes::BehaviourWorld;
using fakes::Estimate;
using fakes::NormalModels;
using namespace std::chrono_literals;
using ::testing::DoubleEq;
using ::testing::ElementsAre;

constexpr double kSigmas = 4;

struct Choice {
  const char* mode = "push";
  const char* update = "merge-update";
  const char* merge = "mean";
  std::size_t peers = 1;
};
Result<std::unique_ptr<Behaviour>> TryToMake(const Choice& choice) {
  BehaviourOptions options;
  options.mode = choice.mode;
  options.update = choice.update;
  options.merge = choice.merge;
  options.peers = choice.peers;
  return MakeGossip(options);
}
std::unique_ptr<Behaviour> Make(const Choice& choice) { return TryToMake(choice).value(); }

TEST(Gossip, APushPullOfTwoLeavesVLessOnePartInNMinusOneAndTheMean) {
  // LIVING.md 5.2: E[V'] = V (1 - 1 / (N - 1)).
  constexpr std::size_t kNodes = 20;
  const auto gossip = Make({.mode = "push-pull"});
  const std::vector<double> models = NormalModels(kNodes);
  BehaviourWorld world(*gossip, models, {.has_data = false});
  world.ConnectAll();
  const double before = world.Spread(), mean = world.Mean();
  Estimate left;
  for (std::size_t trial = 0; trial < 10'000; ++trial) {
    world.SetModels(models);
    world.Turn(trial % kNodes);
    world.RunAll();
    ASSERT_NEAR(world.Mean(), mean, 1e-12);
    left.Add(world.Spread() / before);
  }
  EXPECT_NEAR(left.mean(), 1 - 1.0 / (kNodes - 1), kSigmas * left.error());
  EXPECT_LT(left.error(), 0.003);
}

TEST(Gossip, APushLeavesWhatTheFormulaSays) {
  // LIVING.md 5.2: E[V'] = V (1 - (N + 1) / (2 N (N - 1))).
  constexpr double kNodes = 20;
  const auto gossip = Make({.mode = "push"});
  const std::vector<double> models = NormalModels(20);
  BehaviourWorld world(*gossip, models, {.has_data = false});
  world.ConnectAll();
  const double before = world.Spread();
  Estimate left;
  for (std::size_t trial = 0; trial < 10'000; ++trial) {
    world.SetModels(models);
    world.Turn(trial % 20);
    world.RunAll();
    left.Add(world.Spread() / before);
  }
  EXPECT_NEAR(left.mean(), 1 - (kNodes + 1) / (2 * kNodes * (kNodes - 1)), kSigmas * left.error());
  EXPECT_LT(left.error(), 0.0015);
}

TEST(Gossip, PushAloneMissesTheMeanByTheStandardDeviationOfTheFormula) {
  // LIVING.md 5.2: the square of the drift is V0 / (N (N + 1)) on average. Nodes are chosen at
  // random, as the formula wants it. For N = 20: 0.00238 V0.
  constexpr std::size_t kNodes = 20;
  const auto gossip = Make({.mode = "push"});
  const std::vector<double> models = NormalModels(kNodes);
  BehaviourWorld world(*gossip, models, {.has_data = false});
  world.ConnectAll();
  const double before = world.Spread(), mean = world.Mean();
  Random random(MakeKey(3, Purpose::kData));
  Estimate squares;
  for (int run = 0; run < 500; ++run) {
    world.SetModels(models);
    // 0.9724 of V is left after each push, so 4e-4 of it after 280.
    for (int push = 0; push < 280; ++push) {
      world.Turn(static_cast<std::size_t>(random.Below(kNodes)));
      world.RunAll();
    }
    squares.Add((world.Mean() - mean) * (world.Mean() - mean) / before);
  }
  EXPECT_NEAR(squares.mean(), 1.0 / (kNodes * (kNodes + 1)), kSigmas * squares.error());
  EXPECT_LT(squares.error(), 0.0002);
}

TEST(Gossip, EachModeSendsWhatItsNameSays) {
  for (const auto& [mode, models, headers] :
       {std::tuple{"push", 1u, 0u}, {"pull", 1u, 1u}, {"push-pull", 2u, 0u}}) {
    const auto gossip = Make({.mode = mode});
    BehaviourWorld world(*gossip, {0, 1}, {.has_data = false});
    world.ConnectAll();
    world.Turn(0);
    world.RunAll();
    EXPECT_EQ(world.models_sent(), models) << mode;
    EXPECT_EQ(world.headers_sent(), headers) << mode;
  }
}

TEST(Gossip, ThoseWhoAskGetTheModelAsItWasBeforeTheMerge) {
  const auto pull = Make({.mode = "pull"});
  BehaviourWorld pulling(*pull, {0, 1}, {.has_data = false});
  pulling.ConnectAll();
  pulling.Turn(0);
  pulling.RunAll();
  EXPECT_THAT(pulling.models(), ElementsAre(0.5, 1));  // only who asks changes

  const auto both = Make({.mode = "push-pull"});
  BehaviourWorld exchanging(*both, {0, 1}, {.has_data = false});
  exchanging.ConnectAll();
  exchanging.Turn(0);
  exchanging.RunAll();
  EXPECT_THAT(exchanging.models(), ElementsAre(0.5, 0.5));  // not 0.25, which a later answer gives
}

TEST(Gossip, TheOrderOfMergeAndTrainingIsTheOneChosen) {
  // 8 comes to 4; a training adds 1, and so the ends differ.
  for (const auto& [update, expected] : {std::pair{"merge-update", (8.0 + 4) / 2 + 1},
                                         {"update-merge", (8 + (4.0 + 1)) / 2},
                                         {"update", 8.0 + 1}}) {
    const auto gossip = Make({.update = update});
    BehaviourWorld world(*gossip, {8, 4}, {.training = 3s, .step = 1});
    world.ConnectAll();
    world.Turn(0);
    world.RunAll();
    EXPECT_THAT(world.models(), ElementsAre(8, DoubleEq(expected))) << update;
    EXPECT_EQ(world.trained(1), 1u) << update;
    EXPECT_EQ(world.InboxSize(1), 0u) << update;
  }
}

TEST(Gossip, ByAgeAModelCountsAsOftenAsItWasTrained) {
  // Node 1 sends to node 0, which trains; then node 0 of age 1 meets node 2 of age 0, and so on.
  const auto gossip = Make({.merge = "age"});
  BehaviourWorld world(*gossip, {0, 6}, {.step = 1});
  world.ConnectAll();
  world.Turn(1);  // both of age 0: the plain mean, 3, and one training: 4 of age 1
  world.RunAll();
  EXPECT_DOUBLE_EQ(world.model(0), 4);
  world.Turn(1);  // 6 of age 0 adds nothing to 4 of age 1; training: 5 of age 2
  world.RunAll();
  EXPECT_DOUBLE_EQ(world.model(0), 5);
  world.Turn(0);  // 5 of age 2 comes to 6 of age 0: 5, and a training: 6 of age max(0, 2) + 1
  world.RunAll();
  EXPECT_DOUBLE_EQ(world.model(1), 6);
  world.Turn(1);  // 6 of age 3 comes to 5 of age 2: (2 * 5 + 3 * 6) / 5 = 5.6, and a training
  world.RunAll();
  EXPECT_DOUBLE_EQ(world.model(0), 6.6);
}

TEST(Gossip, OfWhatCameDuringATrainingTheNewestOfEachSenderIsTaken) {
  const auto gossip = Make({.update = "merge-update"});
  BehaviourWorld world(*gossip, {0, 8}, {.training = 10s});
  world.ConnectAll();
  for (const Duration at : {0s, 1s, 2s, 3s}) world.Plan(at, [&] { world.Turn(1); });
  world.RunFor(5s);
  EXPECT_TRUE(world.busy(0));
  EXPECT_EQ(world.InboxSize(0), 3u);
  world.RunAll();
  EXPECT_EQ(world.merges(0), 2u);  // the first, and the last
  EXPECT_DOUBLE_EQ(world.model(0), 6);
  EXPECT_EQ(world.InboxSize(0), 0u);
}

TEST(Gossip, SendsToAsManyDifferentPartnersAsAreWanted) {
  const auto gossip = Make({.peers = 3});
  BehaviourWorld world(*gossip, {0, 0, 0, 0, 0, 8}, {.has_data = false});
  for (std::size_t i = 0; i < 5; ++i) world.Connect(5, i);
  world.SetUp(0, false);
  world.Turn(5);
  world.RunAll();
  EXPECT_EQ(world.models_sent(), 3u);
  std::uint64_t reached = 0;
  for (std::size_t i = 1; i < 5; ++i) reached += world.merges(i);
  EXPECT_EQ(reached, 3u);  // each another one, none to the one that is down
}

TEST(Gossip, RefusesWordsThatItDoesNotKnow) {
  for (const auto& [choice, key] : {std::pair{Choice{.mode = "shout"}, "behaviour.mode"},
                                    {Choice{.update = "never"}, "behaviour.update"},
                                    {Choice{.merge = "median"}, "behaviour.merge"}}) {
    const auto gossip = TryToMake(choice);
    ASSERT_FALSE(gossip);
    EXPECT_EQ(gossip.error().code, ErrorCode::kUsage);
    EXPECT_EQ(gossip.error().key, key);
  }
}

}  // namespace
}  // namespace delstep
