#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using CheckerTest = SessionTest;

TEST_F(CheckerTest, AScriptWithABraceTooFewHasItsOtherErrorsToldToo) {
  EXPECT_THAT(Check("flod\nrepeat 3 {\n train\n set training.lr ten\n"), ElementsAre(2, 2, 2));
  EXPECT_THAT(Check("flod\nload \"x.del\ntrain\n"), ElementsAre(2, 2));
}

TEST_F(CheckerTest, CheckingKnowsTheValuesOfKeys) {
  EXPECT_THAT(
      Check("set training.optimizer rmsprpo\nset training.lr=ten\nset aggregation.name krmu\n"),
      ElementsAre(2, 2, 2));
}

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
  Write("add.del", "node add like 10.0.0.1");
  EXPECT_THAT(Check("repeat 3 load add.del\ntrain 10.0.0.7"), IsEmpty());
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
  config_ = *Config::Load(registry_, {}, {}, overrides);
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

TEST_F(CheckerTest, CheckingAsksThePartsWhetherTheyTakeAValue) {
  registry_.aggregators = Parts<MakeAggregator>("aggregation.name");
  registry_.aggregators.AddAbsent("median", "", "not in this build");
  EXPECT_THAT(Check("set aggregation.name median"), ElementsAre(4)) << "as the run would";
  EXPECT_EQ(simulation_->scenario().aggregation.name, "encounter");
}

TEST_F(CheckerTest, CheckingKnowsWhichKeysMayDifferBetweenNodes) {
  EXPECT_THAT(Check("set training.lr 0.1 10.0.0.1; group create g; group g add 10.0.0.2\n"
                    "set training.lr 0.1 @g"),
              IsEmpty());
  EXPECT_THAT(Check("set training.lr 0.1 10.0.0.9\nset training.lr x 10.0.0.1\n"
                    "set training.optimizer sgd 10.0.0.1\nset training.lr 0.1 @nobody"),
              ElementsAre(1, 2, 2, 1));
}

TEST_F(CheckerTest, CheckingKnowsTheClasses) {
  EXPECT_THAT(Check("labels all flip 0 3; labels 10.0.0.1 noise 1; labels all restore"), IsEmpty());
  EXPECT_THAT(Check("labels all flip 0 4\nlabels all noise 2\nlabels 10.0.0.9 flip all"),
              ElementsAre(1, 2, 1));
}

}  // namespace
}  // namespace delstep
