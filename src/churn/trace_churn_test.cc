#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "churn/churns.h"
#include "churn/online_times.h"
#include "delstep/churn.h"

namespace delstep {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

NodesOptions Nodes(std::size_t count) {
  return {.count = count, .addresses = {}, .names = {"anna"}};
}
Result<OnlineTable> Parse(std::string_view text, std::size_t count = 2) {
  return ParseOnlineTimes(text, "online.csv", Nodes(count));
}
std::unique_ptr<Churn> Read(std::string_view text) {
  Scenario scenario;
  scenario.nodes = Nodes(2);
  scenario.churn.file = "online.csv";
  scenario.churn.table = std::make_shared<const std::string>(text);
  auto made = MakeTraceChurn(scenario);
  EXPECT_TRUE(made) << made.error().message;
  return *std::move(made);
}
PresenceChange Change(Duration at, std::uint32_t node, bool present) {
  return {.at = SimTime{at}, .node = NodeId{node}, .present = present};
}
constexpr SimTime kEnd{std::chrono::hours(24)};

TEST(OnlineTimes, OverlappingAndTouchingTimesAreOne) {
  const auto table = Parse("anna,5,7.5\nanna,0,2\nanna,1,3\nanna,7.5,9\n10.0.0.2,1,2\n");
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->nodes.at(0),
            (OnlineTimes{.begins_online = true, .changes = {seconds(3), seconds(5), seconds(9)}}));
  EXPECT_EQ(table->nodes.at(1),
            (OnlineTimes{.begins_online = false, .changes = {seconds(1), seconds(2)}}));
  EXPECT_FALSE(table->period);
  EXPECT_THAT(table->notes, IsEmpty());
}

TEST(OnlineTimes, AreExactToTheNanosecond) {
  const auto table = Parse("anna,0.000000001,86400.000000003\n10.0.0.2,0,1\n");
  ASSERT_TRUE(table);
  EXPECT_THAT(table->nodes.at(0).changes, ElementsAre(Duration(1), seconds(86400) + Duration(3)));
}

TEST(OnlineTimes, ErrorsNameTheLine) {
  const auto expect = [](std::string_view text, std::string_view where, std::string_view message) {
    const auto table = Parse(text);
    ASSERT_FALSE(table) << text;
    EXPECT_EQ(table.error().code, ErrorCode::kFile);
    EXPECT_EQ(table.error().where, where) << text;
    EXPECT_THAT(table.error().message, HasSubstr(message));
  };
  expect("node,from,to\nanna,3,3", "online.csv:2", "from 3 to 3 is no time");
  expect("anna,3,2", "online.csv:1", "from 3 to 2 is no time");
  expect("bert,1,2\nanna,1,2", "online.csv:1", "no node is called 'bert'");
  expect("anna,1,2e9", "online.csv:1", "'2e9' is no value of to");
  expect("# period x\nanna,1,2", "online.csv:1", "'x' is no period");
  expect("# period 0\nanna,1,2", "online.csv:1", "'0' is no period");
  expect("# period 10\nanna,1,2\nanna,9,11", "online.csv:3", "11 is after the end of the period");
}

TEST(TraceChurn, ComesAndGoesAsTheFileSays) {
  const auto churn = Read("anna,0,2\nanna,4,5\n10.0.0.2,2,4\n");
  EXPECT_THAT(churn->Changes(2, {}, kEnd),
              ElementsAre(Change(seconds(2), 0, false), Change(seconds(2), 1, true),
                          Change(seconds(4), 1, false), Change(seconds(4), 0, true),
                          Change(seconds(5), 0, false)))
      << "going before coming";
  EXPECT_THAT(churn->Changes(1, SimTime{seconds(2)}, SimTime{seconds(4)}),
              ElementsAre(Change(seconds(4), 0, true)))
      << "after the first, up to the last";
  EXPECT_TRUE(churn->IsOnline(NodeId{0}, {}));
  EXPECT_FALSE(churn->IsOnline(NodeId{0}, SimTime{seconds(2)}));
  EXPECT_TRUE(churn->IsOnline(NodeId{0}, SimTime{seconds(4)}));
  EXPECT_FALSE(churn->IsOnline(NodeId{0}, kEnd));
  EXPECT_EQ(churn->rests_from(), SimTime{seconds(5)});
  EXPECT_TRUE(churn->IsOnline(NodeId{7}, kEnd)) << "joined later: the file does not know it";
}

TEST(TraceChurn, NodesThatAreNotInTheFileAreOnlineAndANoteTellsSo) {
  const auto churn = Read("anna,1,2\n");
  EXPECT_TRUE(churn->IsOnline(NodeId{1}, {}));
  ASSERT_EQ(churn->notes().size(), 1u);
  EXPECT_THAT(churn->notes()[0], HasSubstr("1 of 2 nodes are not in it, and always online"));
}

TEST(TraceChurn, APeriodComesAgain) {
  const auto churn = Read("# period 10\nnode,from,to\nanna,0,2\n10.0.0.2,9.5,10\n");
  EXPECT_THAT(churn->Changes(2, {}, SimTime{seconds(20)}),
              ElementsAre(Change(seconds(2), 0, false), Change(milliseconds(9500), 1, true),
                          Change(seconds(10), 1, false), Change(seconds(10), 0, true),
                          Change(seconds(12), 0, false), Change(milliseconds(19500), 1, true),
                          Change(seconds(20), 1, false), Change(seconds(20), 0, true)));
  EXPECT_FALSE(churn->IsOnline(NodeId{1}, {}));
  EXPECT_TRUE(churn->IsOnline(NodeId{0}, SimTime{seconds(100'000'010)}));
  EXPECT_EQ(churn->rests_from(), SimTime::max());
}

TEST(TraceChurn, WhoIsOnlineOverTheEndOfAPeriodDoesNotGoInBetween) {
  const auto churn = Read("# period 10\nanna,0,2\nanna,8,10\n10.0.0.2,0,10\n");
  EXPECT_THAT(churn->Changes(2, {}, SimTime{seconds(15)}),
              ElementsAre(Change(seconds(2), 0, false), Change(seconds(8), 0, true),
                          Change(seconds(12), 0, false)));
}

TEST(TraceChurn, NeedsAFile) {
  EXPECT_EQ(MakeTraceChurn(Scenario{}).error().code, ErrorCode::kUsage);
}

}  // namespace
}  // namespace delstep
