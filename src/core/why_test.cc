// Where models come from, against two oracles: the rows themselves, of a learner whose models tell
// what is in them, and the events, added up by hand.
#include "core/acts/why.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>

#include "core/acts/aggregate.h"
#include "core/acts/learning.h"
#include "core/acts/network_step.h"
#include "core/acts/queue_messages.h"
#include "core/setup.h"
#include "delstep/random.h"
#include "tests/fakes/fake_parts.h"

namespace delstep {
namespace {

using testing::HasSubstr;

constexpr std::size_t kNodes = 5;
constexpr NodeId kA{0}, kB{1}, kC{2};

/// A model of two parts. The first are numbers drawn for each node, which a training leaves alone;
/// the second has a number per node, to which each training of that node adds 1.
class LedgerLearner final : public Learner {
 public:
  LedgerLearner() {
    layout_.model.Append("initial", {kNodes}, TensorSpec::Role::kParameter);
    layout_.model.Append("trained", {kNodes}, TensorSpec::Role::kParameter);
    layout_.state.Append("steps", {}, TensorSpec::Role::kMoment);
  }
  const ModelLayout& layout() const override { return layout_; }
  static constexpr std::size_t kTrained = 16;  // the place of the second part in the row

 private:
  Result<void> DoInitialise(std::span<float> model, std::span<float> state,
                            RandomKey key) override {
    std::ranges::fill(model, 0.0f);
    std::ranges::fill(state, 0.0f);
    Random random(key);
    for (std::size_t i = 0; i < kNodes; ++i) model[i] = static_cast<float>(random.Uniform(-1, 1));
    return {};
  }
  std::vector<TrainResult> DoTrain(std::span<const TrainJob> jobs, std::stop_token) override {
    for (const TrainJob& job : jobs) job.model[kTrained + Index(job.node)] += 1;
    return std::vector<TrainResult>(jobs.size());
  }
  std::vector<EvaluateResult> DoEvaluate(std::span<const EvaluateJob> jobs,
                                         std::stop_token) override {
    return std::vector<EvaluateResult>(jobs.size());
  }
  ModelLayout layout_;
};

/// A run of five nodes in a full mesh, without loss.
class Ledger {
 public:
  explicit Ledger(std::string rule = "encounter", std::string share = "parameters",
                  std::string why = "auto") {
    fake_.registry.learners.Add("ledger", "", [](const Scenario&, const Dataset&, Workers&) {
      return Result<std::unique_ptr<Learner>>(std::make_unique<LedgerLearner>());
    });
    Scenario scenario = fakes::FakeRun::DefaultScenario();
    scenario.nodes.count = kNodes;
    scenario.model.learner = "ledger";
    scenario.model.init = "per-node";
    scenario.aggregation.name = std::move(rule);
    scenario.aggregation.share = std::move(share);
    scenario.aggregation.byzantine = 0;
    scenario.history.why = std::move(why);
    auto begun = Begin(scenario, fake_.registry);
    EXPECT_TRUE(begun) << begun.error().message;
    run_ = *std::move(begun);
    run_->journal.Observe([this](const Event& event) { events_.push_back(event); });
    for (std::size_t i = 0; i < kNodes; ++i) {
      const auto row = Row(static_cast<NodeId>(i));
      initial_.emplace_back(row.begin(), row.begin() + kNodes);
    }
  }
  Run& run() { return *run_; }
  std::span<const float> Row(NodeId node) const { return run_->world.at(node).model.view(); }

  void Train(NodeId node) { ASSERT_TRUE(delstep::Train(*run_, {&node, 1}, {})); }
  void Send(NodeId from, NodeId to) { ASSERT_TRUE(delstep::Send(*run_, from, to)); }
  void Carry() { ASSERT_TRUE(delstep::NetworkStep(*run_, {})); }
  /// False where a rule wants more models.
  bool Aggregate(NodeId node) { return bool(delstep::Aggregate(*run_, {&node, 1})); }
  void Meet(NodeId from, NodeId to) {
    Send(from, to);
    Carry();
    ASSERT_TRUE(Aggregate(to));
  }

  ModelSources Sources(NodeId node) const { return *SourcesOf(run_->world, node); }
  SourceShare Of(NodeId node, NodeId source) const {
    for (const SourceShare& share : Sources(node).sources)
      if (share.node == source) return share;
    return {.node = source};
  }
  const std::vector<Event>& events() const { return events_; }

