#include "core/world/world_hash.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/acts/aggregate.h"
#include "core/acts/evaluation.h"
#include "core/acts/groups.h"
#include "core/acts/labels.h"
#include "core/acts/learning.h"
#include "core/acts/links.h"
#include "core/acts/network_step.h"
#include "core/acts/node_options.h"
#include "core/acts/plans.h"
#include "core/acts/queue_messages.h"
#include "core/setup.h"
#include "core/world/fields.h"
#include "core/world/load_worlds.h"
#include "core/world/save_worlds.h"
#include "tests/fakes/fake_parts.h"

namespace delstep {
namespace {

using namespace std::chrono_literals;

/// An archive that changes the one field whose number it was given, in some way that its type
/// allows, and tells its name. Of a list it visits the first item too.
class Changer {
 public:
  enum class Kind { kState, kRecord, kDerived };

  Changer(std::size_t which, RowPool& pool) : which_(which), pool_(pool) {}

  template <class T>
  void State(const char* name, T& field) {
    Visit(name, field, Kind::kState);
  }
  template <class T>
  void Record(const char* name, T& field) {
    Visit(name, field, Kind::kRecord);
  }
  template <class T>
  void Derived(const char* name, T& field) {
    Visit(name, field, Kind::kDerived);
  }

  bool changed() const { return !name_.empty(); }
  const std::string& name() const { return name_; }
  Kind kind() const { return kind_; }

 private:
  template <class T>
  void Visit(const char* name, T& field, Kind kind) {
    path_.emplace_back(name);
    const Kind outer = std::exchange(now_, now_ == Kind::kState ? kind : now_);
    Change(field);
    now_ = outer;
    path_.pop_back();
  }
  /// Whether it is this field's turn.
  bool Turn(const char* part = "") {
    if (seen_++ != which_) return false;
    for (const std::string& name : path_) name_ += name_.empty() ? name : "." + name;
    name_ += part;
    kind_ = now_;
    return true;
  }

