// All sums at once against sums by hand: a number at a time, a training at a time.
#include "core/engine/origin_sums.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <deque>
#include <map>
#include <set>

#include "delstep/random.h"
#include "learning/pool_workers.h"

namespace delstep {
namespace {

/// Models of some nodes and what is summed up of them. All are drawn.
class Models {
 public:
  struct Traits {
    std::size_t nodes = 0;
    double density = 1;   ///< how many of the nodes a list has
    bool gaps = false;    ///< trainings of a node do not always touch
    bool deltas = false;  ///< of most models nothing but the trainings counts
  };
  Models(const Traits& traits, std::uint64_t seed) : traits_(traits), random_(RandomKey{seed}) {
    for (std::size_t node = 0; node < traits.nodes; ++node) {
      // Some receivers hold a model that is older than what others hold.
      const std::size_t count = 1 + random_.Below(2);
      for (std::size_t i = 0; i < count; ++i) origins_.push_back({NodeId(node), Origin(node)});
    }
  }

  /// Parts ascending by node, some of them twice.
  std::vector<OriginPart> Parts() {
    std::vector<OriginPart> parts;
    for (const auto& [node, origin] : origins_) {
      if (Chance(0.2)) continue;
      const double weight = Chance(0.1) ? 0 : random_.Uniform(-0.5, 1);
      const bool whole = !traits_.deltas || Chance(0.1);
      parts.push_back({.node = node,
                       .origin = &origin,
                       .base = whole ? weight : 0,
                       .trainings = Chance(0.1) ? 0 : weight});
    }
    return parts;
  }
  bool Chance(double p) { return random_.Chance(p); }

 private:
  ModelOrigin Origin(std::size_t own) {
    auto base = std::make_shared<Provenance>();
    std::vector<NodeShare> shares;
    std::uint64_t learnt = 0;  // of the node itself
    for (std::size_t node = 0; node < traits_.nodes; ++node) {
      if (node != own && !Chance(traits_.density)) continue;
      NodeShare share{.node = NodeId(node),
                      .initial = Chance(0.2) ? 0 : random_.Uniform(-0.1, 1),
                      .trained = Chance(0.2) ? 0 : random_.Uniform(-0.1, 3)};
      // Of a node that has begun to train all know its trainings from the first on.
      if (!Chance(0.2)) {
        const bool late = traits_.gaps && Chance(0.1);
        share.first = late ? 3 + random_.Below(3) : 1;
        share.last = share.first + random_.Below(3);
        if (late && Chance(0.3))
          base->more.push_back({.node = share.node,
                                .first = share.last + 2,
                                .last = share.last + 2 + random_.Below(3)});
      }
      if (node == own) learnt = share.last;
      shares.push_back(share);
    }
    base->shares = NodeShares(shares);
    base->exact = !Chance(0.01);
    ModelOrigin origin{.base = std::move(base)};
    origin.since = random_.Below(3);
    origin.trained = learnt + origin.since + (traits_.gaps ? random_.Below(2) : 0);
    origin.exact = !Chance(0.01);
    return origin;
  }

