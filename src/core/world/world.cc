#include "core/world/world.h"

#include <algorithm>
#include <bit>
#include <cassert>

namespace delstep {

bool Node::HasNeighbour(NodeId other) const {
  return std::ranges::binary_search(neighbours, other);
}

bool Node::AddNeighbour(NodeId other) {
  // Kept ascending, so that a search is quick and every command handles neighbours in one order.
  const auto place = std::ranges::lower_bound(neighbours, other);
  if (place != neighbours.end() && *place == other) return false;
  neighbours.insert(place, other);
  return true;
}

const Evaluated* Node::LastTest(const EvaluationScope& scope) const {
  const auto found = std::ranges::find(last_tests, scope, &Evaluated::scope);
  return found == last_tests.end() ? nullptr : &*found;
}

void Node::NoteTest(const Evaluated& test) {
  // A node is tested on a handful of scopes, so a list is searched as quickly as anything else.
  std::erase_if(last_tests, [&](const Evaluated& old) { return old.scope == test.scope; });
  last_tests.push_back(test);
}

void LatencyRecord::Note(Duration latency) {
  // Filled first, then overwritten from the oldest on.
  if (nanoseconds.size() < kCapacity) {
    nanoseconds.push_back(latency.count());
    return;
  }
  nanoseconds[next] = latency.count();
  next = (next + 1) % kCapacity;
}

namespace {

/// Classes of latencies: those below 8 ns by themselves, then eight to each power of two.
std::uint16_t ClassOf(std::uint64_t nanoseconds) {
  if (nanoseconds < 8) return static_cast<std::uint16_t>(nanoseconds);
  const int shift = std::bit_width(nanoseconds) - 4;  // the four highest bits are 8 to 15
  return static_cast<std::uint16_t>(8 * shift + static_cast<int>(nanoseconds >> shift));
}

double MiddleOf(std::uint16_t of_class) {
  if (of_class < 8) return of_class;
  const int shift = of_class / 8 - 1;
  const std::uint64_t least = static_cast<std::uint64_t>(of_class % 8 + 8) << shift;
  return static_cast<double>(least) + static_cast<double>((std::uint64_t{1} << shift) - 1) / 2;
}

}  // namespace

void LatencyCounts::Note(Duration latency) {
  if (count_ == 0 || latency < min_) min_ = latency;
  if (count_ == 0 || latency > max_) max_ = latency;
  ++count_;
  sum_ += static_cast<double>(latency.count());
  const std::uint16_t of_class = ClassOf(static_cast<std::uint64_t>(latency.count()));
  const auto place = std::ranges::lower_bound(classes_, of_class, {},
                                              &std::pair<std::uint16_t, std::uint64_t>::first);
  if (place != classes_.end() && place->first == of_class)
    ++place->second;
  else
    classes_.insert(place, {of_class, 1});
}

void LatencyCounts::Add(const LatencyCounts& other) {
  if (other.count_ == 0) return;
  if (count_ == 0 || other.min_ < min_) min_ = other.min_;
  if (count_ == 0 || other.max_ > max_) max_ = other.max_;
  count_ += other.count_;
  sum_ += other.sum_;
  for (const auto& [of_class, count] : other.classes_) {
    const auto place = std::ranges::lower_bound(classes_, of_class, {},
                                                &std::pair<std::uint16_t, std::uint64_t>::first);
    if (place != classes_.end() && place->first == of_class)
      place->second += count;
    else
      classes_.insert(place, {of_class, count});
  }
}

double LatencyCounts::mean() const {
  return count_ == 0 ? 0 : sum_ / static_cast<double>(count_) * 1e-9;
}

double LatencyCounts::Percentile(double share) const {
  if (count_ == 0) return 0;
  std::uint64_t passed = 0;
  for (const auto& [of_class, count] : classes_) {
    passed += count;
    if (static_cast<double>(passed) < share * static_cast<double>(count_)) continue;
    return std::clamp(MiddleOf(of_class), static_cast<double>(min_.count()),
                      static_cast<double>(max_.count())) *
           1e-9;
  }
  return Seconds(max_);
}

void LinkTraffic::Add(const LinkTraffic& other) {
  sent += other.sent;
  delivered += other.delivered;
  bytes += other.bytes;
  delivered_bytes += other.delivered_bytes;
  for (std::size_t reason = 0; reason < lost.size(); ++reason) lost[reason] += other.lost[reason];
  latency.Add(other.latency);
}

std::uint64_t Traffic::total_lost() const {
  std::uint64_t total = 0;
  for (const auto& [reason, count] : lost) total += count;
  return total;
}

// Ascending, since nodes are kept by number. Nodes that have left keep their place in the list.
std::vector<NodeId> World::Present() const {
  std::vector<NodeId> present;
  present.reserve(nodes.size());
  for (const Node& node : nodes)
    if (node.present) present.push_back(node.id);
  return present;
}

const NodeGroup* World::FindGroup(std::string_view name) const {
  const auto found = std::ranges::find(groups, name, &NodeGroup::name);
  return found == groups.end() ? nullptr : &*found;
}

const LinkProperties& World::Link(NodeId from, NodeId to) const {
  const auto found = single_links.find({from, to});
  return found == single_links.end() ? default_link : found->second;
}

OwnedNetwork::OwnedNetwork(const OwnedNetwork& other) {
  if (!other.network_) return;
  auto copy = other.network_->Clone();
  // A backend that cannot be cloned must not be copied: see NetworkTraits::can_snapshot.
  assert(copy.ok());
  network_ = *std::move(copy);
}

}  // namespace delstep