  template <class T>
  requires std::integral<T> || std::is_enum_v<T>
  void Change(T& value) {
    if (Turn()) value = static_cast<T>(static_cast<std::uint64_t>(value) ^ 1);
  }
  void Change(bool& value) {
    if (Turn()) value = !value;
  }
  void Change(double& value) {
    if (Turn()) value = std::isinf(value) ? 1 : value + 0.25;
  }
  void Change(Duration& value) {
    if (Turn()) value += 1ns;
  }
  void Change(SimTime& value) {
    if (Turn()) value += 1ns;
  }
  void Change(Address& value) {
    if (Turn()) ++value.value;
  }
  void Change(std::string& value) {
    if (Turn()) value += "x";
  }
  void Change(Row& row) {
    if (!Turn()) return;
    Row other = pool_.New();
    std::ranges::fill(other.Write(), 77.0f);
    row = std::move(other);
  }
  void Change(Examples& examples) {
    if (Turn()) examples = std::make_shared<std::vector<std::uint32_t>>(1, 12345u);
  }
  void Change(std::shared_ptr<const std::string>& table) {
    if (Turn()) table = std::make_shared<const std::string>("10.0.0.1,5");
  }
  void Change(std::shared_ptr<const OwnLabels>& own) {
    if (!Turn()) return;
    auto other = std::make_shared<OwnLabels>();
    other->labels = {5};
    own = std::move(other);
  }
  template <class T>
  void Change(Cow<T>& shared) {
    T own = *shared;
    const std::size_t before = seen_;
    Change(own);
    // What was not changed stays shared.
    if (before <= which_ && which_ < seen_) shared = std::move(own);
  }
  void Change(Nodes& nodes) {
    if (Turn(" (length)")) return nodes.Add({});
    Change(nodes.Write(0));
  }
  /// A scenario, and where models come from.
  template <class T>
  requires requires(Changer& changer, T& fields) { Fields(changer, fields); }
  void Change(std::shared_ptr<const T>& shared) {
    auto other = shared ? std::make_shared<T>(*shared) : std::make_shared<T>();
    const std::size_t before = seen_;
    Fields(*this, *other);
    // What was not changed stays shared.
    if (before <= which_ && which_ < seen_) shared = std::move(other);
  }
  void Change(LatencyRecord& record) {
    if (Turn()) record.Note(1ns);
  }
  void Change(TrafficByLink& links) {
    if (Turn()) ++links.Write(NodeId{0}, NodeId{1}).sent;
  }
  void Change(std::set<std::string, std::less<>>& set) {
    if (Turn()) set.insert("x");
  }
  void Change(MetPairs& met) {
    if (Turn()) ++met.Write(NodeId{0}, NodeId{1}).count;
  }
  template <class T, std::size_t kSize>
  void Change(std::array<T, kSize>& list) {
    for (T& item : list) Change(item);
  }
  void Change(DeliveryLog& log) {
    if (Turn()) log.Note({});
  }
  void Change(Guestbook& guestbook) {
    std::vector<Encounter> records(guestbook.records().begin(), guestbook.records().end());
    if (records.empty()) return;
    const std::size_t before = seen_;
    Fields(*this, records[0]);
    if (before <= which_ && which_ < seen_) {
      guestbook = Guestbook();
      guestbook.Write(std::move(records));
    }
  }
  void Change(OwnedNetwork& network) {
    if (!Turn()) return;
    EXPECT_TRUE(network.Write()->SetUp(NodeId{1}, false));
  }
  template <class T>
  void Change(std::optional<T>& value) {
    if (Turn("?")) return value ? value.reset() : void(value.emplace());
    if (value) Change(*value);
  }
  template <class T>
  void Change(std::vector<T>& list) {
    ChangeList(list);
  }
  template <class T>
  void Change(std::deque<T>& list) {
    ChangeList(list);
  }
  template <class List>
  void ChangeList(List& list) {
    if (Turn(" (length)")) return list.empty() ? void(list.emplace_back()) : list.pop_back();
    if (!list.empty()) Change(list.front());
  }
  template <class K, class V>
  void Change(std::map<K, V>& map) {
    if (Turn(" (length)")) return map.empty() ? void(map[K()]) : void(map.erase(map.begin()));
    if (!map.empty()) Change(map.begin()->second);
  }
  void Change(MailCounts& mail) {
    if (Turn()) ++mail.Write(static_cast<NodeId>(0)).outbox;
  }
  void Change(GroupMembers& members) {
    std::vector<NodeId> list = members.list();
    Change(list);
    members.Clear();
    for (const NodeId node : list) members.Add(node);
  }
  void Change(Parcels& messages) {
    ASSERT_FALSE(messages.empty()) << "the world of this test has messages on the way";
    std::vector<ModelMessage> all;
    messages.ForEach([&](const ModelMessage& message) { all.push_back(message); });
    if (Turn(" (length)")) return void(messages.Take(all[0].header.id));
    const std::size_t before = seen_;
    const MessageId id = all[0].header.id;
    Change(all[0]);
    if (before > which_ || which_ >= seen_) return;
    messages.Take(id);
    all[0].header.id == all[1].header.id ? void() : messages.Add(all[0]);
  }
  template <class K, class V>
  void Change(std::unordered_map<K, V>& map) {
    if (Turn()) map.clear();
  }
  void Change(std::unordered_set<std::uint32_t>& set) {
    if (Turn()) set.insert(4242);
  }
  template <class T>
  requires requires(Changer& changer, T& fields) { Fields(changer, fields); }
  void Change(T& fields) { Fields(*this, fields); }

