#include "recording/event_json.h"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "base/json.h"

namespace delstep {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

AddressBook TwoNodes() {
  AddressBook book;
  book.Add(NodeId{0}, "10.0.0.1");
  book.Add(NodeId{1}, "10.0.0.2");
  return book;
}

/// The line, parsed by another library.
json Line(Happening what) {
  std::string line;
  AppendEventJson({SimTime{1500ns}, 4, std::move(what)}, TwoNodes(), line);
  EXPECT_EQ(line.back(), '\n');
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  return json::parse(line);
}

TEST(EventJson, BeginsWithVersionTypeTimeAndCycle) {
  std::string line;
  AppendEventJson({SimTime{1500ns}, 4, NodeRemoved{NodeId{1}}}, TwoNodes(), line);
  EXPECT_EQ(line,
            "{\"v\":2,\"type\":\"node_removed\",\"t\":1500,\"cycle\":4,\"node\":\"10.0.0.2\"}\n");
}

TEST(EventJson, KeepsTheFullPrecisionOfRealNumbers) {
  const json line =
      Line(Evaluated{NodeId{1}, {EvaluationScope::Kind::kGroup, "g1"}, 37, 1.0 / 3, 0.1});
  EXPECT_EQ(line["type"], "evaluated");
  EXPECT_EQ(line["scope"], "group g1");
  EXPECT_EQ(line["examples"], 37);
  EXPECT_EQ(line["loss"].get<double>(), 1.0 / 3);
  EXPECT_EQ(line["accuracy"].get<double>(), 0.1);
}

TEST(EventJson, SaysNullForWhatJsonHasNoNumberFor) {
  const json line = Line(Trained{NodeId{0}, 10, 5, 50, std::numeric_limits<double>::infinity()});
  EXPECT_TRUE(line["loss"].is_null());
  EXPECT_TRUE(Line(DefaultLinkChanged{})["bandwidth"].is_null()) << "a link without limit";
}

TEST(EventJson, NamesNodesByAddress) {
  Aggregated aggregated;
  EXPECT_EQ(Line(aggregated)["peers"], json::array());
  aggregated.peers = {NodeId{1}, NodeId{0}};
  EXPECT_EQ(Line(aggregated)["peers"], (json{"10.0.0.2", "10.0.0.1"}));
}

TEST(EventJson, TellsWhichMessageEachModelCameWithAndWhatItCounted) {
  Aggregated aggregated;
  EXPECT_EQ(Line(aggregated)["own_weight"], 1) << "nothing but its own model";
  EXPECT_EQ(Line(aggregated)["weights"], json::array());
  aggregated.changed = true;
  aggregated.peers = {NodeId{1}};
  aggregated.messages = {MessageId{9}};
  EXPECT_TRUE(Line(aggregated)["own_weight"].is_null()) << "a median gives no weights";
  EXPECT_TRUE(Line(aggregated)["weights"].is_null());
  EXPECT_EQ(Line(aggregated)["messages"], json{9});
  aggregated.own_weight = 0.75;
  aggregated.weights = {0.25};
  EXPECT_EQ(Line(aggregated)["own_weight"], 0.75);
  EXPECT_EQ(Line(aggregated)["weights"], json{0.25});
  EXPECT_EQ(Line(aggregated)["peers"], json{"10.0.0.2"});
}

TEST(EventJson, TellsWhoseValueAndWhoseLabelsChanged) {
  EXPECT_FALSE(Line(ConfigChanged{"training.lr", "0.1"}).contains("addresses")) << "everyone's";
  EXPECT_EQ(Line(ConfigChanged{"training.lr", "0.1", {NodeId{1}}})["addresses"], json{"10.0.0.2"});
  const json line = Line(LabelsChanged{NodeId{0}, {LabelChange::Kind::kNoise, 0.25}, 17});
  EXPECT_EQ(line["node"], "10.0.0.1");
  EXPECT_EQ(line["how"], "noise 0.25");
  EXPECT_EQ(line["changed_labels"], 17);
  EXPECT_EQ(Line(LabelsChanged{NodeId{0}, {LabelChange::Kind::kFlip, 0, 3, 8}, 0})["how"],
            "flip 3 8");
  EXPECT_EQ(Line(LabelsChanged{NodeId{0}, {LabelChange::Kind::kFlipAll}, 0})["how"], "flip all");
  EXPECT_EQ(Line(LabelsChanged{NodeId{0}, {}, 0})["how"], "restore");
}

TEST(EventJson, TellsWhenAMessageWasSentAndHowItEnded) {
  const Message message{MessageId{9}, NodeId{0}, NodeId{1}, 101864};
  const json lost = Line(Lost{message, SimTime{3ns}, SimTime{8ns}, LossReason::kDown});
  EXPECT_EQ(lost["message"], 9);
  EXPECT_EQ(lost["from"], "10.0.0.1");
  EXPECT_EQ(lost["to"], "10.0.0.2");
  EXPECT_EQ(lost["bytes"], 101864);
  EXPECT_EQ(lost["sent"], 3);
  EXPECT_EQ(lost["ended"], 8);
  EXPECT_EQ(lost["reason"], "down");
  const json arrived = Line(Delivered{message, SimTime{3ns}, SimTime{7ns}});
  EXPECT_EQ(arrived["arrived"], 7);
}

TEST(EventJson, TellsOfMomentsByNumberAndBranch) {
  const json made = Line(MomentMade{5, 4, "main"});
  EXPECT_EQ(made["moment"], 5);
  EXPECT_EQ(made["parent"], 4);
  EXPECT_EQ(made["branch"], "main");
  const json went = Line(WentTo{3, 5, "main-2"});
  EXPECT_EQ(went["moment"], 3);
  EXPECT_EQ(went["from_moment"], 5);
  EXPECT_EQ(Line(MarkSet{"before", 3})["mark"], "before");
}

TEST(EventJson, TellsOfWhatHappensByItself) {
  const json ended = Line(ContactEnded{NodeId{0}, NodeId{1}, SimTime{7ns}});
  EXPECT_EQ(ended["a"], "10.0.0.1");
  EXPECT_EQ(ended["b"], "10.0.0.2");
  EXPECT_EQ(ended["began"], 7);
  EXPECT_EQ(Line(NodeWentDown{NodeId{0}, true})["planned"], true);
  EXPECT_EQ(Line(NodeMoved{NodeId{0}, 0.5, 2})["x"], 0.5);
  EXPECT_EQ(Line(TurnTaken{NodeId{0}, "gossip", 3})["turn"], 3);
  const json once = Line(PlanMade{4, SimTime{9ns}, {}, "train; ag"});
  EXPECT_EQ(once["plan"], 4);
  EXPECT_EQ(once["due"], 9);
  EXPECT_TRUE(once["every"].is_null());
  EXPECT_EQ(once["command"], "train; ag");
  EXPECT_EQ(Line(PlanMade{4, SimTime{9ns}, 5ns, "ag"})["every"], 5);
}

TEST(EventJson, EscapesWhatPeopleTypeAndMendsWhatIsNoUtf8) {
  const json line = Line(CommandDone{"say \"hi\"\t\\ \x01 \xff", 2, "no\ncommand"});
  EXPECT_EQ(line["command"], "say \"hi\"\t\\ \x01 \xef\xbf\xbd");
  EXPECT_EQ(line["code"], 2);
  EXPECT_EQ(line["message"], "no\ncommand");
}

TEST(EventJson, MakesAnObjectOfEveryKindOfEvent) {
  const Message message{MessageId{1}, NodeId{0}, NodeId{1}, 10};
  const LinkProperties link{0.25, {Latency::Kind::kNormal, 20ms, 5ms}, 1e7, false};
  const std::pair<Happening, const char*> all[] = {
      {Trained{}, "trained"},
      {Aggregated{}, "aggregated"},
      {Evaluated{}, "evaluated"},
      {Queued{message}, "queued"},
      {Sent{message}, "sent"},
      {Delivered{message, {}, {}}, "delivered"},
      {Lost{message, {}, {}, {}}, "lost"},
      {NodeAdded{NodeId{1}, "10.0.0.2", "bob", 7, NodeId{0}}, "node_added"},
      {NodeRemoved{}, "node_removed"},
      {NodeWentDown{}, "node_went_down"},
      {NodeCameUp{}, "node_came_up"},
      {DefaultLinkChanged{link}, "default_link_changed"},
      {LinkChanged{NodeId{0}, NodeId{1}, link, true}, "link_changed"},
      {RateChanged{NodeId{0}, 0.5}, "rate_changed"},
      {GroupCreated{"g", false}, "group_created"},
      {GroupJoined{"g", NodeId{1}}, "group_joined"},
      {GroupLeft{"g", NodeId{1}}, "group_left"},
      {GroupDeleted{"g"}, "group_deleted"},
      {CycleAdvanced{5}, "cycle_advanced"},
      {ConfigChanged{"training.lr", "0.1"}, "config_changed"},
      {LabelsChanged{}, "labels_changed"},
      {ModelImported{NodeId{0}, "m.pt", 4}, "model_imported"},
      {Restored{}, "restored"},
      {MomentMade{5, 4, "main"}, "moment_made"},
      {WentTo{3, 5, "main-2"}, "went_to"},
      {MarkSet{"before", 3}, "mark_set"},
      {BranchMade{"lossy", 3}, "branch_made"},
      {BranchDeleted{"lossy"}, "branch_deleted"},
      {CommandDone{"train", 0, ""}, "command_done"},
      {TrainingStarted{}, "training_started"},
      {ContactBegan{NodeId{0}, NodeId{1}}, "contact_began"},
      {ContactEnded{NodeId{0}, NodeId{1}, {}}, "contact_ended"},
      {NodeMoved{NodeId{0}, 1, 2}, "node_moved"},
      {TurnTaken{NodeId{0}, "gossip", 3}, "turn_taken"},
      {AttackChanged{NodeId{0}, "zero"}, "attack_changed"},
      {PlanMade{1, {}, {}, "train"}, "plan_made"},
      {PlanDeleted{1}, "plan_deleted"}};
  static_assert(std::size(all) == std::variant_size_v<Happening>);
  for (const auto& [happening, type] : all) EXPECT_EQ(Line(happening)["type"], type);
  EXPECT_EQ(Line(all[11].first)["latency"],
            (json{{"kind", "normal"}, {"a", 20000000}, {"b", 5000000}}));
  EXPECT_EQ(Line(all[7].first)["like"], "10.0.0.1");
  EXPECT_TRUE(Line(NodeAdded{NodeId{1}, "10.0.0.2", "", 7, {}})["like"].is_null());
}

TEST(AddressBook, LearnsTheAddressesOfNodesThatJoin) {
  AddressBook book = TwoNodes();
  book.Learn({{}, 0, NodeAdded{NodeId{2}, "10.0.0.77", "", 0, {}}});
  EXPECT_EQ(book[NodeId{2}], "10.0.0.77");
}

}  // namespace
}  // namespace delstep
