#include "recording/event_sentence.h"

#include <gtest/gtest.h>

namespace delstep {
namespace {

using namespace std::chrono_literals;

constexpr NodeId kAnn{0}, kBob{1}, kCat{2}, kDan{3}, kEve{4};

std::string Said(const Happening& what) {
  return Sentence(what, [](NodeId node) {
    constexpr const char* kNames[] = {"ann", "bob", "cat", "dan", "eve"};
    return std::string(kNames[Index(node)]);
  });
}

TEST(EventSentence, TellsOfLearning) {
  EXPECT_EQ(Said(TrainingStarted{.node = kAnn, .samples = 850}),
            "ann began to train on 850 examples");
  EXPECT_EQ(Said(Trained{.node = kAnn, .samples = 1, .loss = 0.25}),
            "ann trained on 1 example, with a loss of 0.2500");
  EXPECT_EQ(Said(Evaluated{.node = kBob,
                           .scope = {EvaluationScope::Kind::kGroup, "east"},
                           .loss = 1.5,
                           .accuracy = 0.75}),
            "bob was tested (group east): accuracy 0.7500, loss 1.5000");
}

TEST(EventSentence, NamesAFewPeersAndCountsTheOthers) {
  const auto averaged = [](std::vector<NodeId> peers) {
    return Said(Aggregated{.node = kAnn, .peers = std::move(peers), .rate = 1, .changed = true});
  };
  EXPECT_EQ(averaged({kBob}), "ann averaged its model with that of bob");
  EXPECT_EQ(averaged({kBob, kCat}), "ann averaged its model with those of bob and cat");
  EXPECT_EQ(averaged({kBob, kCat, kDan, kEve}),
            "ann averaged its model with those of bob, cat, dan and eve");
  EXPECT_EQ(averaged({kAnn, kBob, kCat, kDan, kEve}),
            "ann averaged its model with those of ann, bob, cat and 2 others");
  EXPECT_EQ(Said(Aggregated{.node = kAnn, .peers = {}}), "ann had no model to average with");
}

TEST(EventSentence, TellsTheWayOfAMessage) {
  const Message message{.id = MessageId{17}, .from = kAnn, .to = kBob, .bytes = 76};
  EXPECT_EQ(Said(Queued{message}), "message 17 from ann to bob was queued");
  EXPECT_EQ(Said(Sent{message}), "message 17 from ann to bob was sent");
  EXPECT_EQ(Said(Delivered{.message = message, .sent = SimTime{5ms}, .arrived = SimTime{25ms}}),
            "message 17 from ann to bob arrived after 20ms");
  EXPECT_EQ(Said(Lost{.message = message, .sent = {}, .at = {}, .reason = LossReason::kDown}),
            "message 17 from ann to bob was lost (down)");
}

TEST(EventSentence, TellsOfNodesAndLinks) {
  EXPECT_EQ(
      Said(NodeAdded{.node = kEve, .address = "10.0.0.5", .name = "eve", .samples = 3, .like = {}}),
      "eve joined, with 3 examples");
  EXPECT_EQ(Said(NodeRemoved{kEve}), "eve left for good");
  EXPECT_EQ(Said(NodeWentDown{kEve}), "eve went down");
  EXPECT_EQ(Said(NodeCameUp{kEve}), "eve came up");
  LinkProperties link;
  link.loss = 0.5;
  link.latency = {.kind = Latency::Kind::kConstant, .a = 20ms};
  link.bandwidth = 1e7;
  EXPECT_EQ(Said(DefaultLinkChanged{link}),
            "links became: loss 0.5, latency 20ms, bandwidth 10Mbps");
  link.up = false;
  EXPECT_EQ(Said(LinkChanged{.from = kAnn, .to = kBob, .link = link}),
            "the link from ann to bob became: loss 0.5, latency 20ms, bandwidth 10Mbps, down");
}

TEST(EventSentence, TellsOfWhatHappensByItself) {
  EXPECT_EQ(Said(ContactBegan{.a = kAnn, .b = kBob}), "ann and bob met");
  EXPECT_EQ(Said(ContactEnded{.a = kAnn, .b = kBob, .began = {}}), "ann and bob parted");
  EXPECT_EQ(Said(NodeWentDown{.node = kEve, .planned = true}), "eve went offline");
  EXPECT_EQ(Said(NodeCameUp{.node = kEve, .planned = true}), "eve came online");
  EXPECT_EQ(Said(NodeMoved{.node = kEve, .x = 2.5, .y = 10}), "eve was put at 2.5 m, 10 m");
  EXPECT_EQ(Said(TurnTaken{.node = kAnn, .behaviour = "gossip", .turn = 3}),
            "ann took its turn 3 (gossip)");
  EXPECT_EQ(Said(PlanMade{.plan = 2, .at = {}, .every = {}, .command = "train; ag"}),
            "command 2 was planned: train; ag");
  EXPECT_EQ(Said(PlanDeleted{.plan = 2}), "the planned command 2 was forgotten");
}

TEST(EventSentence, TellsOfTheRun) {
  EXPECT_EQ(Said(RateChanged{.node = kAnn, .rate = 0.5}), "ann got the communal learning rate 0.5");
  EXPECT_EQ(Said(GroupCreated{.group = "east", .emptied = true}), "group east was emptied");
  EXPECT_EQ(Said(GroupDeleted{.group = "east"}), "group east was deleted");
  EXPECT_EQ(Said(GroupJoined{.group = "east", .node = kAnn}), "ann joined group east");
  EXPECT_EQ(Said(GroupLeft{.group = "east", .node = kAnn}), "ann left group east");
  EXPECT_EQ(Said(CycleAdvanced{3}), "cycle 3 began");
  EXPECT_EQ(Said(ConfigChanged{.key = "training.lr", .value = "0.1", .nodes = {kAnn, kBob}}),
            "training.lr was set to 0.1 at ann and bob");
  EXPECT_EQ(Said(LabelsChanged{
                .node = kAnn, .change = {.kind = LabelChange::Kind::kFlipAll}, .changed = 1}),
            "labels of ann changed (flip all): 1 is not as in the data set");
  EXPECT_EQ(Said(ModelImported{.node = kAnn, .file = "a.pt", .tensors = 4}),
            "ann took its model from a.pt");
  EXPECT_EQ(Said(ModelImported{.node = kAnn, .file = "", .tensors = 4}),
            "ann's model was replaced by hand");
  EXPECT_EQ(Said(Restored{}), "the run went to another moment");
  EXPECT_EQ(Said(CommandDone{.text = "train", .code = 0, .message = ""}), "'train' was done");
  EXPECT_EQ(Said(CommandDone{.text = "train x", .code = 1, .message = "no node"}),
            "'train x' failed: no node");
}

}  // namespace
}  // namespace delstep
