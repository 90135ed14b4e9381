// A moment that is looked at says what the run said then, whatever the run has done since.
#include "delstep/moment_view.h"

#include <atomic>
#include <cmath>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/fakes/simulation_fixture.h"

namespace delstep {
namespace {

using Scope = EvaluationScope;

/// Writes values one after the other; equal texts, equal values.
class Text {
 public:
  template <class... Values>
  Text& Add(const Values&... values) {
    (AddOne(values), ...);
    return *this;
  }
  std::string Take() { return std::exchange(out_, std::ostringstream()).str(); }

 private:
  template <class T>
  void AddOne(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      AddOne(static_cast<std::uint64_t>(value));
    } else {
      out_.precision(17);
      out_ << value << ' ';
    }
  }
  void AddOne(SimTime time) { AddOne(time.time_since_epoch()); }
  void AddOne(Duration time) { AddOne(time.count()); }
  template <class T>
  void AddOne(const std::optional<T>& value) {
    value ? AddOne(*value) : AddOne("nothing");
  }
  template <class A, class B>
  void AddOne(const std::pair<A, B>& pair) {
    Add(pair.first, pair.second);
  }
  template <class T>
  void AddOne(const std::vector<T>& list) {
    AddOne(list.size());
    for (const T& value : list) AddOne(value);
  }
  void AddOne(const Scope& scope) { AddOne(Name(scope)); }
  void AddOne(const Trained& t) { Add(t.node, t.samples, t.epochs, t.loss, t.learning_rate); }
  void AddOne(const Evaluated& t) { Add(t.node, t.scope, t.examples, t.loss, t.accuracy); }
  void AddOne(const LinkView& view) {
    const LinkProperties& link = view.link;
    Add(view.from, view.to, link.loss, link.latency.a, link.bandwidth, link.up, view.single);
  }
  void AddOne(const GroupView& group) { Add(group.name, group.members); }
  void AddOne(const MessageView& view) {
    const Message& message = view.message;
    Add(message.id, message.from, message.to, message.bytes, view.state, view.arrives);
  }
  void AddOne(const EncounterView& record) {
    Add(record.peer, record.address, record.expiry, record.samples, record.sent, record.received,
        record.distance);
  }
  void AddOne(const TrafficCounts& t) {
    Add(t.sent, t.delivered, t.lost, t.in_flight, t.queued, t.waiting, t.bytes, t.lost_by);
  }
  void AddOne(const SourceShare& share) {
    Add(share.node, share.initial, share.trained, share.trainings);
  }
  void AddOne(const Hop& hop) {
    Add(hop.from, hop.to, hop.message, hop.sent, hop.arrived, hop.aggregated, hop.weight);
  }
  void AddOne(const NodeView& v) {
    Add(v.node, v.address, v.name, v.up, v.train_samples, v.held_out_samples, v.neighbours);
    Add(v.groups, v.trained, v.busy_until, v.behaviour, v.attack, v.rate, v.outbox);
    Add(v.in_flight_from, v.in_flight_to, v.waiting, v.inbox, v.encounters, v.last_trained);
    Add(v.last_evaluated, v.last_tests, v.staleness, v.own_options);
  }

