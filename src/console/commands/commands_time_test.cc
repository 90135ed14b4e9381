// Going back in conversations. The numbers of moments are counted by hand: a command that changes
// something is one moment.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "console/commands/command_table.h"
#include "tests/fakes/one_way_network.h"
#include "tests/fakes/session_fixture.h"

namespace delstep {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class TimeTest : public SessionTest {
 protected:
  /// What is said, results and errors.
  std::string Say(const std::string& commands) {
    out_.clear(), err_.clear();
    session_->RunText(commands, "-c");
    return out_ + err_;
  }
  MomentNumber present() const { return session_->history().moments().present().number; }
  const std::string& branch() const { return session_->history().moments().branch().name; }
  std::uint64_t hash() const { return simulation_->WorldHash(); }
  void UseNetwork(const std::string& name) {
    session_.reset();
    fakes::AddOneWayNetwork(registry_);
    ASSERT_TRUE(config_.Set("network.backend", name, {}));
    simulation_ = *Simulation::Create(config_.scenario(), registry_);
    Open({.keep_going = true});
  }
  json Answer(const std::string& command) {
    Open({.json = true});
    out_.clear();
    session_->RunText(command, "-c");
    return json::parse(out_);
  }
};

TEST_F(TimeTest, WhatLooksMakesNoMoment) {
  for (const Command& command : delstep::Commands()) {
    if (command.changes_world || command.inlined || command.usage == "exit") continue;
    const std::string example(command.example);
    if (command.scope == CommandScope::kTime || example.starts_with("load")) continue;
    const std::uint64_t before = hash();
    Say(example);
    EXPECT_EQ(present(), 0u) << example;
    EXPECT_EQ(hash(), before) << example << " changes the world, and its row does not say so";
  }
}

TEST_F(TimeTest, EachCommandThatChangesSomethingIsAMoment) {
  Say("train; flood; nstep; ag; cycle; set training.lr 0.01; autonet on; group create g");
  EXPECT_EQ(present(), 8u);
  Say("repeat 3 cycle");
  EXPECT_EQ(present(), 11u);
  Say("load " + Write("two.del", "cycle\nstatus\ncycle\n"));
  EXPECT_EQ(present(), 13u);
  // The network step of autonet belongs to its command; a refused command is none.
  Say("send 10.0.0.1 10.0.0.2");
  EXPECT_EQ(present(), 14u);
  Say("send 10.0.0.1 10.0.0.99");
  EXPECT_EQ(present(), 14u);
}

TEST_F(TimeTest, ATestThatAutonetFollowsIsAMomentAsTheClockMoved) {
  Say("flood; autonet on; set network.latency 5ms");
  const MomentNumber before = present();
  Say("send 10.0.0.1 10.0.0.2; undo; test");
  EXPECT_EQ(present(), before + 2);
}

TEST_F(TimeTest, ACommandThatFailsHalfWayIsAMoment) {
  Say("group create g");
  EXPECT_THAT(Say("group g add 10.0.0.1 10.0.0.99"), HasSubstr("no node"));
  EXPECT_EQ(present(), 2u);
  Say("undo");
  EXPECT_THAT(simulation_->Group("g")->members, IsEmpty());
}

TEST_F(TimeTest, UndoSaysWhatItTookBack) {
  Say("train; flood; nstep; ag");
  EXPECT_EQ(Say("undo 2"), "took back: ag, nstep (moments 4, 3)\n");
  EXPECT_EQ(Say("redo"), "did again: nstep (moment 3)\n");
  EXPECT_EQ(simulation_->queued(), 0u);
}

TEST_F(TimeTest, ManyCommandsTakenBackAreCounted) {
  Say("repeat 10 cycle");
  EXPECT_EQ(Say("undo 10"),
            "took back: cycle, cycle, cycle, cycle, cycle, cycle, cycle, cycle and 2 more (moments "
            "10 to 1)\n");
}

TEST_F(TimeTest, TheWorldIsAsItWas) {
  std::vector<std::uint64_t> hashes = {hash()};
  const std::vector<std::string> commands = {"train",
                                             "flood",
                                             "link 0.5",
                                             "nstep 1ms",
                                             "ag",
                                             "node down 10.0.0.2",
                                             "group create g",
                                             "set training.optimizer adam",
                                             "train",
                                             "node remove 10.0.0.3",
                                             "labels 10.0.0.1 noise 0.5",
                                             "cycle"};
  for (const std::string& command : commands) {
    EXPECT_THAT(Say(command), Not(HasSubstr("error"))) << command;
    hashes.push_back(hash());
  }
  for (std::size_t back = commands.size(); back-- > 0;) {
    Say("undo");
    EXPECT_EQ(hash(), hashes[back]) << "before " << commands[back];
  }
  for (std::size_t forth = 0; forth < commands.size(); ++forth) {
    EXPECT_THAT(Say(commands[forth]), Not(HasSubstr("error")));
    EXPECT_EQ(hash(), hashes[forth + 1]) << commands[forth];
    EXPECT_EQ(present(), forth + 1);
  }
  EXPECT_EQ(branch(), "main");
}

TEST_F(TimeTest, TheConfigurationGoesBackWithItsOrigins) {
  const std::string before = Say("config show --origin training.lr");
  Say("set training.lr 0.125");
  EXPECT_NE(Say("config show --origin training.lr"), before);
  Say("undo");
  EXPECT_EQ(Say("config show --origin training.lr"), before);
  Say("redo");
  EXPECT_THAT(Say("config show training.lr"), HasSubstr("0.125"));
}

TEST_F(TimeTest, LastTestsAreThoseOfTheMomentOrBefore) {
  Say("train; test; train; test; flood");
  const double second = simulation_->LastTest(NodeId{0}, {})->loss;
  Say("undo 2");
  EXPECT_THAT(Say("expect test_acc(count) == 4"), Not(HasSubstr("error")));
  // The test of moment 1 was made after it, and is seen there.
  ASSERT_TRUE(simulation_->LastTest(NodeId{0}, {}));
  EXPECT_NE(simulation_->LastTest(NodeId{0}, {})->loss, second);
  Say("undo");
  EXPECT_FALSE(simulation_->LastTest(NodeId{0}, {}));
  Say("goto 3");
  EXPECT_EQ(simulation_->LastTest(NodeId{0}, {})->loss, second);
}

// One node is tested, then trained: its result is older than its model, until one goes back.
TEST_F(TimeTest, AgesOfTestsGoBackToo) {
  Say("test; train 10.0.0.1");
  EXPECT_THAT(Say("expect test_acc(mean) >= 0"), HasSubstr("1 of 4 results"));
  Say("undo");
  EXPECT_THAT(Say("expect test_acc(mean) >= 0"), Not(HasSubstr("1 of 4")));
  Say("redo");
  EXPECT_THAT(Say("expect test_acc(mean) >= 0"), HasSubstr("1 of 4 results"));
}

TEST_F(TimeTest, MarksAndBranchesAreNamesToGoTo) {
  EXPECT_EQ(Say("train; mark trained; flood").find("error"), std::string::npos);
  EXPECT_EQ(Say("branch lossy"), "branch lossy begins at moment 2\n");
  Say("link 0.5; nstep");
  EXPECT_EQ(Say("switch main"), "moment 2 of branch main: flood\n");
  EXPECT_EQ(Say("goto trained"), "moment 1 of branch main: train\n");
  EXPECT_EQ(Say("goto lossy"), "moment 4 of branch lossy: nstep\n");
  EXPECT_EQ(Say("mark trained"), "trained is moment 4; it was moment 1\n");
  EXPECT_EQ(Say("reset"), "moment 0 of branch main: the start\n");
  EXPECT_THAT(Say("goto trianed"), HasSubstr("did you mean 'trained'?"));
  EXPECT_THAT(Say("mark 17"), HasSubstr("looks like an address or a number"));
  EXPECT_THAT(Say("branch delete"), HasSubstr("error"));
}

TEST_F(TimeTest, ErrorsAreRefusalsThatChangeNothing) {
  Say("train");
  const std::uint64_t before = hash();
  for (const char* command : {"undo 2", "redo", "goto 7", "goto nowhere", "switch nowhere",
                              "branch main", "branch delete main", "branch delete nowhere"}) {
    Open({});
    Say("train");
    const MomentNumber at = present();
    const std::uint64_t now = hash();
    Say(command);
    EXPECT_EQ(session_->exit_code(), 1) << command;
    EXPECT_EQ(present(), at) << command;
    EXPECT_EQ(hash(), now) << command;
  }
  EXPECT_NE(hash(), before);
}

// Two branches that train the same node in the same way stay equal, though another node did
// something on one of them.
TEST_F(TimeTest, BranchesDrawTheSameRandomNumbers) {
  Say("branch a; train 10.0.0.1; labels 10.0.0.2 noise 0.5; train 10.0.0.2");
  const std::uint64_t first = simulation_->ModelHash(NodeId{0});
  const std::uint64_t second = simulation_->ModelHash(NodeId{1});
  Say("switch main; branch b; train 10.0.0.2; train 10.0.0.1");
  EXPECT_EQ(simulation_->ModelHash(NodeId{0}), first);
  EXPECT_NE(simulation_->ModelHash(NodeId{1}), second);
  Say("switch a");
  EXPECT_EQ(simulation_->ModelHash(NodeId{1}), second);
}

TEST_F(TimeTest, ANodeAddedOnEachBranchIsAnotherNode) {
  Say("branch a; node add 10.0.0.20 like 10.0.0.1; reset; branch b; node add 10.0.0.30 like "
      "10.0.0.1; switch a");
  EXPECT_TRUE(simulation_->Find("10.0.0.20"));
  EXPECT_FALSE(simulation_->Find("10.0.0.30"));
  EXPECT_THAT(Say("diff a b"), testing::AllOf(HasSubstr("10.0.0.20"), HasSubstr("10.0.0.30")));
}

// blobs: a message more over one link, and a model that moved.
TEST_F(TimeTest, DiffShowsWhatDiffers) {
  Say("mark before; send 10.0.0.1 10.0.0.2; nstep; ag 10.0.0.2; set training.lr 0.5");
  const std::string said = Say("diff before");
  EXPECT_THAT(said, HasSubstr("training.lr"));
  EXPECT_THAT(said, HasSubstr("0 → 1"));
  EXPECT_THAT(said, HasSubstr("no → yes"));
  Say("goto before");
  EXPECT_THAT(Say("diff 0"), HasSubstr("do not differ"));
}

TEST_F(TimeTest, DiffAsJsonHasPairs) {
  Say("train 10.0.0.1; send 10.0.0.1 10.0.0.2; nstep 3ms");
  Open({.json = true});
  out_.clear();
  session_->RunText("cycle; train 10.0.0.2; test 10.0.0.2; diff 0 2", "-c");
  const json answer = json::parse(out_.substr(out_.rfind("{\"v\"")));
  const json& result = answer["result"];
  EXPECT_EQ(result["cycles"], (json{0, 1}));
  EXPECT_EQ(result["settings"], json::array());
  ASSERT_EQ(result["nodes"].size(), 1u);
  EXPECT_EQ(result["nodes"][0]["node"], "10.0.0.2");
  EXPECT_GT(result["nodes"][0]["distance"], 0);
  EXPECT_EQ(result["nodes"][0]["accuracy"][0], nullptr);
  EXPECT_TRUE(result["nodes"][0]["accuracy"][1].is_number());
}

TEST_F(TimeTest, HistoryAsJsonIsAsTheManualSays) {
  Say("train; mark here; cycle");
  const json result = Answer("history")["result"];
  ASSERT_EQ(result["moments"].size(), 1u);  // of the session that answers
  const json& moment = result["moments"][0];
  EXPECT_EQ(moment["moment"], 0);
  EXPECT_EQ(moment["cycle"], 1);
  EXPECT_EQ(moment["cmd"], "");
  EXPECT_EQ(moment["marks"], json::array());
  EXPECT_EQ(moment["branch"], "main");
  EXPECT_EQ(moment["present"], true);
}

TEST_F(TimeTest, HashesAreThoseOfTheSimulation) {
  Say("train 10.0.0.1");
  EXPECT_EQ(Say("hash"), fmt::format("{:016x}\n", hash()));
  EXPECT_THAT(Say("hash 10.0.0.1"),
              HasSubstr(fmt::format("{:016x}", simulation_->ModelHash(NodeId{0}))));
  // Nothing that only records is in it.
  const std::string before = Say("hash");
  Say("test; mark x; status; log");
  EXPECT_EQ(Say("hash"), before);
}

TEST_F(TimeTest, ANetworkThatCannotGoBackSaysSoAndCountsAllTheSame) {
  UseNetwork("one-way");
  Say("train; flood; mark here; nstep");
  EXPECT_EQ(present(), 3u);
  for (const char* command : {"undo", "redo", "goto 1", "goto here", "reset", "branch x"}) {
    EXPECT_THAT(Say(command), HasSubstr("one-way")) << command;
    EXPECT_EQ(present(), 3u) << command;
  }
  EXPECT_THAT(Say("history"), testing::AllOf(HasSubstr("nstep"), HasSubstr("one cannot go back")));
  EXPECT_EQ(session_->exit_code(), 1);
}

TEST_F(TimeTest, ACheckDoesNotJudgeMoments) {
  EXPECT_THAT(Check("train; undo 7; goto nowhere; switch x; branch y; diff a b"), IsEmpty());
  // Who is there after going back is not known.
  EXPECT_THAT(Check("node remove 10.0.0.1; train 10.0.0.1"), ElementsAre(1));
  EXPECT_THAT(Check("node remove 10.0.0.1; undo; train 10.0.0.1"), IsEmpty());
  EXPECT_THAT(Check("undo; trian 10.0.0.1"), ElementsAre(2));
  EXPECT_THAT(Check("undo -1"), ElementsAre(2));
}

TEST_F(TimeTest, CompletionKnowsMarksAndBranches) {
  Say("mark trained; branch lossy");
  EXPECT_THAT(session_->Complete("goto ").words, ElementsAre("lossy", "main", "trained"));
  EXPECT_THAT(session_->Complete("switch l").words, ElementsAre("lossy"));
  EXPECT_THAT(session_->Complete("branch ").words, ElementsAre("delete"));
}

TEST_F(TimeTest, EventsTellOfMoments) {
  std::vector<std::string> told;
  session_->ObserveMoments([&](const Event& event) {
    if (const auto* made = std::get_if<MomentMade>(&event.what))
      told.push_back(fmt::format("{}<{} {}", made->moment, made->parent, made->branch));
    if (const auto* went = std::get_if<WentTo>(&event.what))
      told.push_back(fmt::format("{}->{} {}", went->from, went->moment, went->branch));
    if (const auto* began = std::get_if<BranchMade>(&event.what))
      told.push_back(fmt::format("{}@{}", began->branch, began->moment));
    if (const auto* mark = std::get_if<MarkSet>(&event.what))
      told.push_back(fmt::format("{}={}", mark->mark, mark->moment));
  });
  Say("train; mark x; cycle; undo; cycle; undo; train");
  EXPECT_THAT(told, ElementsAre("1<0 main", "x=1", "2<1 main", "2->1 main", "2<1 main", "2->1 main",
                                "main-2@1", "3<1 main-2"));
}

}  // namespace
}  // namespace delstep