  const std::size_t which_;
  RowPool& pool_;
  std::size_t seen_ = 0;
  std::vector<std::string> path_;
  Kind now_ = Kind::kState;
  std::string name_;
  Kind kind_ = Kind::kState;
};

/// A world with something in every field that a fake run can fill.
std::unique_ptr<Run> FullRun(const Registry& registry) {
  Scenario scenario = fakes::FakeRun::DefaultScenario();
  scenario.data.test_fraction = 0.2;  // something to test on
  auto begun = Begin(scenario, registry);
  EXPECT_TRUE(begun);
  Run& run = **begun;
  const std::vector<NodeId> all = run.world.Present();
  EXPECT_TRUE(Train(run, all, {}));
  EXPECT_TRUE(Flood(run, all, WhenAlone::kRefuse));
  EXPECT_TRUE(NetworkStep(run, std::nullopt));
  EXPECT_TRUE(Aggregate(run, all));
  EXPECT_TRUE(Evaluate(run, all, {EvaluationScope::Kind::kGlobal}, {}));
  EXPECT_TRUE(Flood(run, all, WhenAlone::kRefuse));
  EXPECT_TRUE(NetworkStep(run, std::nullopt));  // inboxes
  LinkChange faster;
  faster.latency = Latency{.a = 5ms};
  EXPECT_TRUE(ChangeLink(run, NodeId{2}, NodeId{3}, faster));
  EXPECT_TRUE(Flood(run, all, WhenAlone::kRefuse));
  EXPECT_TRUE(NetworkStep(run, 1ms));                // on the way
  EXPECT_TRUE(Flood(run, all, WhenAlone::kRefuse));  // outboxes
  LinkChange change;
  change.loss = 0.5;
  EXPECT_TRUE(ChangeLink(run, NodeId{0}, NodeId{1}, change));
  CreateGroup(run, "g");
  AddToGroup(run, "g", all);
  BeginTraining(run, NodeId{0}, 1, 1s, TrainingNews::kNone);
  run.world.Change(NodeId{0}).place.emplace();
  // Two messages have ended that nobody has handled yet.
  const auto passage = run.world.network.Write()->AdvanceToNext(SimTime::max());
  EXPECT_TRUE(passage);
  EXPECT_EQ(passage->size(), 2u);
  run.world.ended.Write().assign(passage->begin(), passage->end());
  run.world.now = run.world.network->now();
  EXPECT_TRUE(AddPlan(run, {.number = 0, .at = SimTime{5s}, .every = 1s, .command = "train"}));
  EXPECT_TRUE(run.world.network.Keep());
  return *std::move(begun);
}

TEST(WorldHash, SeesEveryFieldThatDecidesTheFuture) {
  fakes::FakeRun fake;
  const auto run = FullRun(fake.registry);
  const std::uint64_t hash = HashWorld(run->world);
  std::size_t state = 0, other = 0;
  for (std::size_t which = 0;; ++which) {
    World world = run->world;
    Changer changer(which, *run->engine.model_rows);
    Fields(changer, world);
    if (!changer.changed()) break;  // all fields had their turn
    if (changer.kind() == Changer::Kind::kState) {
      ++state;
      EXPECT_NE(HashWorld(world), hash) << changer.name() << " is not in the hash";
      EXPECT_EQ(DifferentFields(world, run->world).size(), 1u) << changer.name();
    } else {
      ++other;
      EXPECT_EQ(HashWorld(world), hash) << changer.name() << " decides nothing";
      EXPECT_THAT(DifferentFields(world, run->world), testing::IsEmpty()) << changer.name();
    }
  }
  EXPECT_GT(state, 80u);
  EXPECT_GT(other, 8u);
}

Result<SavedWorlds> Saved(const World& world) {
  const World* const worlds[] = {&world};
  return SaveWorlds(worlds, {});
}

Result<World> Loaded(std::string_view fields, const SavedRows& rows,
                     std::shared_ptr<const Scenario> scenario, const Engine& engine) {
  auto network = MakeNetworkOf(engine);
  EXPECT_TRUE(network);
  std::vector<WorldSource> sources;
  sources.push_back({.fields = fields,
                     .scenario = std::move(scenario),
                     .state_floats = engine.state_rows->floats(),
                     .network = *std::move(network)});
  DELSTEP_ASSIGN(auto worlds, LoadWorlds(std::move(sources), rows, engine.data.dataset));
  return *std::move(worlds.front());
}

/// Everything that is saved: equal for equal worlds, whatever lies where in memory.
std::string Everything(const World& world) {
  auto saved = Saved(world);
  EXPECT_TRUE(saved);
  std::string all = saved->fields.front();
  for (const auto* rows : {&saved->rows.models, &saved->rows.states})
    for (const Row& row : *rows) {
      const auto bytes = std::as_bytes(row.view());
      all.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
  return all;
}

/// Into a fresh network, as a new process has one.
Result<World> SavedAndLoaded(const World& world, const Engine& engine) {
  auto saved = Saved(world);
  EXPECT_TRUE(saved);
  return Loaded(saved->fields.front(), saved->rows, world.scenario, engine);
}

TEST(WorldBytes, ComesBackAsItWas) {
  fakes::FakeRun fake;
  const auto run = FullRun(fake.registry);
  const auto loaded = SavedAndLoaded(run->world, run->engine);
  ASSERT_TRUE(loaded) << loaded.error().message;
  EXPECT_EQ(HashWorld(*loaded), HashWorld(run->world));
  EXPECT_EQ(Everything(*loaded), Everything(run->world)) << "what only tells of the past, too";
  // What follows from the rest is there again.
  EXPECT_EQ(*loaded->by_name, *run->world.by_name);
  EXPECT_EQ(loaded->waiting, run->world.waiting);
  for (const Node& node : run->world.nodes)
    EXPECT_EQ(loaded->mail.Of(node.id), run->world.mail.Of(node.id));
}

TEST(WorldBytes, SharesWhatWasShared) {
  fakes::FakeRun fake;
  const auto run = FullRun(fake.registry);
  const auto loaded = SavedAndLoaded(run->world, run->engine);
  ASSERT_TRUE(loaded);
  // A flood puts one row into the messages to all neighbours.
  std::map<NodeId, Row> sent;
  loaded->in_flight.ForEach([&](const ModelMessage& message) {
    Row& row = sent[message.header.from];
    if (row.empty()) row = message.model.row;
    EXPECT_EQ(row, message.model.row);
  });
  EXPECT_EQ(sent.size(), 4u);
}

TEST(WorldBytes, HoldsEveryFieldOfTheListButWhatFollowsFromOthers) {
  fakes::FakeRun fake;
  const auto run = FullRun(fake.registry);
  const std::string everything = Everything(run->world);
  std::size_t same = 0, loadable = 0;
  for (std::size_t which = 0;; ++which) {
    World world = run->world;
    Changer changer(which, *run->engine.model_rows);
    Fields(changer, world);
    if (!changer.changed()) break;                         // all fields had their turn
    if (changer.name().starts_with("scenario")) continue;  // the configuration has it
    if (changer.kind() == Changer::Kind::kDerived) {
      EXPECT_EQ(Everything(world), everything) << changer.name();
      continue;
    }
    EXPECT_NE(Everything(world), everything) << changer.name() << " is not saved";
    // Many a change makes a world that cannot be: that is refused.
    const auto loaded = SavedAndLoaded(world, run->engine);
    if (!loaded) {
      EXPECT_EQ(loaded.error().code, ErrorCode::kFile) << changer.name();
      continue;
    }
    ++loadable;
    if (Everything(*loaded) == Everything(world)) ++same;
    EXPECT_EQ(HashWorld(*loaded), HashWorld(world)) << changer.name();
  }
  EXPECT_EQ(same, loadable);
  EXPECT_GT(loadable, 30u);
}

TEST(WorldBytes, AreRefusedWhereTheyAreCut) {
  fakes::FakeRun fake;
  const auto run = FullRun(fake.registry);
  const auto saved = Saved(run->world);
  ASSERT_TRUE(saved);
  const std::string_view fields = saved->fields.front();
  for (std::size_t size = 0; size < fields.size(); ++size) {
    const auto loaded =
        Loaded(fields.substr(0, size), saved->rows, run->world.scenario, run->engine);
    ASSERT_FALSE(loaded) << size;
    EXPECT_EQ(loaded.error().code, ErrorCode::kFile) << size;
  }
}

TEST(WorldBytes, AreRefusedWhereTrainingsAreOutOfOrder) {
  fakes::FakeRun fake;
  const auto run = FullRun(fake.registry);
  const auto load = [&](std::vector<TrainingRange> more) {
    auto base = std::make_shared<Provenance>();
    base->shares = {{.node = NodeId{0}, .initial = 1}, {.node = NodeId{1}, .trained = 1}};
    base->more = std::move(more);
    World world = run->world;
    world.Change(NodeId{0}).origin = std::make_shared<const ModelOrigin>(ModelOrigin{.base = base});
    return SavedAndLoaded(world, run->engine);
  };
  const TrainingRange first{NodeId{0}, 3, 4}, second{NodeId{0}, 6, 6}, other{NodeId{1}, 1, 1};
  EXPECT_TRUE(load({first, second, other}));
  for (const auto& more : std::vector<std::vector<TrainingRange>>{
           {other, first}, {second, first}, {first, {NodeId{0}, 4, 6}}}) {
    const auto loaded = load(more);
    ASSERT_FALSE(loaded);
    EXPECT_THAT(loaded.error().message, testing::HasSubstr("are not in order"));
  }
}

TEST(WorldHash, SaysInWhichFieldTwoWorldsDiffer) {
  fakes::FakeRun fake;
  const auto run = FullRun(fake.registry);
  World other = run->world;
  other.cycle = 5;
  other.Change(NodeId{2}).rate = 0.25;
  EXPECT_THAT(DifferentFields(run->world, other), testing::ElementsAre("cycle", "node 2: rate"));
}

TEST(WorldHash, IsThatOfWhatRowsHoldNotOfWhereTheyLie) {
  fakes::FakeRun fake;
  const auto run = FullRun(fake.registry);
  World world = run->world;
  for (const NodeId node : world.Present())
    world.Change(node).model = run->engine.model_rows->Copy(world.at(node).model);
  EXPECT_EQ(HashWorld(world), HashWorld(run->world));
}

}  // namespace
}  // namespace delstep