  std::ostringstream out_;
};

/// What a run says of its present, or a moment of itself: by the name of the question.
template <class Look>
std::map<std::string, std::string> Told(const Look& look) {
  std::map<std::string, std::string> told;
  Text text;
  const auto each = [&](auto question) {
    for (const NodeId node : look.Nodes()) question(node);
    return text.Take();
  };
  told["now"] = text.Add(look.now()).Take();
  told["cycle"] = text.Add(look.cycle()).Take();
  told["autonet"] = text.Add(look.autonet()).Take();
  told["scenario"] = text.Add(look.scenario().training.lr).Take();
  told["nodes"] = text.Add(look.Nodes(), look.nodes_ever()).Take();
  told["find"] = text.Add(look.Find("10.0.0.4"), look.Find("eve")).Take();
  told["view"] = each([&](NodeId node) { text.Add(look.View(node)); });
  told["names"] = each([&](NodeId node) { text.Add(look.AddressOf(node), look.NameOf(node)); });
  told["test older"] =
      each([&](NodeId node) { text.Add(look.IsTestOlder(node, {.kind = Scope::Kind::kGlobal})); });
  told["encounters"] = each([&](NodeId node) { text.Add(look.Encounters(node)); });
  told["links"] = text.Add(look.Links()).Take();
  told["links of"] = each([&](NodeId node) { text.Add(look.LinksOf(node)); });
  told["groups"] = text.Add(look.Groups()).Take();
  told["messages"] = text.Add(look.Messages()).Take();
  told["messages of"] = text.Add(look.Messages(std::vector{kA})).Take();
  told["traffic"] = text.Add(look.Traffic()).Take();
  told["last scope"] = text.Add(look.LastScope()).Take();
  told["hash"] = each([&](NodeId node) { text.Add(look.ModelHash(node)); });
  told["model"] = each([&](NodeId node) {
    const ModelValues model = look.Model(node);
    text.Add(std::vector(model.values.begin(), model.values.end()));
  });
  told["why"] = each([&](NodeId node) { text.Add(look.Why(node)->sources); });
  told["way"] = text.Add(look.Way(kB, kA)->hops, look.Way(kB, kA)->weight).Take();
  return told;
}

class MomentViewTest : public SimulationWithTests {
 protected:
  Snapshot Take() {
    auto taken = sim().TakeSnapshot();
    EXPECT_TRUE(taken);
    return *taken;
  }
  void Round() {
    Train(kAll);
    ASSERT_TRUE(sim().Gossip(1, kAll));
    ASSERT_TRUE(sim().NetworkStep(milliseconds(15)));
    Aggregate({kA, kB});
  }
  Result<void> Set(NodeId node, std::vector<float> numbers) {
    numbers.resize(sim().model_layout().model.floats);
    return sim().SetModel(node, numbers);
  }
};

TEST_F(MomentViewTest, EachAnswerIsThatOfTheRunThen) {
  // Something of each kind: mail in all four places, records, tests, links of their own, groups.
  // No two nodes have the same model.
  for (const NodeId node : kAll) ASSERT_TRUE(Set(node, {static_cast<float>(Index(node)), 1, 0}));
  Round();
  ASSERT_TRUE(sim().Evaluate(kAll, {.kind = Scope::Kind::kGlobal}));
  sim().CreateGroup("east");
  sim().AddToGroup("east", kAll);
  LinkChange worse;
  worse.loss = 0.25;
  ASSERT_TRUE(sim().ChangeLink(kA, kB, worse));
  ASSERT_TRUE(sim().SetAttack("zero", std::vector{kD}));
  ASSERT_TRUE(sim().Send(kA, kB));
  ASSERT_TRUE(sim().Send(kC, kA));
  ASSERT_TRUE(sim().NetworkStep(std::vector{kA}, milliseconds(5)));
  ASSERT_TRUE(sim().Send(kA, kC));
  const auto then = Told(sim());
  const MomentView moment(Take());
  EXPECT_EQ(Told(moment), then);

  // Then another value for each of them.
  sim().NextCycle();
  sim().SetAutonet(true);
  Scenario changed = sim().scenario();
  changed.training.lr = 0.25;
  ASSERT_TRUE(sim().Reconfigure(changed, "training.lr", "0.25"));
  Train({kB, kC});
  ASSERT_TRUE(sim().RemoveNode(kD));
  ASSERT_TRUE(sim().AddNode({.address = {}, .name = "eve", .like = kA}));
  ASSERT_TRUE(sim().NetworkStep());
  Aggregate({kA, kB, kC});
  ASSERT_TRUE(sim().Evaluate(std::vector{kA}, {.kind = Scope::Kind::kLocal}));
  sim().DeleteGroup("east");
  ASSERT_TRUE(sim().SetDefaultLoss(0.5));
  ASSERT_TRUE(sim().Send(kB, kA));
  for (const auto& [question, answer] : Told(sim()))
    EXPECT_NE(answer, then.at(question)) << question << " has not changed: nothing is tested";
  EXPECT_EQ(Told(moment), then);
}

TEST_F(MomentViewTest, KnowsTheDefaultLinkAndNamesOfNodesThatHadLeft) {
  const NodeId eve = *sim().AddNode({.address = {}, .name = "eve", .like = kA});
  ASSERT_TRUE(sim().RemoveNode(eve));
  const MomentView moment(Take());
  ASSERT_TRUE(sim().SetDefaultLoss(0.5));
  EXPECT_EQ(moment.DefaultLink().loss, 0);
  EXPECT_EQ(moment.DefaultLink().latency.a, milliseconds(10));
  EXPECT_EQ(MomentView(Take()).DefaultLink().loss, 0.5);
  EXPECT_EQ(moment.NameOf(eve), "eve");
  EXPECT_EQ(moment.AddressOf(eve), "10.0.0.5");
  EXPECT_FALSE(moment.Find("eve"));
}

TEST_F(MomentViewTest, DistancesToMeanAreThoseOfThePresentNodes) {
  ASSERT_TRUE(sim().RemoveNode(kC));
  // Three models are left. Two are (0, 0, 0), the third is (3, 0, 6): the mean is (1, 0, 2).
  ASSERT_TRUE(Set(kB, {3, 0, 6}));
  const MomentView moment(Take());
  Train({kA});
  const double near = std::sqrt(1 + 4), far = std::sqrt(4 + 16);
  EXPECT_THAT(moment.DistancesToMean(), ElementsAre(near, far, near));
}

TEST_F(MomentViewTest, NumbersOfAModelStayWhateverBecomesOfTheNode) {
  Train({kA});
  const ModelValues model = sim().Model(kA);
  const auto first_three = [&] {
    return std::vector(model.values.begin(), model.values.begin() + 3);
  };
  // 15 examples to train on, a learning rate of 0.5.
  EXPECT_THAT(first_three(), ElementsAre(1, 15, 0.5));
  EXPECT_EQ(model.values.size(), sim().model_layout().model.floats);
  EXPECT_EQ(sim().model_layout().model.tensors.front().name, "numbers");
  EXPECT_EQ(MomentView(Take()).Model(kA).values.data(), model.values.data()) << "nothing is copied";
  Train({kA});
  EXPECT_THAT(first_three(), ElementsAre(1, 15, 0.5));
  EXPECT_EQ(sim().Model(kA).values[0], 2);
  ASSERT_TRUE(sim().RemoveNode(kA));
  simulation_.reset();
  EXPECT_THAT(first_three(), ElementsAre(1, 15, 0.5));
}

TEST_F(MomentViewTest, SetModelPutsNumbersInTheModelsPlace) {
  Train({kA});
  Train({kB});
  Train({kB});
  ASSERT_TRUE(sim().Evaluate(kAll, {.kind = Scope::Kind::kGlobal}));
  const ModelValues old = sim().Model(kB);
  ASSERT_TRUE(sim().SetModel(kB, sim().Model(kA).values));
  EXPECT_EQ(sim().ModelHash(kB), sim().ModelHash(kA));
  EXPECT_EQ(sim().Model(kB).values[0], 1);
  EXPECT_EQ(old.values[0], 2) << "whoever looks at the old model keeps it";
  const std::vector<ModelImported> events = EventsOf<ModelImported>();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].node, kB);
  EXPECT_EQ(events[0].file, "");
  EXPECT_EQ(events[0].tensors, 1u);
  EXPECT_TRUE(sim().IsTestOlder(kB, {.kind = Scope::Kind::kGlobal}));
  EXPECT_FALSE(sim().IsTestOlder(kA, {.kind = Scope::Kind::kGlobal}));
  // New initial parameters: the two trainings are no longer in the model. The next one is.
  Train({kB});
  const ModelSources why = *sim().Why(kB);
  ASSERT_EQ(why.sources.size(), 1u);
  EXPECT_EQ(why.sources[0].initial, 1);
  EXPECT_EQ(why.sources[0].trained, 1);
  EXPECT_EQ(why.sources[0].trainings, 1u);
}

