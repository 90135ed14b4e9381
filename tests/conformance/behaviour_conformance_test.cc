// What every behaviour promises, for all that are registered and for an example of one that a user
// brings, in a world that also checks each call (tests/fakes/behaviour_world.h): no merge while the
// node trains, weights that sum to 1, no message to a node that is no neighbour, nothing taken from
// an inbox that is not there, finite models.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "behaviour/behaviours.h"
#include "delstep/behaviour_module.h"
#include "tests/conformance/part_names.h"
#include "tests/fakes/behaviour_world.h"
#include "user_models/own_behaviour.h"

/// Of examples/own_behaviour/patient.cpp, which is compiled into this program.
extern "C" const delstep::BehaviourEntry delstep_behaviour;

namespace delstep {
namespace {

using fakes::BehaviourWorld;
using fakes::NormalModels;
using namespace std::chrono_literals;

Parts<MakeBehaviour> AllBehaviours() {
  Parts<MakeBehaviour> parts("behaviour.name");
  AddBehaviours(parts);
  // One as users bring them, behind the guard, which then has nothing to say.
  parts.Add("own", "of the example",
            [](const BehaviourOptions& options) -> Result<std::unique_ptr<Behaviour>> {
              return GuardBehaviour(delstep_behaviour.make(options), "patient.cpp");
            });
  return parts;
}
/// All but `none`, which is no object.
std::vector<std::string> Names() {
  std::vector<std::string> names = NamesOfPresent(AllBehaviours());
  std::erase(names, "none");
  return names;
}

class BehaviourConformance : public testing::TestWithParam<std::string> {
 protected:
  static constexpr std::size_t kNodes = 12;