  Traits traits_;
  Random random_;
  std::deque<std::pair<NodeId, ModelOrigin>> origins_;  // parts point to them
};

/// By hand: every training is an element of a set.
Provenance ByHand(const OriginSum& sum) {
  struct Numbers {
    double initial = 0, trained = 0;
    std::set<std::uint64_t> trainings;
    void Include(TrainingRange range) {
      for (std::uint64_t number = range.first; number <= range.last; ++number)
        trainings.insert(number);
    }
  };
  std::map<NodeId, Numbers> numbers;
  Provenance all{.shares = {}, .more = {}, .exact = !sum.estimate};
  std::vector<NodeShare> shares;
  for (const OriginPart& part : sum.parts) {
    const ModelOrigin& origin = *part.origin;
    all.exact = all.exact && origin.exact;
    if (part.base != 0) {
      all.exact = all.exact && origin.base->exact;
      for (const NodeShare& share : origin.base->shares.Rows()) {
        Numbers& of = numbers[share.node];
        of.initial += part.base * share.initial;
        of.trained += part.base * share.trained;
        if (share.last > 0) of.Include(share.trainings());
      }
      for (const TrainingRange& range : origin.base->more) numbers[range.node].Include(range);
    }
    if (part.trainings == 0 || origin.since == 0) continue;
    numbers[part.node].trained += part.trainings * static_cast<double>(origin.since);
    numbers[part.node].Include({part.node, origin.trained - origin.since + 1, origin.trained});
  }
  for (const auto& [node, of] : numbers) {
    std::vector<TrainingRange> ranges;
    for (const std::uint64_t number : of.trainings)
      if (!ranges.empty() && number == ranges.back().last + 1)
        ranges.back().last = number;
      else
        ranges.push_back({node, number, number});
    NodeShare share{.node = node, .initial = of.initial, .trained = of.trained};
    if (!ranges.empty()) {
      share.first = ranges[0].first;
      share.last = ranges[0].last;
      all.more.insert(all.more.end(), ranges.begin() + 1, ranges.end());
    }
    shares.push_back(share);
  }
  all.shares = NodeShares(shares);
  return all;
}

std::uint64_t Bits(double number) { return std::bit_cast<std::uint64_t>(number); }

void ExpectSameBits(const Provenance& sum, const Provenance& expected) {
  ASSERT_EQ(sum.shares.size(), expected.shares.size());
  for (std::size_t k = 0; k < sum.shares.size(); ++k) {
    EXPECT_EQ(sum.shares[k], expected.shares[k]) << k;
    EXPECT_EQ(Bits(sum.shares[k].initial), Bits(expected.shares[k].initial)) << k;
    EXPECT_EQ(Bits(sum.shares[k].trained), Bits(expected.shares[k].trained)) << k;
  }
  EXPECT_EQ(sum.more, expected.more);
  EXPECT_EQ(sum.exact, expected.exact);
}

void ExpectByHand(const Models::Traits& traits, std::size_t count, std::uint64_t seed) {
  SCOPED_TRACE(testing::Message() << traits.nodes << " nodes, density " << traits.density
                                  << ", gaps " << traits.gaps << ", deltas " << traits.deltas
                                  << ", sums " << count << ", seed " << seed);
  Models models(traits, seed);
  std::vector<std::vector<OriginPart>> parts;
  for (std::size_t i = 0; i < count; ++i) parts.push_back(models.Parts());
  std::vector<OriginSum> sums;
  for (const std::vector<OriginPart>& each : parts)
    sums.push_back({.parts = each, .estimate = models.Chance(0.2), .out = {}});
  PoolWorkers workers(3);
  SumOrigins(sums, workers);
  for (const OriginSum& sum : sums) {
    ExpectSameBits(*sum.out, ByHand(sum));
    ProvenanceSum one;
    for (const OriginPart& part : sum.parts)
      one.Add(part.node, *part.origin, part.base, part.trainings);
    if (sum.estimate) one.Estimate();
    EXPECT_EQ(*sum.out, *one.Take());
    if (testing::Test::HasFailure()) return;
  }
}

// Numbers of nodes at the edges of tiles and of words of bits; few sums are formed one by one.
TEST(OriginSums, EveryNumberHasTheBitsOfASumByHand) {
  for (const std::size_t nodes : {1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 130})
    for (const double density : {1.0, 0.9, 0.3})
      for (const bool gaps : {false, true})
        for (const std::size_t count : {1, 40})
          ExpectByHand({.nodes = nodes, .density = density, .gaps = gaps, .deltas = false}, count,
                       nodes);
}

TEST(OriginSums, SoHaveThoseOfChanges) {
  for (const std::size_t nodes : {5, 16, 40})
    for (const bool gaps : {false, true})
      ExpectByHand({.nodes = nodes, .density = 1, .gaps = gaps, .deltas = true}, 200, 7 + nodes);
}

// 0 times infinity is not 0: a list without a node must add nothing to it.
TEST(OriginSums, AWeightThatIsNotFiniteCountsForItsOwnListAlone) {
  constexpr std::size_t kNodes = 20, kInfinite = 3, kLacking = 7;
  std::vector<ModelOrigin> origins;
  std::vector<OriginPart> parts;
  for (std::size_t node = 0; node < kNodes; ++node) {
    auto base = std::make_shared<Provenance>();
    std::vector<NodeShare> shares;
    for (std::size_t source = 0; source < kNodes; ++source)
      if (node != kInfinite || source != kLacking)
        shares.push_back({.node = NodeId(source), .initial = 1});
    base->shares = NodeShares(shares);
    origins.push_back({.base = std::move(base)});
  }
  for (std::size_t node = 0; node < kNodes; ++node)
    parts.push_back({.node = NodeId(node),
                     .origin = &origins[node],
                     .base = node == kInfinite ? INFINITY : 1,
                     .trainings = 1});
  std::vector<OriginSum> sums(50, OriginSum{.parts = parts, .estimate = false, .out = {}});
  PoolWorkers workers(2);
  SumOrigins(sums, workers);
  for (const OriginSum& sum : sums)
    for (const NodeShare& share : sum.out->shares.Rows())
      EXPECT_EQ(share.initial, Index(share.node) == kLacking ? kNodes - 1 : INFINITY);
}

TEST(OriginSums, TrainingsBeyondTheLargestNumberAreAnEstimate) {
  constexpr std::size_t kNodes = 20, kBeyond = 5;
  std::vector<NodeShare> shares;
  for (std::size_t node = 0; node < kNodes; ++node)
    shares.push_back({.node = NodeId(node), .initial = 1});
  auto base = std::make_shared<Provenance>();
  base->shares = NodeShares(shares);
  std::vector<ModelOrigin> origins(kNodes, {.base = base, .trained = kLargestTraining, .since = 1});
  std::vector<OriginPart> parts;
  for (std::size_t node = 0; node < kNodes; ++node)
    parts.push_back(
        {.node = NodeId(node), .origin = &origins[node], .base = 0.5, .trainings = 0.5});
  PoolWorkers workers(2);
  for (const bool beyond : {false, true}) {
    if (beyond) origins[kBeyond].trained += 9;
    std::vector<OriginSum> sums(50, OriginSum{.parts = parts, .estimate = false, .out = {}});
    SumOrigins(sums, workers);
    for (const OriginSum& sum : sums) {
      EXPECT_EQ(sum.out->exact, !beyond);
      EXPECT_EQ(sum.out->shares.trainings(kBeyond),
                (TrainingRange{NodeId(kBeyond), kLargestTraining, kLargestTraining}));
    }
  }
}

}  // namespace
}  // namespace delstep
