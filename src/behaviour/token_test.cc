#include "behaviour/token.h"

#include <gmock/gmock.h>

#include <deque>

#include "tests/fakes/behaviour_world.h"

namespace delstep {
namespace {

using fakes::BehaviourWorld;
using fakes::Estimate;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr double kSigmas = 4;

Result<std::unique_ptr<Behaviour>> TryToMake(const char* strategy, std::size_t capacity,
                                             std::size_t reactivity) {
  BehaviourOptions options;
  options.strategy = strategy;
  options.capacity = capacity;
  options.reactivity = reactivity;
  return MakeToken(options);
}
std::unique_ptr<Behaviour> Make(const char* strategy, std::size_t capacity,
                                std::size_t reactivity) {
  return TryToMake(strategy, capacity, reactivity).value();
}

double Balance(BehaviourWorld& world, std::size_t node) {
  return world.See(node, [](Host& host) { return host.memory()[kTokenBalance]; });
}
void SetBalance(BehaviourWorld& world, std::size_t node, double balance) {
  world.See(node, [&](Host& host) { host.memory()[kTokenBalance] = balance; });
}

class TokenStrategies : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(All, TokenStrategies,
                         testing::Values("simple", "generalized", "randomized"),
                         [](const auto& name) { return std::string(name.param); });

TEST_P(TokenStrategies, NeverSendsMoreThanItSavedAndNeverSavesMoreThanFits) {
  // LIVING.md 5.3: 0 <= a <= C; no more messages than turns; in a window w at most
  // ceil(w / period) + C. Each turn of a node is one message or one token.
  constexpr std::size_t kNodes = 30, kCapacity = 6, kWindow = 5;
  constexpr auto kPeriod = 10s;
  const auto token = Make(GetParam(), kCapacity, 3);
  BehaviourWorld world(*token, std::vector<double>(kNodes, 1), {.latency = 300ms, .training = 1s});
  for (std::size_t i = 0; i < kNodes; ++i)
    for (std::size_t k = 1; k <= 5; ++k) world.Connect(i, (i + k) % kNodes);
  constexpr std::size_t kPeriods = 200;
  world.GiveTurns(kPeriod, kPeriods);
  std::deque<std::vector<std::uint64_t>> past;
  for (std::size_t k = 1; k <= kPeriods; ++k) {
    world.RunFor(kPeriod);
    std::vector<std::uint64_t> sent;
    for (std::size_t i = 0; i < kNodes; ++i) {
      const double balance = Balance(world, i);
      ASSERT_GE(balance, 0);
      ASSERT_LE(balance, kCapacity);
      ASSERT_EQ(balance, std::floor(balance));
      ASSERT_LE(world.sent(i), k) << "at most one message per turn";
      sent.push_back(world.sent(i));
    }
    past.push_back(sent);
    if (past.size() <= kWindow) continue;
    for (std::size_t i = 0; i < kNodes; ++i)
      ASSERT_LE(sent[i] - past.front()[i], kWindow + kCapacity);
    past.pop_front();
  }
  EXPECT_GT(world.models_sent(), kNodes * kPeriods / 2) << "it saves, but it does not sleep";
  // What was saved and what was sent is what the turns gave, less what did not fit.
  std::uint64_t spent = world.models_sent();
  for (std::size_t i = 0; i < kNodes; ++i) spent += static_cast<std::uint64_t>(Balance(world, i));
  EXPECT_LE(spent, world.turns());
}

/// Messages that one model that comes sets off, at this balance.
double Reaction(const char* strategy, double balance) {
  const auto token = Make(strategy, 20, 10);
  BehaviourWorld world(*token, std::vector<double>(12, 1), {.has_data = false});
  for (std::size_t i = 1; i < 11; ++i) world.Connect(0, i);
  Estimate sent;
  for (int trial = 0; trial < 2000; ++trial) {
    SetBalance(world, 0, balance);
    const auto before = world.sent(0);
    world.Deliver(11, 0, {});
    const auto now = world.sent(0) - before;
    EXPECT_EQ(Balance(world, 0), balance - static_cast<double>(now)) << "a token per message";
    sent.Add(static_cast<double>(now));
  }
  return sent.mean();
}

/// Share of turns that send, at this balance.
double Proactivity(const char* strategy, double balance) {
  const auto token = Make(strategy, 20, 10);
  BehaviourWorld world(*token, {1, 1}, {.has_data = false});
  world.ConnectAll();
  for (int trial = 0; trial < 2000; ++trial) {
    SetBalance(world, 0, balance);
    const auto before = world.sent(0);
    world.Turn(0);
    const bool sent = world.sent(0) > before;
    EXPECT_EQ(Balance(world, 0), sent ? balance : balance + 1);
  }
  return static_cast<double>(world.sent(0)) / 2000;
}

TEST(Token, SpendsAsTheTableSays) {
  // LIVING.md 5.3, with C = 20 and A = 10. The means of 2,000 draws are off by at most
  // 0.5 / sqrt(2000) = 0.0112 in one standard deviation.
  const double near = kSigmas * 0.0112;
  EXPECT_EQ(Reaction("simple", 0), 0);
  EXPECT_EQ(Reaction("simple", 1), 1);
  EXPECT_EQ(Reaction("simple", 20), 1);
  EXPECT_EQ(Reaction("generalized", 0), 0);   // floor(9 / 10)
  EXPECT_EQ(Reaction("generalized", 1), 1);   // floor(10 / 10)
  EXPECT_EQ(Reaction("generalized", 10), 1);  // floor(19 / 10)
  EXPECT_EQ(Reaction("generalized", 11), 2);  // floor(20 / 10)
  EXPECT_EQ(Reaction("randomized", 0), 0);
  EXPECT_NEAR(Reaction("randomized", 3), 0.3, near);
  EXPECT_EQ(Reaction("randomized", 10), 1);
  EXPECT_NEAR(Reaction("randomized", 17), 1.7, near);

  for (const char* strategy : {"simple", "generalized"}) {
    EXPECT_EQ(Proactivity(strategy, 19), 0) << strategy;
    EXPECT_EQ(Proactivity(strategy, 20), 1) << strategy;
  }
  EXPECT_EQ(Proactivity("randomized", 8), 0);                  // below A - 1
  EXPECT_EQ(Proactivity("randomized", 9), 0);                  // (9 - 9) / 11
  EXPECT_NEAR(Proactivity("randomized", 15), 6.0 / 11, near);  // (15 - 10 + 1) / (20 - 10 + 1)
  EXPECT_EQ(Proactivity("randomized", 20), 1);
}

TEST(Token, AFullAccountWithoutAPartnerStaysFull) {
  const auto token = Make("simple", 3, 1);
  BehaviourWorld world(*token, {1, 1}, {});
  for (int turn = 0; turn < 10; ++turn) world.Turn(0);
  EXPECT_EQ(Balance(world, 0), 3);
  EXPECT_EQ(world.models_sent(), 0u);
}

TEST(Token, AnswersWithTheModelThatItHasTrained) {
  // 4 comes to 0 and is merged to 2; the answer goes out after the training: 3 on its way to 4.
  const auto token = Make("simple", 5, 1);
  BehaviourWorld world(*token, {0, 4}, {.latency = 1s, .training = 1s, .step = 1});
  world.ConnectAll();
  SetBalance(world, 0, 1);
  world.Deliver(1, 0, {});
  world.RunFor(2s);
  EXPECT_EQ(world.model(0), 3);
  EXPECT_EQ(Balance(world, 0), 0);
  EXPECT_TRUE(world.busy(1));
  world.RunFor(1s);
  EXPECT_EQ(world.model(1), (4 + 3) / 2.0 + 1);
}

TEST(Token, RefusesAReactivityAboveTheCapacityWhereItCounts) {
  const auto token = TryToMake("randomized", 5, 6);
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code, ErrorCode::kUsage);
  EXPECT_EQ(token.error().key, "behaviour.reactivity");
  EXPECT_THAT(token.error().message, HasSubstr("behaviour.reactivity = 6"));
  EXPECT_FALSE(TryToMake("generalized", 5, 6));
  EXPECT_FALSE(TryToMake("generalized", 5, 0));
  EXPECT_TRUE(TryToMake("generalized", 5, 5));
  EXPECT_TRUE(TryToMake("simple", 5, 6));
  EXPECT_FALSE(TryToMake("clever", 2, 1));
}

}  // namespace
}  // namespace delstep
