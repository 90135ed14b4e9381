#include "plotting/run_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <span>
#include <string>

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr const char* kHeader = "run,step,cycle,sim_time,node,group,metric,value\n";

Result<std::vector<RunMetrics>> Read(const std::string& text) {
  MemorySource source("metrics.csv",
                      {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return ReadRunMetrics(source);
}

TEST(RunMetrics, KeepValuesOfAllNodesTogetherInTheOrderRecorded) {
  const auto runs = Read(std::string(kHeader) +
                         "r,0,0,0,10.0.0.1,,test_acc,0.25\n"
                         "r,0,0,0,,all,test_acc/mean,0.5\n"
                         "r,0,0,0,,east,test_acc/mean,0.75\n"
                         "r,3,1,2.5,,all,test_acc/mean,0.625\n");
  ASSERT_TRUE(runs) << runs.error().message;
  ASSERT_EQ(runs->size(), 1U);
  EXPECT_EQ(runs->front().run, "r");
  ASSERT_EQ(runs->front().metrics.size(), 1U);  // neither of the node nor of the group
  const auto& points = runs->front().metrics.at("test_acc/mean");
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(points[0].value, 0.5);
  EXPECT_EQ(points[1].step, 3U);
  EXPECT_EQ(points[1].cycle, 1);
  EXPECT_EQ(points[1].time, 2.5);
}

TEST(RunMetrics, HaveTheKeysOfASweepAsSettings) {
  const auto runs = Read("topology.name,seed," + std::string(kHeader) +
                         "ring,1,\"a,b\",0,0,0,,all,consensus_distance,2\n"
                         "ring,2,\"a,b\",0,0,0,,all,consensus_distance,3\n");
  ASSERT_TRUE(runs) << runs.error().message;
  ASSERT_EQ(runs->size(), 2U);
  EXPECT_EQ((*runs)[1].run, "a,b");
  EXPECT_THAT((*runs)[1].settings, ElementsAre(Pair("topology.name", "ring"), Pair("seed", "2")));
}

TEST(RunMetrics, LeaveAGapWhereAValueIsNoNumber) {
  const auto runs = Read(std::string(kHeader) + "r,0,0,0,,all,test_loss/mean,nan\n" +
                         "r,1,0,0,,all,test_loss/mean,inf\nr,2,0,0,,all,test_loss/mean,3\n");
  ASSERT_TRUE(runs);
  ASSERT_EQ(runs->front().metrics.at("test_loss/mean").size(), 1U);
  EXPECT_EQ(runs->front().metrics.at("test_loss/mean")[0].step, 2U);
}

TEST(RunMetrics, PassOverALastRowThatIsCutOffAndNoOther) {
  const std::string whole = "r,0,0,0,,all,drops,1\n", cut = "r,1,0,0,,al";
  const auto runs = Read(kHeader + whole + cut);
  ASSERT_TRUE(runs) << runs.error().message;
  EXPECT_EQ(runs->front().metrics.at("drops").size(), 1U);
  const auto broken = Read(kHeader + cut + "\n" + whole);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::kFile);
  EXPECT_EQ(broken.error().where, "metrics.csv:2");
}

TEST(RunMetrics, AreRefusedWithTheirPlaceWhereTheTableIsWrong) {
  const auto other = Read("label,x\n1,2\n");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::kFile);
  EXPECT_THAT(other.error().message, HasSubstr("run,step,cycle,sim_time"));
  const auto word = Read(std::string(kHeader) + "r,0,0,0,,all,drops,1\nr,one,0,0,,all,drops,1\n");
  ASSERT_FALSE(word);
  EXPECT_EQ(word.error().where, "metrics.csv:3");
  EXPECT_THAT(word.error().message, HasSubstr("'one'"));
  EXPECT_FALSE(Read(std::string(kHeader) + "r,0,0,0,,all,drops,1,2\n"));
}

}  // namespace
}  // namespace delstep