  /// The row is what the shares say, and the initial weights sum to 1.
  void CheckRow(NodeId node) const {
    const ModelSources sources = Sources(node);
    ASSERT_TRUE(sources.exact);
    std::vector<double> expected(LedgerLearner::kTrained + kNodes);
    double sum = 0;
    for (const SourceShare& share : sources.sources) {
      sum += share.initial;
      for (std::size_t c = 0; c < kNodes; ++c)
        expected[c] += share.initial * static_cast<double>(initial_[Index(share.node)][c]);
      expected[LedgerLearner::kTrained + Index(share.node)] = share.trained;
    }
    EXPECT_NEAR(sum, 1, 1e-6);
    for (std::size_t c = 0; c < expected.size(); ++c)
      EXPECT_NEAR(static_cast<double>(Row(node)[c]), expected[c], 1e-4) << "number " << c;
  }

 private:
  fakes::FakeRun fake_;
  std::unique_ptr<Run> run_;
  std::vector<Event> events_;
  std::vector<std::vector<float>> initial_;
};

/// What the events say is in each model, kept in the plainest way.
struct Content {
  std::map<NodeId, double> initial, trained;
  std::map<NodeId, std::set<std::uint64_t>> numbers;

  void Add(const Content& other, double weight) {
    if (weight == 0) return;
    for (const auto& [node, share] : other.initial) initial[node] += weight * share;
    for (const auto& [node, share] : other.trained) trained[node] += weight * share;
    for (const auto& [node, set] : other.numbers) numbers[node].insert(set.begin(), set.end());
  }
};

std::map<NodeId, Content> AddUp(const std::vector<Event>& events) {
  std::map<NodeId, Content> models;
  std::map<MessageId, Content> messages;
  std::map<NodeId, std::uint64_t> trainings;
  for (std::size_t i = 0; i < kNodes; ++i)
    models[static_cast<NodeId>(i)].initial[static_cast<NodeId>(i)] = 1;
  for (const Event& event : events) {
    if (const auto* e = std::get_if<Trained>(&event.what)) {
      models[e->node].trained[e->node] += 1;
      models[e->node].numbers[e->node].insert(++trainings[e->node]);
    }
    if (const auto* e = std::get_if<Queued>(&event.what))
      messages[e->message.id] = models[e->message.from];
    if (const auto* e = std::get_if<Aggregated>(&event.what); e && e->changed) {
      Content sum;
      sum.Add(models[e->node], e->own_weight);
      for (std::size_t k = 0; k < e->peers.size(); ++k)
        sum.Add(messages.at(e->messages[k]), e->weights[k]);
      models[e->node] = sum;
    }
  }
  return models;
}

/// Random trainings, messages, steps of the network, aggregations and rates.
void PlayRandomly(Ledger& ledger) {
  const int length = *rc::gen::inRange(10, 60);
  const auto node = [] { return static_cast<NodeId>(*rc::gen::inRange<std::uint32_t>(0, kNodes)); };
  for (int i = 0; i < length; ++i) {
    const NodeId a = node(), b = node();
    switch (*rc::gen::inRange(0, 6)) {
      case 0:
        ledger.Train(a);
        break;
      case 1:
      case 2:
        if (a != b) ledger.Send(a, b);
        break;
      case 3:
        ledger.Carry();
        break;
      case 4:
        ledger.Aggregate(a);
        break;
      default:
        ledger.run().world.Change(a).rate = *rc::gen::element(0.0, 0.3, 1.0);
    }
  }
}

class WhyOf : public testing::TestWithParam<std::string> {};

TEST_P(WhyOf, EveryRandomScriptIsWhatTheEventsAddUpTo) {
  EXPECT_TRUE(rc::check([] {
    Ledger ledger(GetParam());
    PlayRandomly(ledger);
    for (const auto& [node, content] : AddUp(ledger.events())) {
      ledger.CheckRow(node);
      std::size_t found = 0;
      for (const SourceShare& share : ledger.Sources(node).sources) {
        ++found;
        const auto weight = [&](const std::map<NodeId, double>& weights) {
          const auto at = weights.find(share.node);
          return at == weights.end() ? 0 : at->second;
        };
        const auto numbers = content.numbers.find(share.node);
        RC_ASSERT(std::abs(share.initial - weight(content.initial)) < 1e-9);
        RC_ASSERT(std::abs(share.trained - weight(content.trained)) < 1e-9);
        RC_ASSERT(share.trainings ==
                  (numbers == content.numbers.end() ? 0 : numbers->second.size()));
      }
      std::set<NodeId> expected;
      for (const auto& [source, _] : content.initial) expected.insert(source);
      for (const auto& [source, _] : content.trained) expected.insert(source);
      RC_ASSERT(found == expected.size());
    }
    RC_ASSERT(!testing::Test::HasFailure());
  }));
}
INSTANTIATE_TEST_SUITE_P(Linear, WhyOf, testing::Values("encounter", "fedavg", "dpsgd", "krum"),
                         [](const auto& rule) { return rule.param; });

TEST(Why, FollowsChangesAndGradients) {
  for (const char* share : {"deltas", "gradients"})
    EXPECT_TRUE(rc::check([&] {
      Ledger ledger("fedavg", share);
      // A gradient is divided by one rate and multiplied by another.
      for (std::size_t i = 0; i < kNodes; ++i)
        ledger.run().world.Change(static_cast<NodeId>(i)).own_options["training.lr"] =
            0.25 * static_cast<double>(i + 1);
      PlayRandomly(ledger);
      for (std::size_t i = 0; i < kNodes; ++i) ledger.CheckRow(static_cast<NodeId>(i));
      RC_ASSERT(!testing::Test::HasFailure());
    })) << share;
}

TEST(Why, TwoMeetingsOfThreeNodesByHand) {
  Ledger ledger;
  ledger.Train(kA);
  ledger.Meet(kA, kB);  // b = (a + b) / 2: all nodes have 20 examples
  ledger.Meet(kB, kC);  // c = (b + c) / 2
  EXPECT_EQ(ledger.Of(kC, kA).initial, 0.25);
  EXPECT_EQ(ledger.Of(kC, kA).trained, 0.25);
  EXPECT_EQ(ledger.Of(kC, kA).trainings, 1u);
  EXPECT_EQ(ledger.Of(kC, kB).initial, 0.25);
  EXPECT_EQ(ledger.Of(kC, kB).trained, 0);
  EXPECT_EQ(ledger.Of(kC, kC).initial, 0.5);
  EXPECT_TRUE(ledger.Sources(kC).exact);
}

TEST(Why, TellsTheWayFromNodeToNodeWithTimes) {
  using std::chrono::milliseconds;
  Ledger ledger;
  ledger.Train(kA);
  ledger.Meet(kA, kB);
  ledger.run().world.cycle = 2;
  ledger.Meet(kB, kC);
  const KnowledgeWay way = *WayOf(ledger.run().world, kC, kA);
  EXPECT_EQ(way.weight, 0.25);
  EXPECT_FALSE(way.forgotten);
  ASSERT_EQ(way.hops.size(), 2u);
  EXPECT_EQ(way.hops[0].from, kA);
  EXPECT_EQ(way.hops[0].to, kB);
  EXPECT_EQ(way.hops[0].message, MessageId{0});
  EXPECT_EQ(way.hops[0].sent, SimTime{milliseconds(0)});
  EXPECT_EQ(way.hops[0].arrived, SimTime{milliseconds(10)}) << "a link takes 10 ms";
  EXPECT_EQ(way.hops[0].weight, 0.5);
  EXPECT_EQ(way.hops[0].cycle, 0u);
  EXPECT_EQ(way.hops[1].from, kB);
  EXPECT_EQ(way.hops[1].to, kC);
  EXPECT_EQ(way.hops[1].message, MessageId{1});
  EXPECT_EQ(way.hops[1].arrived, SimTime{milliseconds(20)});
  EXPECT_EQ(way.hops[1].aggregated, SimTime{milliseconds(20)});
  EXPECT_EQ(way.hops[1].cycle, 2u);
}

TEST(Why, TakesTheStrongestOfSeveralWays) {
  Ledger ledger("fedavg");
  ledger.Train(kA);
  ledger.Meet(kA, kB);
  // c gets a's model itself and, with half of it, b's; each counts a third.
  ledger.Send(kA, kC);
  ledger.Send(kB, kC);
  ledger.Carry();
  ASSERT_TRUE(ledger.Aggregate(kC));
  const KnowledgeWay way = *WayOf(ledger.run().world, kC, kA);
  ASSERT_EQ(way.hops.size(), 1u) << "1/3 beats 1/6";
  EXPECT_DOUBLE_EQ(way.weight, 1.0 / 3);
  EXPECT_DOUBLE_EQ(ledger.Of(kC, kA).trained, 1.0 / 3 + 1.0 / 6) << "shares add up all ways";
}

// A gradient of a slow learner weighs more in a fast one: b takes each in with the ratio of the
// rates and a half.
TEST(Why, TakesTheStrongestWayWhereWeightsAreAboveOne) {
  Ledger ledger("fedavg", "gradients");
  const auto set_rate = [&](NodeId node, double rate) {
    ledger.run().world.Change(node).own_options["training.lr"] = rate;
  };
  set_rate(kA, 0.25);
  set_rate(kB, 1);
  ledger.Train(kA);
  ledger.Meet(kA, kB);  // 1/2 * 1 / 0.25 = 2
  set_rate(kA, 0.05);
  ledger.Train(kA);
  ledger.Meet(kA, kB);  // 1/2 * 1 / 0.05 = 10, of both trainings: a did not aggregate
  set_rate(kB, 0.5);
  ledger.Meet(kA, kB);  // 5
  const KnowledgeWay way = *WayOf(ledger.run().world, kB, kA);
  ASSERT_EQ(way.hops.size(), 1u);
  EXPECT_EQ(way.hops[0].message, MessageId{1});
  EXPECT_DOUBLE_EQ(way.weight, 10);
  EXPECT_FALSE(way.forgotten);
}

TEST(Why, KnowsItsOwnKnowledgeAndWhatNeverCame) {
  Ledger ledger;
  ledger.Train(kB);
  EXPECT_TRUE(WayOf(ledger.run().world, kB, kB)->hops.empty());
  EXPECT_EQ(WayOf(ledger.run().world, kB, kB)->weight, 1);
  const KnowledgeWay none = *WayOf(ledger.run().world, kB, kA);
  EXPECT_EQ(none.weight, 0);
  EXPECT_FALSE(none.forgotten);
  ledger.Meet(kA, kB);
  EXPECT_EQ(WayOf(ledger.run().world, kB, kB)->weight, 0.5) << "the half of its own that it kept";
}

TEST(Why, SaysThatMeetingsAreForgotten) {
  Ledger ledger("fedavg");  // which uses each message once
  ledger.Train(kA);
  ledger.Meet(kA, kB);
  for (int i = 0; i < 256; ++i) ledger.Meet(kC, kB);
  const KnowledgeWay way = *WayOf(ledger.run().world, kB, kA);
  EXPECT_EQ(way.weight, 0);
  EXPECT_TRUE(way.forgotten);
  EXPECT_GT(ledger.Of(kB, kA).trained, 0) << "the share itself is known all the same";
}

TEST(Why, AMessageThatDoesNotComeTakesItsShareWithIt) {
  for (const bool dropped : {false, true}) {
    Ledger ledger;
    ledger.Train(kA);
    if (dropped)
      ledger.Carry();  // nothing to average
    else
      ledger.Meet(kA, kB);
    ledger.Meet(kB, kC);
    EXPECT_EQ(ledger.Of(kC, kA).trained, dropped ? 0 : 0.25);
    EXPECT_EQ(ledger.Of(kC, kB).initial, dropped ? 0.5 : 0.25) << "what a leaves, b fills";
    EXPECT_EQ(ledger.Of(kC, kC).initial, 0.5) << "not a matter of that message";
  }
}

TEST(Why, CallsCoordinateWiseRulesAnEstimate) {
  Ledger ledger("median");
  ledger.Train(kA);
  EXPECT_TRUE(ledger.Sources(kA).exact);
  ledger.Meet(kA, kB);
  const ModelSources sources = ledger.Sources(kB);
  EXPECT_FALSE(sources.exact);
  EXPECT_EQ(ledger.Of(kB, kA).trained, 0.5) << "as if both models had counted the same";
  const auto* aggregated = std::get_if<Aggregated>(&ledger.events().back().what);
  ASSERT_NE(aggregated, nullptr);
  EXPECT_TRUE(aggregated->weights.empty());
  EXPECT_EQ(aggregated->messages, std::vector{MessageId{0}});
}

TEST(Why, IsRefusedWhereTheRunDoesNotFollow) {
  Ledger ledger("encounter", "parameters", "false");
  ledger.Train(kA);
  ledger.Meet(kA, kB);
  const auto sources = SourcesOf(ledger.run().world, kB);
  ASSERT_FALSE(sources);
  EXPECT_EQ(sources.error().code, ErrorCode::kRefused);
  EXPECT_THAT(sources.error().message, HasSubstr("history.why = false"));
  EXPECT_FALSE(WayOf(ledger.run().world, kB, kA));
  EXPECT_TRUE(ledger.run().world.at(kB).meetings->empty());
}

TEST(Why, IsFollowedUpTo2000NodesUnlessAskedFor) {
  Scenario scenario;
  scenario.nodes.count = 2000;
  EXPECT_TRUE(FollowsOrigins(scenario));
  scenario.nodes.count = 2001;
  EXPECT_FALSE(FollowsOrigins(scenario));
  scenario.history.why = "true";
  EXPECT_TRUE(FollowsOrigins(scenario));
  scenario.nodes.count = 1;
  scenario.history.why = "false";
  EXPECT_FALSE(FollowsOrigins(scenario));
}

TEST(Why, NodesThatAverageTheSameShareOneList) {
  Ledger ledger;
  for (std::size_t i = 0; i < kNodes; ++i) ledger.Train(static_cast<NodeId>(i));
  const std::vector<NodeId> all = ledger.run().world.Present();
  ASSERT_TRUE(Flood(ledger.run(), all, WhenAlone::kRefuse));
  ledger.Carry();
  ASSERT_TRUE(delstep::Aggregate(ledger.run(), all));
  for (const NodeId node : all)
    EXPECT_EQ(ledger.run().world.at(node).origin->base, ledger.run().world.at(kA).origin->base);
}

// A message that does not come changes nothing outside its causal cone: the models that it became a
// part of, and those that these became a part of.
TEST(Why, AMissingMessageChangesNothingOutsideItsCone) {
  EXPECT_TRUE(rc::check([] {
    struct Act {
      int kind;
      NodeId a, b;
    };
    const auto node = rc::gen::map(rc::gen::inRange<std::uint32_t>(0, kNodes),
                                   [](std::uint32_t i) { return static_cast<NodeId>(i); });
    const auto acts = *rc::gen::container<std::vector<Act>>(
        40, rc::gen::construct<Act>(rc::gen::inRange(0, 5), node, node));
    std::vector<std::size_t> sends;
    for (std::size_t i = 0; i < acts.size(); ++i)
      if (acts[i].kind < 2 && acts[i].a != acts[i].b) sends.push_back(i);
    RC_PRE(!sends.empty());
    const std::size_t missing = *rc::gen::elementOf(sends);
    // Who may know of it: as sets of nodes and of messages that carry it.
    std::set<NodeId> cone;
    std::map<NodeId, bool> in_inbox;
    std::vector<std::pair<NodeId, NodeId>> wire;  // of messages that carry it
    Ledger with, without;
    for (std::size_t i = 0; i < acts.size(); ++i) {
      const auto& [kind, a, b] = acts[i];
      const bool sends_now = kind < 2 && a != b;
      if (sends_now && (i == missing || cone.contains(a))) wire.emplace_back(a, b);
      if (kind == 2)
        for (const auto& [_, to] : std::exchange(wire, {})) in_inbox[to] = true;
      // A record of the guestbook that was replaced, or was not, is felt when it is used.
      if (kind == 3 && in_inbox[a]) cone.insert(a);
      for (Ledger* ledger : {&with, &without}) {
        if (sends_now && (i != missing || ledger == &with)) ledger->Send(a, b);
        if (kind == 2) ledger->Carry();
        if (kind == 3) ledger->Aggregate(a);
        if (kind == 4) ledger->Train(a);
      }
    }
    for (std::size_t i = 0; i < kNodes; ++i) {
      const auto id = static_cast<NodeId>(i);
      if (cone.contains(id)) continue;
      RC_ASSERT(std::ranges::equal(with.Row(id), without.Row(id)));
      RC_ASSERT(*with.run().world.at(id).origin->base == *without.run().world.at(id).origin->base);
    }
  }));
}

}  // namespace
}  // namespace delstep