TEST_F(MomentViewTest, SetModelDoesNotLookBetweenTensors) {
  Train({kA});
  const ModelValues model = sim().Model(kA);
  std::vector<float> values(model.values.begin(), model.values.end());
  values[3] = std::nanf("");  // the row's one tensor has three numbers
  ASSERT_TRUE(sim().SetModel(kB, values));
  EXPECT_EQ(sim().ModelHash(kB), sim().ModelHash(kA));
}

TEST_F(MomentViewTest, SetModelRefusesNumbersThatAreNotFinite) {
  Train({kA});
  const std::uint64_t before = sim().WorldHash();
  const auto refused = Set(kA, {1, INFINITY, 1});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
  EXPECT_THAT(refused.error().message, HasSubstr("the number at 1 of numbers is inf"));
  EXPECT_FALSE(Set(kA, {1, 1, NAN}));
  EXPECT_EQ(sim().WorldHash(), before);
  EXPECT_THAT(EventsOf<ModelImported>(), IsEmpty());
}

TEST_F(MomentViewTest, SetModelRefusesANodeInATraining) {
  Scenario slow = FakeRun::DefaultScenario();
  slow.compute.ms_per_example = {.a = 10};
  Start(slow);
  ASSERT_TRUE(sim().Train(std::vector{kA}, {}, Waiting::kNo));
  const std::uint64_t before = sim().WorldHash();
  const auto refused = Set(kA, {1, 1, 1});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kRefused);
  EXPECT_EQ(sim().WorldHash(), before);
  EXPECT_TRUE(Set(kB, {1, 1, 1}));
}

