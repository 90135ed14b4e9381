#include "recording/moment_json.h"

#include <gtest/gtest.h>

#include <limits>

namespace delstep {
namespace {

NodeView Node(std::uint32_t number) {
  NodeView node;
  node.node = NodeId{number};
  node.address = "10.0.0." + std::to_string(number + 1);
  node.behaviour = "none";
  node.attack = "off";
  return node;
}

MessageView InState(std::uint64_t id, MessageState state) {
  return {.message = {.id = MessageId{id}, .from = NodeId{0}, .to = NodeId{1}, .bytes = 64},
          .state = state,
          .arrives = {}};
}

TEST(RoundedJson, HasFourDecimalsAtMost) {
  EXPECT_EQ(RoundedJson(0.91234567), "0.9123");
  EXPECT_EQ(RoundedJson(0.5), "0.5");
  EXPECT_EQ(RoundedJson(3), "3");
  EXPECT_EQ(RoundedJson(100), "100");
  EXPECT_EQ(RoundedJson(0), "0");
  EXPECT_EQ(RoundedJson(-0.00001), "0");
  EXPECT_EQ(RoundedJson(std::numeric_limits<double>::quiet_NaN()), "null");
  EXPECT_EQ(RoundedJson(std::numeric_limits<double>::infinity()), "null");
}

TEST(StateJson, LeavesOutColumnsWhereAllIsAsUsual) {
  MomentFacts facts{.nodes_ever = 2, .nodes = {Node(0), Node(1)}, .old_tests = {{}, {}}};
  EXPECT_EQ(
      StateJson(facts, {.moment = 3, .branch = "main"}),
      R"({"moment":3,"branch":"main","t":0,"cycle":0,"autonet":false,"nodes":{"index":[0,1],)"
      R"("up":[1,1],"examples":[0,0],"held_out":[0,0],"trained":[0,0],"outbox":[0,0],)"
      R"("in_flight_to":[0,0],"inbox":[0,0],"guestbook":[0,0],"loss":[null,null],"tests":{}},)"
      R"("groups":[],"counts":{"sent":0,"delivered":0,"lost":0,"in_flight":0,"queued":0,"bytes":0},)"
      R"("last_scope":null,"consensus":null,"links":null,"messages":[],"messages_left_out":0})");
  facts.nodes[1].attack = "zero";
  facts.nodes[0].busy_until = SimTime(Duration(5));
  facts.nodes[0].rate = 0.5;
  const std::string json = StateJson(facts, {});
  for (const char* column :
       {R"("attack":["off","zero"])", R"("busy_until":[5,null])", R"("rate":[0.5,1])"})
    EXPECT_NE(json.find(column), std::string::npos) << column;
  EXPECT_EQ(json.find("behaviour"), std::string::npos);
}

TEST(StateJson, HasATableOfTestsForEachScope) {
  MomentFacts facts{.nodes_ever = 2, .nodes = {Node(0), Node(1)}, .old_tests = {{true}, {}}};
  facts.nodes[0].last_tests = {{.scope = {.kind = EvaluationScope::Kind::kLocal, .group = {}},
                                .loss = 0.25,
                                .accuracy = 0.75}};
  EXPECT_NE(StateJson(facts, {}).find(
                R"("tests":{"local":{"accuracy":[0.75,null],"loss":[0.25,null],"old":[1,null]}})"),
            std::string::npos);
}

TEST(StateJson, ShowsPlacesByTheNumbersOfNodes) {
  // Node 0 has left.
  const MomentFacts facts{.nodes_ever = 2, .nodes = {Node(1)}, .old_tests = {{}}};
  const std::vector<Position> places = {{.x = 1, .y = 2}, {.x = 10.5, .y = 4}};
  EXPECT_NE(StateJson(facts, {.places = places}).find(R"("x":[10.5],"y":[4])"), std::string::npos);
  EXPECT_EQ(StateJson(facts, {}).find(R"("x":)"), std::string::npos);
}

TEST(MessagesJson, ShowsThoseInFlightFirstAndCountsTheRest) {
  const std::vector<MessageView> messages = {InState(1, MessageState::kOutbox),
                                             InState(2, MessageState::kFlight),
                                             InState(3, MessageState::kInbox)};
  const MessageList list = MessagesJson(
      messages, {.messages = 2, .sent = [](MessageId id) {
                   return std::optional(SimTime(Duration(static_cast<std::int64_t>(id) * 10)));
                 }});
  EXPECT_EQ(
      list.json,
      R"([{"message":2,"from":0,"to":1,"bytes":64,"state":"flight","sent":20,"arrives":null},)"
      R"({"message":1,"from":0,"to":1,"bytes":64,"state":"outbox","sent":null,"arrives":null}])");
  EXPECT_EQ(list.left_out, 1u);
}

TEST(LinksJson, TellsPairsFromOneWays) {
  const auto link = [](std::uint32_t from, std::uint32_t to) {
    return LinkView{.from = NodeId{from}, .to = NodeId{to}, .link = {}};
  };
  LinkFacts facts{.nodes = 3, .links = {link(0, 1), link(1, 0), link(2, 0)}};
  facts.links[1].link.up = false;
  facts.links[2].single = true;
  facts.links[2].link.loss = 0.5;
  EXPECT_EQ(
      LinksJson(facts, 17),
      R"({"version":17,"full":false,"pairs":[[0,1]],"one_way":[[2,0]],"down":[[1,0]],)"
      R"("default":{"loss":0,"latency":{"kind":"constant","a":0,"b":0},"bandwidth":null},)"
      R"("own":[{"from":2,"to":0,"loss":0.5,"latency":{"kind":"constant","a":0,"b":0},"bandwidth":null,"up":true}]})");
}

TEST(LinksJson, DoesNotListAFullMeshOfManyNodes) {
  LinkFacts facts{.nodes = 61};
  for (std::uint32_t a = 0; a < 61; ++a)
    for (std::uint32_t b = 0; b < 61; ++b)
      if (a != b) facts.links.push_back({.from = NodeId{a}, .to = NodeId{b}, .link = {}});
  EXPECT_NE(LinksJson(facts, 1).find(R"("full":true,"pairs":[],"one_way":[])"), std::string::npos);
  facts.links.pop_back();
  EXPECT_NE(LinksJson(facts, 1).find(R"("full":false,"pairs":[[0,1],)"), std::string::npos);
}

TEST(LabelsJson, CountsClassesPerNode) {
  const std::vector<LabelCounts> labels = {{.node = NodeId{0}, .counts = {5, 5}, .entropy = 1}};
  const std::vector<std::string> classes = {"cat", "dog"}, addresses = {"10.0.0.1"};
  EXPECT_EQ(
      LabelsJson(labels, classes, addresses),
      R"({"classes":["cat","dog"],"nodes":[{"node":"10.0.0.1","counts":[5,5],"entropy":1}]})");
}

}  // namespace
}  // namespace delstep
