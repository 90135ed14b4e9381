#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using CheckerTest = SessionTest;

TEST_F(CheckerTest, CheckingFollowsNodesAndGroupsAndRunsNothing) {
  EXPECT_THAT(
      Check("node add name bob like 10.0.0.1\ntrain bob 10.0.0.5\nnode remove bob\ngroup create g\n"
            "group g add 10.0.0.1\ntrain @g\n"),
      IsEmpty());
  EXPECT_EQ(simulation_->Nodes().size(), 4u);
  EXPECT_TRUE(simulation_->Groups().empty());
}

TEST_F(CheckerTest, CheckingFindsEveryErrorInOrder) {
  EXPECT_THAT(Check("train 10.0.0.9; lrate 2\nload nope.del\nnode remove 10.0.0.1\n"
                    "train 10.0.0.1\nset training.lr x\nexpect foo > 1\nexit\nbogus"),
              ElementsAre(1, 2, 3, 1, 2, 2));
}

TEST_F(CheckerTest, CheckingFollowsRepeats) {
  EXPECT_THAT(Check("repeat 3 { node add like 10.0.0.1 }\ntrain 10.0.0.7"), IsEmpty());
  EXPECT_THAT(Check("repeat 3 { node add like 10.0.0.1 }\ntrain 10.0.0.8"), ElementsAre(1));
  EXPECT_THAT(Check("repeat 0 { bogus }\nrepeat 1000000000 { bogus }"), ElementsAre(2));
  EXPECT_THAT(Check("load check.del"), ElementsAre(1));
}

TEST_F(CheckerTest, CheckFindsWhatAddingANodeWouldRefuse) {
  EXPECT_THAT(Check("node add"), ElementsAre(1)) << "all examples were dealt";
  EXPECT_THAT(Check("node add 10.0.0.1 like 10.0.0.2"), ElementsAre(1));
  EXPECT_THAT(Check("node add name a like 10.0.0.2; node add name a like 10.0.0.2"),
              ElementsAre(1));
  EXPECT_THAT(Check("node add 10.0.0.9 like 10.0.0.2; node remove 10.0.0.9\n"
                    "node add 10.0.0.9 like 10.0.0.2"),
              ElementsAre(1));
}

TEST_F(CheckerTest, CheckCountsTheUndealtRest) {
  // 200 examples, 4 nodes of 40: one more node gets 40.
  const std::vector<std::string> overrides = {"data.name=blobs", "nodes.count=4",
                                              "data.samples=200", "partition.samples_per_node=40"};
  config_ = *Config::Load({}, {}, overrides);
  session_.reset();
  simulation_ = *Simulation::Create(config_.scenario(), registry_);
  EXPECT_THAT(Check("node add; train 10.0.0.5"), IsEmpty());
  EXPECT_THAT(Check("node add; node add"), ElementsAre(1));
}

TEST_F(CheckerTest, CheckFindsWhatIsWrongWhateverTheState) {
  EXPECT_THAT(Check("help nothing\nconfig show nothing\nsave topology net.nothing"),
              ElementsAre(2, 2, 2));
  EXPECT_THAT(Check("help group create; config show groups; config show training.l"), IsEmpty());
}

}  // namespace
}  // namespace delstep
