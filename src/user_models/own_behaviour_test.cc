#include "user_models/own_behaviour.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/user_failure.h"
#include "tests/fakes/behaviour_world.h"

namespace delstep {
namespace {

using fakes::BehaviourWorld;
using testing::HasSubstr;
using namespace std::chrono_literals;

/// Does on its turn what it is told; keeps what comes.
struct Told final : Behaviour {
  explicit Told(std::function<void(Host&)> told, bool may_merge = true)
      : turn(std::move(told)), may(may_merge) {}
  bool merges() const override { return may; }
  void OnTurn(Host& node) const override { turn(node); }
  void OnReceive(Host&, const ReceivedMessage&) const override {}
  std::function<void(Host&)> turn;
  bool may;
};

/// Three nodes in a row, of which 1, the one in the middle, has a model of 0 and a header of 2 in
/// its inbox; what the world itself finds wrong fails the test.
struct Row {
  explicit Row(std::function<void(Host&)> told, bool may_merge = true)
      : behaviour(GuardBehaviour(std::make_unique<Told>(std::move(told), may_merge), "mine.cpp")),
        world(*behaviour, {1, 2, 3}, {.training = 5s, .step = 1}) {
    world.Connect(0, 1);
    world.Connect(1, 2);
    world.Deliver(0, 1, {});
    world.Deliver(2, 1, {}, false);
  }
  /// The message of what the turn of the node fails with; empty: nothing.
  std::string Turn(std::size_t node = 1) {
    try {
      world.Turn(node);
    } catch (const UserFailure& failure) {
      EXPECT_EQ(failure.error.code, ErrorCode::kRefused);
      return failure.error.message;
    }
    return {};
  }
  std::unique_ptr<Behaviour> behaviour;
  BehaviourWorld world;
};

std::string TurnWith(std::function<void(Host&)> told, std::size_t node = 1) {
  return Row(std::move(told)).Turn(node);
}

MergeTerm Term(const Host& node, std::size_t place, double weight) {
  return {.message = node.inbox()[place].id, .weight = weight};
}

TEST(OwnBehaviour, WhatIsAllowedPasses) {
  Row row([](Host& node) {
    const MergeTerm term = Term(node, 0, 0.25);
    node.Merge(0.75, {&term, 1});
    node.Discard(node.inbox()[0].id);
    node.Send(NodeId{0});
    node.SendHeader(NodeId{2}, {});
    node.Wake(node.now() + 1s);
    EXPECT_TRUE(node.Train(0.5));
    EXPECT_FALSE(node.Train());
    EXPECT_FALSE(node.IsPartner(NodeId{1}));
    EXPECT_FALSE(node.IsPartner(NodeId{99})) << "one that there is not";
  });
  EXPECT_EQ(row.Turn(), "");
  EXPECT_EQ(row.world.model(1), 0.75 * 2 + 0.25 * 1);
  EXPECT_EQ(row.world.InboxSize(1), 0u);
  EXPECT_EQ(row.world.models_sent(), 1u);
  row.world.RunAll();
  EXPECT_EQ(row.world.model(1), 1.75 + 0.5) << "half of the step";
}

TEST(OwnBehaviour, MergesMustSumToOneAndTakeModelsThatAreThere) {
  EXPECT_EQ(TurnWith([](Host& node) {
              const MergeTerm term = Term(node, 0, 0.75);
              node.Merge(0.75, {&term, 1});
            }),
            "mine.cpp: Merge() of weights that sum to 1.5, not to 1");
  EXPECT_THAT(TurnWith([](Host& node) {
                const MergeTerm term = Term(node, 0, INFINITY);
                node.Merge(-INFINITY, {&term, 1});
              }),
              HasSubstr("nan, not to 1"));
  EXPECT_THAT(TurnWith([](Host& node) {
                const MergeTerm term{.message = MessageId{1234}, .weight = 0.5};
                node.Merge(0.5, {&term, 1});
              }),
              HasSubstr("Merge() of message 1234, which is not in the inbox"));
  EXPECT_THAT(TurnWith([](Host& node) {
                const std::vector<MergeTerm> twice(2, Term(node, 0, 0.25));
                node.Merge(0.5, twice);
              }),
              HasSubstr("which is not in the inbox"));
  EXPECT_THAT(TurnWith([](Host& node) {
                const MergeTerm term = Term(node, 1, 0.5);
                node.Merge(0.5, {&term, 1});
              }),
              HasSubstr("which has no model"));
  EXPECT_THAT(TurnWith([](Host& node) {
                node.Train();
                node.Merge(1, {});
              }),
              HasSubstr("Merge() while the node trains"));
  EXPECT_THAT(Row([](Host& node) { node.Merge(1, {}); }, false).Turn(),
              HasSubstr("although merges() is false"));
}

TEST(OwnBehaviour, OtherCallsAreCheckedToo) {
  const auto stranger = [](Host& node) { node.Send(NodeId{2}); };
  EXPECT_EQ(TurnWith(stranger, 0), "mine.cpp: Send() to NodeId(2), which is no neighbour");
  EXPECT_THAT(TurnWith([](Host& node) { node.SendHeader(NodeId{77}, {}); }),
              HasSubstr("SendHeader() to NodeId(77)"));
  EXPECT_THAT(TurnWith([](Host& node) { node.Discard(MessageId{99}); }),
              HasSubstr("Discard() of message 99"));
  EXPECT_THAT(TurnWith([](Host& node) { node.Wake(node.now() - 1ns); }), HasSubstr("Wake()"));
  EXPECT_THAT(TurnWith([](Host& node) { node.Train(NAN); }), HasSubstr("Train()"));
  EXPECT_THAT(TurnWith([](Host& node) {
                node.Train();
                node.Aggregate();
              }),
              HasSubstr("Aggregate() while the node trains"));
}

TEST(OwnBehaviour, WhatItThrowsIsAnErrorThatNamesTheFile) {
  EXPECT_EQ(TurnWith([](Host&) { throw std::runtime_error("no"); }),
            "mine.cpp: OnTurn() throws: no");
  EXPECT_EQ(TurnWith([](Host&) { throw 3; }),
            "mine.cpp: OnTurn() throws something that is no std::exception");
}

TEST(OwnBehaviour, ABrokenPromiseEndsTheCallAlsoWhereItIsCaught) {
  // A loop that waits for the inbox to get shorter must not go on for ever.
  int tries = 0;
  Row row([&](Host& node) {
    node.memory()[0] = 5;
    try {
      while (!node.inbox().empty()) {
        ++tries;
        node.Discard(MessageId{99});
      }
    } catch (...) {
    }
    node.Send(NodeId{0});
  });
  EXPECT_THAT(row.Turn(), HasSubstr("Discard() of message 99"));
  EXPECT_EQ(tries, 1);
  EXPECT_EQ(row.world.models_sent(), 0u);
  row.world.See(1, [](Host& node) { EXPECT_EQ(node.memory()[0], 5); });
}

TEST(OwnBehaviour, ASpanOfTheMemoryStaysSound) {
  Row row([&](Host& node) {
    const auto memory = node.memory();
    memory[7] += 1;
    node.Train();  // the node changes
    memory[7] += 1;
    EXPECT_EQ(node.memory()[7], memory[7]);
  });
  row.Turn();
  row.world.See(1, [](Host& node) { EXPECT_EQ(node.memory()[7], 2); });
}

}  // namespace
}  // namespace delstep