  /// Every value that keys allow, in turn; each kind of behaviour takes what it names.
  static std::vector<BehaviourOptions> Options() {
    std::vector<BehaviourOptions> all;
    const std::vector<std::string> modes = {"push", "pull", "push-pull"};
    const std::vector<std::string> updates = {"merge-update", "update-merge", "update"};
    const std::vector<std::string> strategies = {"simple", "generalized", "randomized"};
    for (std::size_t k = 0; k < 6; ++k) {
      BehaviourOptions options;
      options.mode = modes[k % 3];
      options.update = updates[(k + k / 3) % 3];
      options.merge = k % 2 == 0 ? "mean" : "age";
      options.strategy = strategies[k % 3];
      options.capacity = 5;
      options.reactivity = 2;
      options.peers = 1 + k % 3;
      options.oracle = k % 2 == 0;
      if (k >= 3) options.timeout = 4s;
      options.min_gap = Duration(1s) * k;
      all.push_back(options);
    }
    return all;
  }
  static std::unique_ptr<Behaviour> Make(const BehaviourOptions& options) {
    const auto parts = AllBehaviours();
    return (**parts.Find(GetParam()))(options).value();
  }
  /// A node and its neighbours on a circle with some chords.
  static void ConnectSparsely(BehaviourWorld& world) {
    world.ConnectRing();
    for (std::size_t i = 0; i < world.size(); i += 3) world.Connect(i, (i + 5) % world.size());
  }
  /// Nodes that fail and come back, and contacts that end and begin, all through the run.
  static void PlanTrouble(BehaviourWorld& world, int events = 100) {
    Random random(MakeKey(11, Purpose::kChurn));
    for (int event = 0; event < events; ++event) {
      const Duration at(std::chrono::milliseconds(random.Below(300'000)));
      const auto a = static_cast<std::size_t>(random.Below(world.size()));
      const auto b =
          (a + 1 + static_cast<std::size_t>(random.Below(world.size() - 1))) % world.size();
      const Duration later = at + std::chrono::milliseconds(100 + random.Below(30'000));
      if (random.Chance(0.5)) {
        world.Plan(at, [&world, a] { world.SetUp(a, false); });
        world.Plan(later, [&world, a] { world.SetUp(a, true); });
      } else {
        world.Plan(at, [&world, a, b] { world.Part(a, b); });
        world.Plan(later, [&world, a, b] { world.Meet(a, b); });
      }
    }
    // At the end all are there.
    world.Plan(340s, [&world] {
      for (std::size_t i = 0; i < world.size(); ++i) world.SetUp(i, true);
    });
  }
  static void ExpectSound(const BehaviourWorld& world, std::size_t most_in_an_inbox) {
    for (std::size_t i = 0; i < world.size(); ++i) {
      EXPECT_TRUE(std::isfinite(world.model(i))) << "node " << i;
      EXPECT_LE(world.InboxSize(i), most_in_an_inbox) << "the inbox of node " << i << " grows";
    }
  }
};

INSTANTIATE_TEST_SUITE_P(All, BehaviourConformance, testing::ValuesIn(Names()), NameOfPart);

TEST_P(BehaviourConformance, KeepsItsPromisesInAQuietWorld) {
  for (const BehaviourOptions& options : Options())
    for (const Duration training : {0s, 3s, 25s}) {
      const auto behaviour = Make(options);
      BehaviourWorld world(*behaviour, NormalModels(kNodes),
                           {.latency = 200ms, .training = training, .step = 0.01});
      ConnectSparsely(world);
      world.GiveTurns(10s, 60);
      world.RunAll();
      ExpectSound(world, 4);  // the next round of each neighbour
    }
}

TEST_P(BehaviourConformance, KeepsThemWithLossAndFailuresAndContactsThatEnd) {
  for (const BehaviourOptions& options : Options()) {
    const auto behaviour = Make(options);
    BehaviourWorld world(
        *behaviour, NormalModels(kNodes),
        {.latency = 50ms, .latency_jitter = 2s, .loss = 0.1, .training = 2s, .step = 0.01});
    ConnectSparsely(world);
    PlanTrouble(world, 1000);
    world.GiveTurns(10s, 60);
    world.RunAll();
    // Of each neighbour what it sent in this round and a later one, both again when it came back,
    // and the word that it is in the later one: a node that waits for ever has no more than these.
    ExpectSound(world, 5 * (kNodes - 1));
    for (std::size_t i = 0; i < kNodes; ++i) EXPECT_GT(world.trained(i) + world.sent(i), 0u);
  }
}

TEST_P(BehaviourConformance, WithATimeoutLossStopsNobody) {
  for (BehaviourOptions options : Options()) {
    options.timeout = 4s;
    const auto behaviour = Make(options);
    BehaviourWorld world(*behaviour, NormalModels(kNodes),
                         {.latency = 50ms, .loss = 0.3, .training = 2s});
    world.ConnectAll();
    // Somebody may have to be met.
    world.GiveTurns(10s, 30);
    world.RunAll();
    const std::uint64_t before = world.models_sent() + world.headers_sent() + world.trained(0);
    world.GiveTurns(10s, 30);
    world.RunAll();
    EXPECT_GT(world.models_sent() + world.headers_sent() + world.trained(0), before + 20);
  }
}

TEST_P(BehaviourConformance, AnIsolatedNodeTakesItsTurnsAndStopsNobody) {
  for (const BehaviourOptions& options : Options()) {
    const auto behaviour = Make(options);
    // The last node has nobody. The others do what they do without it, message by message.
    BehaviourWorld with(*behaviour, NormalModels(kNodes), {.latency = 1s, .training = 1s});
    with.ConnectRing();
    with.Part(kNodes - 1, 0);
    with.Part(kNodes - 1, kNodes - 2);
    with.GiveTurns(10s, 20);
    with.RunAll();
    EXPECT_EQ(with.sent(kNodes - 1), 0u);
    EXPECT_EQ(with.model(kNodes - 1), NormalModels(kNodes).back());
    for (std::size_t i = 0; i + 1 < kNodes; ++i)
      EXPECT_GT(with.sent(i) + with.trained(i), 0u) << "node " << i;
  }
}

TEST_P(BehaviourConformance, IsAFunctionOfTheSeed) {
  for (const BehaviourOptions& options : Options()) {
    std::vector<std::vector<double>> models;
    std::vector<std::uint64_t> sent;
    for (const std::uint64_t seed : {7u, 7u}) {
      const auto behaviour = Make(options);
      BehaviourWorld world(
          *behaviour, NormalModels(kNodes),
          {.seed = seed, .latency = 50ms, .latency_jitter = 1s, .loss = 0.1, .training = 1s});
      ConnectSparsely(world);
      PlanTrouble(world);
      world.GiveTurns(10s, 40);
      world.RunAll();
      models.push_back(world.models());
      sent.push_back(world.models_sent());
    }
    EXPECT_EQ(models[0], models[1]);
    EXPECT_EQ(sent[0], sent[1]);
  }
}

TEST_P(BehaviourConformance, KeepsNothingButInTheMemory) {
  // One object for two worlds in turn is as two objects for one world each.
  for (const BehaviourOptions& options : Options()) {
    const auto play = [&](BehaviourWorld& world) {
      world.GiveTurns(10s, 1);
      world.RunAll();
    };
    const auto shared = Make(options), own = Make(options);
    BehaviourWorld a(*shared, NormalModels(6), {.training = 1s, .step = 1});
    BehaviourWorld b(*shared, NormalModels(6, 2), {.training = 1s, .step = 1});
    BehaviourWorld alone(*own, NormalModels(6), {.training = 1s, .step = 1});
    for (BehaviourWorld* world : {&a, &b, &alone}) world->ConnectRing();
    for (int turn = 0; turn < 10; ++turn) {
      play(a);
      play(b);
      play(alone);
    }
    EXPECT_EQ(a.models(), alone.models());
  }
}

TEST_P(BehaviourConformance, TakesAnyMessage) {
  // By hand, or by another behaviour, any tag may come, from anybody, at any time.
  constexpr std::array kKinds = {MessageTag::Kind::kModel, MessageTag::Kind::kRequest,
                                 MessageTag::Kind::kReply};
  for (const BehaviourOptions& options : Options()) {
    const auto behaviour = Make(options);
    BehaviourWorld world(*behaviour, NormalModels(kNodes), {.latency = 1s, .training = 3s});
    ConnectSparsely(world);
    world.GiveTurns(10s, 20);
    Random random(MakeKey(2, Purpose::kData));
    for (int message = 0; message < 300; ++message) {
      const auto from = static_cast<std::size_t>(random.Below(kNodes));
      const auto to = static_cast<std::size_t>(random.Below(kNodes));
      MessageTag tag{
          .kind = kKinds[random.Below(3)], .number = random.Below(30), .weight = random.Normal()};
      if (random.Chance(0.1)) tag.weight = std::numeric_limits<double>::quiet_NaN();
      if (random.Chance(0.1)) tag.weight = std::numeric_limits<double>::infinity();
      const bool has_model = random.Chance(0.7);
      world.Plan(std::chrono::milliseconds(random.Below(200'000)),
                 [&world, from, to, tag, has_model] {
                   if (from != to) world.Deliver(from, to, tag, has_model);
                 });
    }
    world.RunAll();
    // Rounds to come may still be told apart from those that are over: up to number 30.
    ExpectSound(world, 300);
    world.GiveTurns(10s, 60);
    world.RunAll();
    ExpectSound(world, 3 * kNodes);
  }
}

TEST_P(BehaviourConformance, NodesWithoutDataPassOnWhatOthersLearned) {
  for (const BehaviourOptions& options : Options()) {
    const auto behaviour = Make(options);
    BehaviourWorld world(*behaviour, NormalModels(kNodes), {.latency = 1s, .has_data = false});
    ConnectSparsely(world);
    world.GiveTurns(10s, 40);
    world.Plan(5s, [&] { world.Part(0, 1); });
    world.Plan(6s, [&] { world.Meet(0, 1); });
    world.RunAll();
    ExpectSound(world, 4);
    EXPECT_GT(world.merges(0) + world.merges(1), 0u);
  }
}

TEST_P(BehaviourConformance, MessagesThatCameWithoutACallAreSeenAtTheNextTurn) {
  // In an `nstep` messages arrive and nobody is called.
  for (const BehaviourOptions& options : Options()) {
    const auto behaviour = Make(options);
    BehaviourWorld world(*behaviour, {1, 2}, {.has_data = false});
    world.ConnectAll();
    for (int message = 0; message < 5; ++message) world.DeliverSilently(0, 1, {});
    world.Turn(1);
    EXPECT_EQ(world.InboxSize(1), 0u);
  }
}

TEST(Behaviours, NoneIsAnEmptyPointer) {
  const auto parts = AllBehaviours();
  EXPECT_EQ((**parts.Find("none"))(BehaviourOptions{}).value(), nullptr);
}

}  // namespace
}  // namespace delstep
