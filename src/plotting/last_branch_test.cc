#include "plotting/last_branch.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string Made(int moment, int parent) {
  return fmt::format("{{\"type\":\"moment_made\",\"t\":0,\"moment\":{},\"parent\":{}}}\n", moment,
                     parent);
}
std::string WentTo(int moment) {
  return fmt::format("{{\"type\":\"went_to\",\"t\":0,\"moment\":{}}}\n", moment);
}
const std::string kDone = "{\"type\":\"command_done\",\"t\":0}\n";

LastBranch Read(const std::string& text) {
  std::istringstream events(text);
  const auto branch = ReadLastBranch(events, "events.jsonl");
  EXPECT_TRUE(branch);
  return *branch;
}

TEST(LastBranch, HasTheCommandsOfItsMomentsAndThoseThatLookedAtThem) {
  // 0 and 1 make moments, 2 looks; 3 goes back, and 4 begins another branch, which 5 leaves again; 6
  // looks at moment 2, and 7 goes on from there.
  const LastBranch branch =
      Read(Made(1, 0) + kDone + Made(2, 1) + kDone + kDone + WentTo(0) + kDone + Made(3, 0) +
           kDone + WentTo(2) + kDone + kDone + Made(4, 2) + kDone);
  EXPECT_TRUE(branch.went_back);
  EXPECT_THAT(branch.commands, ElementsAre(3, 0, 1, 2, 5, 6, 7));
}

TEST(LastBranch, OfARunThatWasResumedBeginsWithIt) {
  const LastBranch branch = Read(kDone + Made(8, 7) + kDone + WentTo(3) + kDone);
  EXPECT_THAT(branch.commands, ElementsAre(0, 2));
  EXPECT_FALSE(Read(kDone + Made(8, 7) + kDone).went_back);
}

TEST(LastBranch, KeepsItsValuesInItsOrder) {
  // The second branch, 2 s and 30, was left for the first one.
  const LastBranch branch = Read(Made(1, 0) + kDone + Made(2, 1) + kDone + WentTo(0) + kDone +
                                 Made(3, 0) + kDone + WentTo(2) + kDone + Made(4, 2) + kDone);
  RunMetrics run;
  run.metrics["drops"] = {{10, 0, 1, 10}, {11, 0, 2, 20}, {13, 0, 1, 30}, {15, 0, 3, 40}};
  run.metrics["lost"] = {{13, 0, 1, 1}};
  KeepBranch(branch, 10, run);
  ASSERT_EQ(run.metrics.size(), 1U);
  std::vector<double> values, steps;
  for (const MetricPoint& point : run.metrics["drops"]) {
    values.push_back(point.value);
    steps.push_back(static_cast<double>(point.step));
  }
  EXPECT_THAT(values, ElementsAre(10, 20, 40));
  // Commands 2, 0, 1, 4 and 5 of the events, in this order: 2 and 4 went somewhere.
  EXPECT_THAT(steps, ElementsAre(11, 12, 14));
}

TEST(LastBranch, LeavesARunThatNeverWentBackAsItIs) {
  RunMetrics run;
  run.metrics["drops"] = {{7, 0, 1, 10}};
  KeepBranch(Read(Made(1, 0) + kDone), 0, run);
  EXPECT_EQ(run.metrics["drops"].size(), 1U);
}

}  // namespace
}  // namespace delstep
