#include "core/mixing.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <utility>
#include <vector>

#include "statistics/spectral_gap.h"

namespace delstep {
namespace {

constexpr Bytes kMostKept = Bytes{256} << 20;

/// A set of nodes, a bit each. Messages share that of their sender.
using NodeBits = std::vector<std::uint64_t>;
using SharedBits = std::shared_ptr<const NodeBits>;

bool Has(const NodeBits& bits, NodeId node) {
  return ((bits[Index(node) / 64] >> (Index(node) % 64)) & 1) != 0;
}

/// Who has reached whom, delivery by delivery. A message brings whoever had reached its sender
/// when the model in it was taken, however long it was on its way, and however often it was sent
/// again.
class Reach {
 public:
  explicit Reach(std::size_t nodes) {
    for (std::size_t node = 0; node < nodes; ++node) {
      NodeBits itself((nodes + 63) / 64);
      itself[node / 64] |= std::uint64_t{1} << (node % 64);
      reached_.push_back(std::make_shared<const NodeBits>(std::move(itself)));
    }
  }

  /// In the order of delivery.
  void Run(const std::vector<Delivery>& deliveries) {
    std::vector<std::size_t> by_age(deliveries.size());
    for (std::size_t i = 0; i < by_age.size(); ++i) by_age[i] = i;
    std::ranges::sort(by_age, {}, [&](std::size_t i) { return deliveries[i].taken; });
    std::vector<SharedBits> brings(deliveries.size());
    std::size_t queued = 0;
    for (std::size_t i = 0; i < deliveries.size(); ++i) {
      // What was queued before this delivery knows nothing of it.
      for (; queued < by_age.size(); ++queued) {
        const Delivery& next = deliveries[by_age[queued]];
        if (next.taken >= deliveries[i].queued_before) break;
        brings[by_age[queued]] = reached_[Index(next.from)];
      }
      Join(reached_[Index(deliveries[i].to)], *std::exchange(brings[i], nullptr));
    }
  }

  const NodeBits& Of(NodeId node) const { return *reached_[Index(node)]; }

 private:
  static void Join(SharedBits& bits, const NodeBits& others) {
    const bool news = [&] {
      for (std::size_t i = 0; i < others.size(); ++i)
        if ((others[i] & ~(*bits)[i]) != 0) return true;
      return false;
    }();
    if (!news) return;
    auto joined = std::make_shared<NodeBits>(*bits);
    for (std::size_t i = 0; i < others.size(); ++i) (*joined)[i] |= others[i];
    bits = std::move(joined);
  }

  std::vector<SharedBits> reached_;  // by node, itself included
};

/// The graph of the present nodes between which something was delivered, each pair once. Nodes are
/// numbered as they stand in `present`.
std::vector<std::pair<std::uint32_t, std::uint32_t>> PairsOf(
    const std::vector<Delivery>& deliveries, const std::vector<NodeId>& present) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (const Delivery& delivery : deliveries) {
    const auto from = std::ranges::lower_bound(present, delivery.from);
    const auto to = std::ranges::lower_bound(present, delivery.to);
    if (from == present.end() || *from != delivery.from || to == present.end() ||
        *to != delivery.to)
      continue;
    const auto place = [&](auto node) {
      return static_cast<std::uint32_t>(node - present.begin());
    };
    pairs.push_back(std::minmax({place(from), place(to)}));
  }
  std::ranges::sort(pairs);
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

std::vector<NodeMixing> NodesOf(const World& world, const std::vector<Delivery>& deliveries,
                                const std::vector<NodeId>& present) {
  std::vector<std::uint64_t> received(world.nodes.size());
  for (const Delivery& delivery : deliveries) ++received[Index(delivery.to)];
  std::vector<NodeMixing> nodes;
  for (const NodeId node : present)
    nodes.push_back({.node = node, .received = received[Index(node)], .reached_from = {}});
  return nodes;
}

/// Fills in who was reached from whom. Time and memory grow with the square of the nodes.
void AddReach(const World& world, const std::vector<Delivery>& deliveries,
              std::vector<NodeMixing>& nodes) {
  Reach reach(world.nodes.size());
  reach.Run(deliveries);
  std::vector<std::size_t> reaches(world.nodes.size());
  for (NodeMixing& mixing : nodes)
    for (const NodeMixing& other : nodes) {
      if (other.node == mixing.node || !Has(reach.Of(mixing.node), other.node)) continue;
      mixing.reached_from.push_back(other.node);
      ++reaches[Index(other.node)];
    }
  for (NodeMixing& mixing : nodes) mixing.reaches = reaches[Index(mixing.node)];
}

}  // namespace

void StartCycleRecord(Run& run) {
  run.world.cycle_record = {};
  if (run.keeps_cycle_starts) KeepCycleStart(run);
}

void KeepCycleStart(Run& run) {
  const std::vector<NodeId> present = run.world.Present();
  const Bytes bytes = present.size() * run.engine.model_rows->floats() * sizeof(float);
  if (bytes > kMostKept) return;
  std::vector<Row> models;
  models.reserve(present.size());
  for (const NodeId node : present) models.push_back(run.world.at(node).model);
  run.world.cycle_record.models = std::move(models);
}

MixingView MeasureMixing(Run& run) {
  const World& world = run.world;
  const std::vector<Delivery> deliveries = world.cycle_record.deliveries.Values();
  const std::vector<NodeId> present = world.Present();
  const auto pairs = PairsOf(deliveries, present);
  const SpectralGap gap = SpectralGapOf(present.size(), pairs);
  MixingView view;
  view.delivered = deliveries.size() + world.cycle_record.deliveries.left_out();
  view.left_out = world.cycle_record.deliveries.left_out();
  view.pairs = pairs.size();
  view.parts = CountComponents(present.size(), pairs);
  view.spectral_gap = gap.gap;
  view.gap_exact = gap.exact;
  if (!world.cycle_record.models->empty())
    view.consensus_before = ConsensusDistance(*world.cycle_record.models);
  view.consensus_after = run.consensus.Measure(world);
  view.nodes = NodesOf(world, deliveries, present);
  view.reach_known = present.size() <= MixingView::kMostReached;
  if (view.reach_known) AddReach(world, deliveries, view.nodes);
  return view;
}

}  // namespace delstep
