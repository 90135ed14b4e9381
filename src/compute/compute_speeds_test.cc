#include "compute/compute_speeds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

namespace delstep {
namespace {

using Kind = Distribution::Kind;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr NodeId kA{0}, kB{1}, kC{2};

Scenario With(Distribution ms, double jitter = 0) {
  Scenario scenario;
  scenario.nodes = {.count = 3, .addresses = {}, .names = {"anna"}};
  scenario.compute.ms_per_example = std::move(ms);
  scenario.compute.jitter = jitter;
  return scenario;
}
ComputeSpeeds Make(const Scenario& scenario) { return ComputeSpeeds::Make(scenario).value(); }
ComputeSpeeds Read(std::string_view text, Scenario scenario = With({.a = 5})) {
  scenario.compute.file = "speeds.csv";
  scenario.compute.table = std::make_shared<const std::string>(text);
  return Make(scenario);
}

TEST(ComputeSpeeds, ATrainingTakesExamplesTimesTheirTime) {
  const ComputeSpeeds speeds = Make(With({.a = 1.5}));
  // 5 passes over 425 examples at 1.5 ms.
  EXPECT_EQ(*speeds.TrainingTime(kA, 0, 5 * 425), Duration(5 * 425 * 1'500'000LL));
  EXPECT_EQ(*speeds.TrainingTime(kB, 9, 0), Duration(0));
  // A third of a microsecond and a bit, times 7: 2333.3 ns.
  EXPECT_EQ(*Make(With({.a = 0.001 / 3})).TrainingTime(kA, 0, 7), Duration(2333));
}

TEST(ComputeSpeeds, ByDefaultNothingTakesTime) {
  EXPECT_EQ(*ComputeSpeeds().TrainingTime(kA, 0, 1000), Duration(0));
  EXPECT_FALSE(ComputeSpeeds().takes_time());
  EXPECT_FALSE(Make(Scenario{}).takes_time());
  EXPECT_TRUE(Make(With({.a = 0.1})).takes_time());
}

TEST(ComputeSpeeds, ANodesSpeedIsDrawnOnceAndIsItsOwn) {
  const ComputeSpeeds speeds = Make(With({.kind = Kind::kLogNormal, .a = 20, .b = 0.6}));
  EXPECT_EQ(*speeds.TrainingTime(kA, 0, 100), *speeds.TrainingTime(kA, 5, 100));
  EXPECT_NE(speeds.NsPerExample(kA), speeds.NsPerExample(kB));
  // The median is 20 ms, and p95/p50 = exp(1.645 * 0.6) = 2.683. Of 10,000 draws the share below a
  // quantile q has sigma sqrt(q (1 - q) / 10,000): 0.005 and 0.0022.
  constexpr int kDraws = 10'000;
  int below_median = 0, below_p95 = 0;
  for (std::uint32_t node = 0; node < kDraws; ++node) {
    const double ms = speeds.NsPerExample(NodeId{node}) / 1e6;
    below_median += ms < 20;
    below_p95 += ms < 20 * 2.683;
  }
  EXPECT_NEAR(below_median / double{kDraws}, 0.5, 4 * 0.005);
  EXPECT_NEAR(below_p95 / double{kDraws}, 0.95, 4 * 0.0022);
}

TEST(ComputeSpeeds, JitterIsUniformAroundOneAndDrawnForEachTraining) {
  const ComputeSpeeds speeds = Make(With({.a = 10}, 0.2));
  constexpr int kTrainings = 4000;
  double sum = 0, least = 1e9, most = 0;
  for (std::uint64_t k = 0; k < kTrainings; ++k) {
    const double factor = Seconds(*speeds.TrainingTime(kA, k, 100));  // 1 s without jitter
    sum += factor;
    least = std::min(least, factor);
    most = std::max(most, factor);
  }
  // Uniform in [0.8, 1.2): sigma 0.4 / sqrt(12) = 0.115. The chance that no draw of 4,000 falls
  // into the lowest hundredth is 0.99^4000 = 3e-18.
  EXPECT_NEAR(sum / kTrainings, 1, 4 * 0.1155 / 63.2);
  EXPECT_TRUE(least >= 0.8 && least < 0.804 && most < 1.2 && most > 1.196) << least << " " << most;
  EXPECT_EQ(*speeds.TrainingTime(kA, 7, 100), *speeds.TrainingTime(kA, 7, 100));
  EXPECT_NE(*speeds.TrainingTime(kA, 7, 100), *speeds.TrainingTime(kB, 7, 100));
}

TEST(ComputeSpeeds, ClassesAreEquallyLikely) {
  const ComputeSpeeds speeds = Make(With({.kind = Kind::kClasses, .classes = {1, 3, 10}}));
  int slow = 0;
  for (std::uint32_t node = 0; node < 9000; ++node) {
    const double ms = speeds.NsPerExample(NodeId{node}) / 1e6;
    ASSERT_TRUE(ms == 1 || ms == 3 || ms == 10) << ms;
    slow += ms == 10;
  }
  EXPECT_NEAR(slow, 3000, 4 * 44.7) << "sigma: sqrt(9000 * 2/9)";
}

TEST(ComputeSpeeds, TheFileGivesSpeedsAndCapacities) {
  const ComputeSpeeds speeds =
      Read("node,ms_per_example,up_kbps,down_kbps\n10.0.0.3,40,1000,6000\nanna,20.5,,500\n");
  EXPECT_EQ(*speeds.TrainingTime(kA, 0, 10), Duration(205'000'000));
  EXPECT_EQ(*speeds.TrainingTime(kC, 0, 10), milliseconds(400));
  EXPECT_EQ(*speeds.TrainingTime(kB, 0, 10), milliseconds(50)) << "compute.ms_per_example";
  EXPECT_THAT(speeds.notes(),
              ElementsAre(HasSubstr("1 of 3 nodes are not in it; compute.ms_per_example holds")));
  EXPECT_EQ(speeds.CapacityOf(kA).up, std::nullopt);
  EXPECT_EQ(speeds.CapacityOf(kA).down, 500e3) << "1000 bits a kbit";
  EXPECT_EQ(speeds.CapacityOf(kB).down, std::nullopt) << "not in the file";
  EXPECT_EQ(speeds.CapacityOf(kC).up, 1e6);
}

TEST(ComputeSpeeds, WithoutCapacitiesTheNetworksHold) {
  const ComputeSpeeds speeds = Read("anna,0\n10.0.0.2,0\n10.0.0.3,0\n", With({.a = 0}));
  EXPECT_EQ(speeds.CapacityOf(kA).up, std::nullopt);
  EXPECT_TRUE(speeds.notes().empty());
  EXPECT_FALSE(speeds.takes_time());
}

TEST(ComputeSpeeds, ErrorsNameTheLine) {
  const auto expect = [](std::string_view text, std::string_view where, std::string_view message) {
    const auto table = ParseComputeTable(text, "speeds.csv", With({}).nodes);
    ASSERT_FALSE(table) << text;
    EXPECT_EQ(table.error().code, ErrorCode::kFile);
    EXPECT_EQ(table.error().where, where);
    EXPECT_THAT(table.error().message, HasSubstr(message));
  };
  expect("anna,1\n10.0.0.1,2\n", "speeds.csv:2", "the node comes twice");
  expect("anna,1,0\n", "speeds.csv:1", "0 kbit/s");
  expect("anna,fast\n", "speeds.csv:1", "'fast' is no value of ms_per_example");
  expect("anna,1\nbert,1\n", "speeds.csv:2", "no node is called 'bert'");
}

TEST(ComputeSpeeds, ATrainingOfCenturiesIsRefused) {
  // 10^9 ms = 10^6 s an example.
  const ComputeSpeeds speeds = Make(With({.a = 1e9}));
  EXPECT_EQ(*speeds.TrainingTime(kA, 0, 1000), std::chrono::seconds(1'000'000'000));
  const auto time = speeds.TrainingTime(kA, 0, 1001);
  ASSERT_FALSE(time);
  EXPECT_EQ(time.error().code, ErrorCode::kRefused);
  EXPECT_THAT(time.error().message, HasSubstr("1001 examples would take 1e+09 s"));
}

}  // namespace
}  // namespace delstep
