#include "core/world/world.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <utility>

namespace delstep {

bool Node::HasNeighbour(NodeId other) const {
  return std::ranges::binary_search(*neighbours, other);
}

bool Node::AddNeighbour(NodeId other) {
  // Kept ascending, so that a search is quick and every command handles neighbours in one order.
  const auto at = std::ranges::lower_bound(*neighbours, other) - neighbours->begin();
  if (HasNeighbour(other)) return false;
  std::vector<NodeId>& list = neighbours.Write();
  list.insert(list.begin() + at, other);
  return true;
}

const Evaluated* Node::LastTest(const EvaluationScope& scope) const {
  const auto found = std::ranges::find(last_tests, scope, &Evaluated::scope);
  return found == last_tests.end() ? nullptr : &*found;
}

void Node::NoteTest(const Evaluated& test) {
  // A node is tested on a handful of scopes, so a list is searched as quickly as anything else.
  const auto old = std::ranges::find(last_tests, test.scope, &Evaluated::scope);
  // Fresh ones stand at the end, and one of them that comes again is one of them already.
  const bool was_fresh = last_tests.end() - old <= static_cast<std::ptrdiff_t>(fresh_tests);
  if (old == last_tests.end() || !was_fresh) ++fresh_tests;
  if (old != last_tests.end()) last_tests.erase(old);
  last_tests.push_back(test);
}

bool Node::AdoptTests(const Node& other) {
  bool adopted = false;
  for (auto test = other.last_tests.end() - static_cast<std::ptrdiff_t>(other.fresh_tests);
       test != other.last_tests.end(); ++test) {
    adopted |= !LastTest(test->scope) || IsTestOlder(test->scope);
    NoteTest(*test);
  }
  return adopted;
}

bool Node::IsTestOlder(const EvaluationScope& scope) const {
  const auto found = std::ranges::find(last_tests, scope, &Evaluated::scope);
  return last_tests.end() - found > static_cast<std::ptrdiff_t>(fresh_tests);
}

LatencyRecord::LatencyRecord(const std::vector<std::int64_t>& values, std::size_t next) {
  for (const std::int64_t value : values) Note(Duration(value));
  next_ = next;
}

void LatencyRecord::Note(Duration latency) {
  // Filled first, then overwritten from the oldest on.
  if (size_ < kCapacity) {
    if (size_ % kPart == 0) parts_.emplace_back().Write().reserve(kPart);
    parts_.back().Write().push_back(latency.count());
    ++size_;
    return;
  }
  parts_[next_ / kPart].Write()[next_ % kPart] = latency.count();
  next_ = (next_ + 1) % kCapacity;
}

std::vector<std::int64_t> LatencyRecord::Values() const {
  std::vector<std::int64_t> values;
  values.reserve(size_);
  for (const auto& part : parts_) values.insert(values.end(), part->begin(), part->end());
  return values;
}

namespace {

/// Classes of latencies: those below 8 ns by themselves, then eight to each power of two.
std::uint16_t ClassOf(Duration latency) {
  const auto nanoseconds = static_cast<std::uint64_t>(latency.count());
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
  const std::uint16_t of_class = ClassOf(latency);
  // The list begins with the second class that occurs.
  if (!classes_.empty() || (count_ > 0 && of_class != ClassOf(min_))) {
    if (classes_.empty()) classes_ = classes();
    CountInClass(of_class, 1);
  }
  if (count_ == 0 || latency < min_) min_ = latency;
  if (count_ == 0 || latency > max_) max_ = latency;
  ++count_;
  sum_ += static_cast<double>(latency.count());
}

void LatencyCounts::CountInClass(std::uint16_t of_class, std::uint64_t count) {
  const auto place = std::ranges::lower_bound(classes_, of_class, {}, &Classes::value_type::first);
  if (place != classes_.end() && place->first == of_class)
    place->second += count;
  else
    classes_.insert(place, {of_class, count});
}

LatencyCounts::Classes LatencyCounts::classes() const {
  if (!classes_.empty() || count_ == 0) return classes_;
  return {{ClassOf(min_), count_}};
}

void LatencyCounts::SetClasses(Classes classes) {
  classes_ = std::move(classes);
  if (classes_ == Classes{{ClassOf(min_), count_}}) classes_ = {};
}

void LatencyCounts::Add(const LatencyCounts& other) {
  if (other.count_ == 0) return;
  // Listed while they are added up: the least of one class may be in another one afterwards.
  if (classes_.empty()) classes_ = classes();
  if (other.classes_.empty()) CountInClass(ClassOf(other.min_), other.count_);
  for (const auto& [of_class, count] : other.classes_) CountInClass(of_class, count);
  min_ = count_ == 0 ? other.min_ : std::min(min_, other.min_);
  max_ = count_ == 0 ? other.max_ : std::max(max_, other.max_);
  count_ += other.count_;
  sum_ += other.sum_;
  SetClasses(std::move(classes_));
}

double LatencyCounts::mean() const {
  return count_ == 0 ? 0 : sum_ / static_cast<double>(count_) * 1e-9;
}

double LatencyCounts::Percentile(double share) const {
  if (count_ == 0) return 0;
  std::uint64_t passed = 0;
  for (const auto& [of_class, count] : classes()) {
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

Bytes LatencyRecord::OwnBytes(const LatencyRecord& other) const {
  Bytes bytes = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i)
    if (i >= other.parts_.size() || !parts_[i].SharesWith(other.parts_[i]))
      bytes += kPart * sizeof(std::int64_t);
  return bytes + parts_.size() * sizeof(parts_[0]);
}

TrafficByLink::Sender& TrafficByLink::Of(NodeId from) {
  if (senders_.size() <= Index(from)) senders_.resize(Index(from) + 1);
  return senders_[Index(from)];
}

void TrafficByLink::Expect(NodeId from, std::size_t links) {
  Cow<std::vector<Link>>& shared = Of(from).links;
  if (shared->empty()) shared.Write().reserve(links);
}

LinkTraffic& TrafficByLink::Write(NodeId from, NodeId to) {
  auto& [shared, next] = Of(from);
  std::vector<Link>& links = shared.Write();
  if (next >= links.size() || links[next].to != to) {
    const auto place = std::ranges::lower_bound(links, to, {}, &Link::to);
    next = static_cast<std::size_t>(place - links.begin());
    if (place == links.end() || place->to != to) links.insert(place, Link{to, {}});
  }
  return links[next++].traffic;
}

std::size_t TrafficByLink::size() const {
  std::size_t links = 0;
  for (const Sender& sender : senders_) links += sender.links->size();
  return links;
}

Bytes TrafficByLink::OwnBytes(const TrafficByLink& other) const {
  Bytes bytes = senders_.size() * sizeof(Sender);
  for (std::size_t i = 0; i < senders_.size(); ++i)
    if (i >= other.senders_.size() || !senders_[i].links.SharesWith(other.senders_[i].links))
      bytes += senders_[i].links->size() * sizeof(Link);
  return bytes;
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
  const auto found = std::ranges::find(*groups, name, &NodeGroup::name);
  return found == groups->end() ? nullptr : &*found;
}

const LinkProperties& World::Link(NodeId from, NodeId to) const {
  const auto found = single_links->find({from, to});
  return found == single_links->end() ? default_link : found->second;
}

// The copy has nothing of its own before it is used.
OwnedNetwork::OwnedNetwork(const OwnedNetwork& other) : kept_(other.kept_) {
  assert(kept_ || !other.used_);
}

Network* OwnedNetwork::Write() {
  if (!used_) {
    // What was kept is a clone, so it can be cloned again.
    auto copy = kept_->Clone();
    assert(copy.ok());
    used_ = *std::move(copy);
  }
  kept_.reset();
  return used_.get();
}

Result<void> OwnedNetwork::Keep() {
  if (kept_ || !used_) return {};
  DELSTEP_ASSIGN(kept_, used_->Clone());
  return {};
}

}  // namespace delstep