/// Moments for another thread, each with what the run said then.
struct Mail {
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::pair<Snapshot, std::map<std::string, std::string>>> moments;
  bool done = false;
};

// Run with ./dev test --tsan to see what threads share. With shared bandwidth, a question for
// messages plays the network's future in a copy.
TEST_F(MomentViewTest, MomentsAreReadInOtherThreadsWhileTheRunGoesOn) {
  Scenario scenario = FakeRun::DefaultScenario();
  scenario.data.test_fraction = 0.25;
  scenario.network.sharing = "fair";
  Start(scenario);
  Mail mail;
  std::atomic<int> right{0};
  const auto read = [&] {
    std::unique_lock lock(mail.mutex);
    while (true) {
      mail.changed.wait(lock, [&] { return mail.done || !mail.moments.empty(); });
      if (mail.moments.empty()) return;
      auto [moment, then] = std::move(mail.moments.front());
      mail.moments.pop_front();
      lock.unlock();
      const MomentView view(std::move(moment));  // may be the last who holds it
      right += Told(view) == then ? 1 : 0;
      lock.lock();
    }
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) readers.emplace_back(read);
  constexpr int kRounds = 40;
  for (int round = 0; round < kRounds; ++round) {
    Round();
    EXPECT_TRUE(sim().SetModel(kD, sim().Model(kC).values));
    auto then = Told(sim());
    const Snapshot moment = Take();
    // Now and then back to a moment: its network is copied while others read it.
    if (round % 8 == 7) {
      EXPECT_TRUE(sim().Restore(moment));
    }
    const std::lock_guard lock(mail.mutex);
    mail.moments.emplace_back(moment, std::move(then));
    mail.changed.notify_one();
  }
  {
    const std::lock_guard lock(mail.mutex);
    mail.done = true;
    mail.changed.notify_all();
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(right, kRounds);
}

}  // namespace
}  // namespace delstep
