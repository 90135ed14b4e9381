#include "core/world/provenance.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace delstep {
namespace {

constexpr NodeId kA{0}, kB{1}, kC{2};

/// The sum of models, each with a weight.
std::shared_ptr<const Provenance> Sum(
    std::initializer_list<std::tuple<NodeId, OriginRef, double>> models) {
  ProvenanceSum sum;
  for (const auto& [node, origin, weight] : models) sum.Add(node, *origin, weight, weight);
  return sum.Take();
}

TEST(Provenance, AModelThatWasNeverAveragedIsItsNodesOwn) {
  const OriginRef fresh = InitialOrigin(kB, 0);
  const OriginRef twice = AfterTraining(AfterTraining(fresh, 1, 0.5), 2, 0.5);
  const auto sum = Sum({{kB, twice, 1}});
  ASSERT_EQ(sum->shares.size(), 1u);
  EXPECT_EQ(sum->shares[0], (NodeShare{kB, 1, 2, 1, 2})) << "1 initial, 2 whole trainings";
  EXPECT_EQ(fresh->base, twice->base) << "a training makes no list";
  EXPECT_TRUE(sum->exact);
}

TEST(Provenance, TwoMeetingsOfThreeNodesByHand) {
  // a trains; b = (a + b) / 2; b trains; c = 1/4 c + 3/4 b.
  const OriginRef a = AfterTraining(InitialOrigin(kA, 0), 1, 0.5);
  OriginRef b = InitialOrigin(kB, 0);
  b = AfterMeeting(*b, Sum({{kA, a, 0.5}, {kB, b, 0.5}}), 1);
  b = AfterTraining(b, 1, 0.5);
  const auto c = Sum({{kB, b, 0.75}, {kC, InitialOrigin(kC, 0), 0.25}});
  ASSERT_EQ(c->shares.size(), 3u);
  EXPECT_EQ(c->shares[0], (NodeShare{kA, 0.375, 0.375, 1, 1})) << "3/4 of 1/2";
  EXPECT_EQ(c->shares[1], (NodeShare{kB, 0.375, 0.75, 1, 1}))
      << "its training came after the meeting";
  EXPECT_EQ(c->shares[2], (NodeShare{kC, 0.25, 0, 0, 0}));
}

// Each side of a word of bits, of a word of such words, and far away.
TEST(Provenance, SharesAscendInWhateverOrderNodesCame) {
  const std::vector<std::size_t> nodes = {0, 63, 64, 4095, 4096, 70'000};
  ProvenanceSum sum;
  const auto add = [&](std::size_t node) {
    sum.Add(NodeId(node), *InitialOrigin(NodeId(node), 0), 0.5, 0.5);
  };
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) add(*node);
  const auto all = sum.Take();
  ASSERT_EQ(all->shares.size(), nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i)
    EXPECT_EQ(all->shares[i], (NodeShare{NodeId(nodes[i]), 0.5, 0, 0, 0}));
  add(64);
  EXPECT_EQ(sum.Take()->shares.size(), 1u) << "a new sum has nothing of the one before";
}

TEST(Provenance, ATrainingThatIsInTwoModelsIsOneTraining) {
  const OriginRef once = AfterTraining(InitialOrigin(kA, 0), 1, 0.5);
  const OriginRef twice = AfterTraining(once, 2, 0.5);
  const auto sum = Sum({{kA, once, 0.5}, {kA, twice, 0.5}});
  EXPECT_EQ(sum->shares[0], (NodeShare{kA, 1, 1.5, 1, 2})) << "1/2 of one and 1/2 of two";
  EXPECT_TRUE(sum->more.empty());
}

// a's model was replaced by that of b after its 1st and its 3rd training, so that models of a know
// the trainings {1}, {2, 3} and {4}.
TEST(Provenance, TrainingsWithGapsAreCountedEachOnce) {
  const auto only = [](std::uint64_t since, std::uint64_t last) {
    return std::make_shared<const ModelOrigin>(
        ModelOrigin{.base = InitialOrigin(kB, 0)->base, .trained = last, .since = since});
  };
  const OriginRef first = only(1, 1), middle = only(2, 3), last = only(1, 4);
  const auto gap = Sum({{kA, first, 0.5}, {kA, last, 0.5}});
  EXPECT_EQ(gap->shares[0], (NodeShare{kA, 0, 1, 1, 1}));
  ASSERT_EQ(gap->more.size(), 1u);
  EXPECT_EQ(gap->more[0], (TrainingRange{kA, 4, 4}));
  // In whichever order: the gap closes.
  const auto holder = std::make_shared<const ModelOrigin>(ModelOrigin{.base = gap});
  for (const auto& sum :
       {Sum({{kA, middle, 0.5}, {kB, holder, 0.5}}), Sum({{kB, holder, 0.5}, {kA, middle, 0.5}})}) {
    EXPECT_EQ(sum->shares.trainings(0), (TrainingRange{kA, 1, 4}));
    EXPECT_TRUE(sum->more.empty());
  }
}

// As a damaged file may have it: trainings of a node that the list has no share of, before others.
TEST(Provenance, FurtherTrainingsMayBeOfAnyNode) {
  auto base = std::make_shared<Provenance>();
  base->shares = {{.node = kA, .initial = 1}};
  base->more = {{NodeId{9'000}, 1, 2}, {kB, 3, 3}};
  const auto holder = std::make_shared<const ModelOrigin>(ModelOrigin{.base = base});
  const auto sum = Sum({{kA, holder, 1}});
  ASSERT_EQ(sum->shares.size(), 3u);
  EXPECT_EQ(sum->shares[1], (NodeShare{kB, 0, 0, 3, 3}));
  EXPECT_EQ(sum->shares[2], (NodeShare{NodeId{9'000}, 0, 0, 1, 2}));
}

// So many trainings of one node are more than any run has; a file may claim them.
TEST(Provenance, TrainingsBeyondTheLargestNumberAreAnEstimate) {
  const auto model = [](std::uint64_t trained) {
    return std::make_shared<const ModelOrigin>(
        ModelOrigin{.base = InitialOrigin(kA, 0)->base, .trained = trained, .since = 2});
  };
  const auto last = Sum({{kA, model(kLargestTraining), 1}});
  EXPECT_EQ(last->shares.trainings(0), (TrainingRange{kA, kLargestTraining - 1, kLargestTraining}));
  EXPECT_TRUE(last->exact);
  const auto beyond = Sum({{kA, model(kLargestTraining + 9), 1}});
  EXPECT_EQ(beyond->shares.trainings(0), (TrainingRange{kA, kLargestTraining, kLargestTraining}));
  EXPECT_FALSE(beyond->exact);
}

TEST(Provenance, AChangeHoldsTrainingsAlone) {
  const OriginRef a = AfterTraining(InitialOrigin(kA, 0), 1, 0.5);
  ProvenanceSum sum;
  sum.Add(kB, *InitialOrigin(kB, 0), 1, 0.5);
  sum.Add(kA, *a, 0, 0.5);
  const auto b = sum.Take();
  EXPECT_EQ(b->shares[0], (NodeShare{kA, 0, 0.5, 1, 1}));
  EXPECT_EQ(b->shares[1], (NodeShare{kB, 1, 0, 0, 0}));
}

TEST(Provenance, AnEstimateStaysOne) {
  ProvenanceSum sum;
  sum.Add(kA, *InitialOrigin(kA, 0), 1, 1);
  sum.Estimate();
  const auto merged = sum.Take();
  EXPECT_FALSE(merged->exact);
  const OriginRef after = AfterMeeting(*InitialOrigin(kA, 0), merged, 1);
  EXPECT_FALSE(Sum({{kA, after, 0.5}, {kB, InitialOrigin(kB, 0), 0.5}})->exact);
  EXPECT_FALSE(Sum({{kA, Compressed(InitialOrigin(kA, 0)), 1}})->exact);
  EXPECT_TRUE(Sum({{kA, InitialOrigin(kA, 0), 1}})->exact) << "the next sum begins anew";
}

std::shared_ptr<const Meeting> MeetingOf(std::uint64_t number, std::size_t inputs) {
  return std::make_shared<const Meeting>(
      Meeting{.number = number, .at = {}, .cycle = 0, .inputs = std::vector<MeetingInput>(inputs)});
}

TEST(Meetings, AreKeptUpToANumberThatDependsOnTheirSize) {
  Meetings meetings;
  for (std::uint64_t number = 1; number <= 300; ++number) Append(MeetingOf(number, 2), meetings);
  EXPECT_EQ(meetings.size(), 256u);
  EXPECT_EQ(Find(meetings, 44), nullptr) << "300 - 256";
  ASSERT_NE(Find(meetings, 45), nullptr);
  EXPECT_EQ(Find(meetings, 45)->number, 45u);
  EXPECT_EQ(Find(meetings, 301), nullptr);
  Append(MeetingOf(301, 100), meetings);
  EXPECT_EQ(meetings.size(), 10u) << "1024 / 100";
  Append(MeetingOf(302, 5000), meetings);
  EXPECT_EQ(meetings.size(), 1u);
  EXPECT_EQ(Find(meetings, 302)->inputs.size(), 5000u);
}

}  // namespace
}  // namespace delstep
