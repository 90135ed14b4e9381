#include "apps/delstep/sweep_grid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::Pair;
using testing::SizeIs;

Result<SweepGrid> Parse(const std::vector<std::string>& words) { return SweepGrid::Parse(words); }

TEST(SweepGrids, HaveEveryCombinationAndTheLastKeyVariesFastest) {
  const auto grid = Parse({"topology.name=ring,full", "training.lr=0.1", "seed=1..3"});
  ASSERT_TRUE(grid) << grid.error().message;
  EXPECT_EQ(grid->size(), 6U);
  EXPECT_THAT(grid->fixed(), ElementsAre("training.lr=0.1"));
  EXPECT_THAT(grid->Run(0), ElementsAre(Pair("topology.name", "ring"), Pair("seed", "1")));
  EXPECT_THAT(grid->Run(2), ElementsAre(Pair("topology.name", "ring"), Pair("seed", "3")));
  EXPECT_THAT(grid->Run(3), ElementsAre(Pair("topology.name", "full"), Pair("seed", "1")));
}

TEST(SweepGrids, SplitAtCommasOutsideBracketsAndQuotesOnly) {
  const auto values = [](const std::string& text) {
    const auto grid = Parse({"k=" + text});
    return grid ? grid->swept()[0].values : std::vector<std::string>{grid.error().message};
  };
  EXPECT_THAT(values("[32],[64,32]"), ElementsAre("[32]", "[64,32]"));
  EXPECT_THAT(values("uniform(1ms,2ms),5ms"), ElementsAre("uniform(1ms,2ms)", "5ms"));
  EXPECT_THAT(values("\"a,b\",c"), ElementsAre("\"a,b\"", "c"));
  EXPECT_THAT(values("1..3,10"), ElementsAre("1", "2", "3", "10"));
  EXPECT_THAT(values("../a,b"), ElementsAre("../a", "b"));  // a path is no range
}

TEST(SweepGrids, AreRefusedWhereTheyAreWrong) {
  for (const std::string wrong : {"seed=1", "seed=1..1", "seed=1,1", "seed=1,", "seed=3..1",
                                  "seed=0..18446744073709551615", "seed=1..1000,1..5"}) {
    const auto grid = Parse({wrong});
    ASSERT_FALSE(grid) << wrong;
    EXPECT_EQ(grid.error().code, ErrorCode::kUsage);
  }
  EXPECT_FALSE(Parse({"a=1..1000", "b=1..1000"}));
  EXPECT_FALSE(Parse({"a=1,2", "a=3"}));
}

TEST(SweepGrids, NameFoldersByTheirValues) {
  using Values = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(FolderOfRun(Values{{"topology.name", "ring"}, {"seed", "1"}}),
            "topology.name=ring,seed=1");
  // What is replaced keeps its own name by a hash, and a long one too.
  const std::string slash = FolderOfRun(Values{{"data.path", "a/b"}});
  const std::string under = FolderOfRun(Values{{"data.path", "a_b"}});
  EXPECT_THAT(slash, testing::StartsWith("data.path=a_b-"));
  EXPECT_NE(slash, under);
  const std::string a(500, 'x'), b = a + 'y';
  EXPECT_NE(FolderOfRun(Values{{"k", a}}), FolderOfRun(Values{{"k", b}}));
  EXPECT_LE(FolderOfRun(Values{{"k", a}}).size(), 140U);
}

}  // namespace
}  // namespace delstep
