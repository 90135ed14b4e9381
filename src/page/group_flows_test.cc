#include "page/group_flows.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace delstep {
namespace {

using Json = nlohmann::json;

/// Nodes 0 and 1 are in "east", 2 and 3 in "west", 1 is in "west" too, and 4 in none.
const std::vector<GroupView> kGroups = {
    {.name = "east", .members = {NodeId{0}, NodeId{1}}},
    {.name = "west", .members = {NodeId{1}, NodeId{2}, NodeId{3}}}};

struct Counted {
  GroupFlows flows;
  void Send(std::uint32_t from, std::uint32_t to) {
    const Message message{.from = NodeId{from}, .to = NodeId{to}};
    flows.Note({.at = {}, .cycle = 0, .what = Sent{.message = message}});
  }
  void Lose(std::uint32_t from, std::uint32_t to) {
    const Message message{.from = NodeId{from}, .to = NodeId{to}};
    flows.Note({.at = {}, .cycle = 0, .what = Lost{.message = message}});
  }
  Json At(std::vector<MomentNumber> way, std::size_t columns) const {
    return Json::parse(flows.Json(way, {.columns = columns, .names = {"east", "west"}}));
  }
};

TEST(GroupFlows, CountWhatGoesFromGroupToGroup) {
  Counted counted;
  counted.flows.EndMoment(0, kGroups);
  for (int i = 0; i < 3; ++i) counted.Send(0, 2);
  counted.Send(1, 3);  // from "east": that is the first group of 1
  counted.Send(2, 1);
  counted.Lose(0, 2);
  counted.Send(0, 1);  // inside of a group
  counted.Send(4, 0);  // from no group
  counted.flows.EndMoment(1, kGroups);
  counted.Lose(2, 1);  // noticed in the next moment
  counted.flows.EndMoment(2, kGroups);
  // Rows are column, from, to, sent, lost. 3 + 1 to the west.
  const Json each = counted.At({0, 1, 2}, 9);
  EXPECT_EQ(each["groups"], Json({"east", "west"}));
  EXPECT_EQ(each["columns"], Json::parse("[[0,0],[1,1],[2,2]]"));
  EXPECT_EQ(each["flows"], Json::parse("[[1,0,1,4,1],[1,1,0,1,0],[2,1,0,0,1]]"));
  EXPECT_EQ(counted.At({0, 1, 2}, 1)["flows"], Json::parse("[[0,0,1,4,1],[0,1,0,1,1]]"));
  EXPECT_EQ(counted.At({0, 1}, 1)["flows"], Json::parse("[[0,0,1,4,1],[0,1,0,1,0]]"));
}

TEST(GroupFlows, ForgetWhatWasUndoneAndTellAMomentThatIsMadeAgainOnce) {
  Counted counted;
  counted.Send(0, 2);
  counted.flows.EndMoment(1, kGroups);
  counted.Send(0, 2);  // of a command that was gone back from, or taken back
  counted.flows.Note({.at = {}, .cycle = 0, .what = Restored{}});
  counted.Send(0, 2);
  counted.flows.EndMoment(1, kGroups);
  EXPECT_EQ(counted.At({0, 1}, 1)["flows"], Json::parse("[[0,0,1,1,0]]"));
}

TEST(GroupFlows, TellOnlyOfGroupsThatAreAskedFor) {
  Counted counted;
  counted.Send(0, 2);
  counted.flows.EndMoment(1, kGroups);
  const std::vector<MomentNumber> way = {0, 1};
  EXPECT_EQ(Json::parse(counted.flows.Json(way, {.columns = 1, .names = {"west"}}))["flows"],
            Json::array());
}

TEST(GroupFlows, ForgetTheOldestMomentsBeyondTheirLimit) {
  Counted counted{GroupFlows(/*most_flows=*/1)};
  counted.Send(0, 2);
  counted.flows.EndMoment(1, kGroups);
  counted.Send(0, 2);
  counted.flows.EndMoment(2, kGroups);
  EXPECT_EQ(counted.At({1, 2}, 9)["flows"], Json::parse("[[1,0,1,1,0]]"));
}

}  // namespace
}  // namespace delstep
