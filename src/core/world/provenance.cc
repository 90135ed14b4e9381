#include "core/world/provenance.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace delstep {
namespace {

constexpr std::size_t kMostMeetings = 256, kMostInputs = 1024;

}  // namespace

const NodeShare* Provenance::Find(NodeId node) const {
  const auto found = std::ranges::lower_bound(shares, node, {}, &NodeShare::node);
  return found == shares.end() || found->node != node ? nullptr : &*found;
}

OriginRef InitialOrigin(NodeId node, std::uint64_t trained) {
  auto base = std::make_shared<Provenance>();
  base->shares = {{.node = node, .initial = 1}};
  return std::make_shared<const ModelOrigin>(
      ModelOrigin{.base = std::move(base), .trained = trained});
}

OriginRef AfterTraining(const OriginRef& origin, std::uint64_t trained, double rate) {
  if (!origin) return nullptr;
  ModelOrigin after = *origin;
  after.trained = trained;
  ++after.since;
  after.rate = rate;
  return std::make_shared<const ModelOrigin>(std::move(after));
}

OriginRef AfterMeeting(const ModelOrigin& origin, std::shared_ptr<const Provenance> base,
                       std::uint64_t meeting) {
  return std::make_shared<const ModelOrigin>(ModelOrigin{
      .base = std::move(base), .meeting = meeting, .trained = origin.trained, .rate = origin.rate});
}

OriginRef Compressed(const OriginRef& origin) {
  if (!origin) return nullptr;
  ModelOrigin changed = *origin;
  changed.exact = false;
  return std::make_shared<const ModelOrigin>(std::move(changed));
}

void Append(std::shared_ptr<const Meeting> meeting, Meetings& meetings) {
  const std::size_t inputs = std::max<std::size_t>(1, meeting->inputs.size());
  const std::size_t most = std::clamp<std::size_t>(kMostInputs / inputs, 1, kMostMeetings);
  meetings.push_back(std::move(meeting));
  if (meetings.size() > most)
    meetings.erase(meetings.begin(), meetings.end() - static_cast<std::ptrdiff_t>(most));
}

const Meeting* Find(const Meetings& meetings, std::uint64_t number) {
  // Numbers follow each other without gaps: the place is known.
  if (meetings.empty() || number < meetings.front()->number || number > meetings.back()->number)
    return nullptr;
  return meetings[static_cast<std::size_t>(number - meetings.front()->number)].get();
}

NodeShare& ProvenanceSum::ShareOf(NodeId node) {
  if (Index(node) >= slots_.size()) slots_.resize(Index(node) + 1);
  Slot& slot = slots_[Index(node)];
  if (!slot.used) {
    slot = {.share = {.node = node}, .used = true};
    used_.push_back(node);
  }
  return slot.share;
}

/// The trainings of a node are nearly always one range, which grows. What does not touch it waits
/// aside until the whole sum is known.
void ProvenanceSum::Include(NodeShare& share, std::uint64_t first, std::uint64_t last) {
  if (share.last == 0) {
    share.first = first;
    share.last = last;
  } else if (first <= share.last + 1 && share.first <= last + 1) {
    share.first = std::min(share.first, first);
    share.last = std::max(share.last, last);
  } else {
    more_.push_back({.node = share.node, .first = first, .last = last});
  }
}

void ProvenanceSum::AddBase(const Provenance& base, double weight) {
  for (const NodeShare& share : base.shares) {
    NodeShare& sum = ShareOf(share.node);
    sum.initial += weight * share.initial;
    sum.trained += weight * share.trained;
    if (share.last > 0) Include(sum, share.first, share.last);
  }
  for (const TrainingRange& range : base.more)
    Include(ShareOf(range.node), range.first, range.last);
  exact_ = exact_ && base.exact;
}

void ProvenanceSum::Add(NodeId node, const ModelOrigin& origin, double base, double trainings) {
  if (base != 0) AddBase(*origin.base, base);
  exact_ = exact_ && origin.exact;
  if (trainings == 0 || origin.since == 0) return;
  NodeShare& sum = ShareOf(node);
  sum.trained += trainings * static_cast<double>(origin.since);
  Include(sum, origin.trained - origin.since + 1, origin.trained);
}

/// Ranges that did not touch may do so by now: all of a node are sorted and joined. The first of
/// them goes back to its share.
void ProvenanceSum::MergeRanges() {
  std::vector<TrainingRange> all = std::exchange(more_, {});
  for (const NodeId node : used_)
    if (NodeShare& share = slots_[Index(node)].share; share.last > 0)
      all.push_back({.node = node, .first = share.first, .last = std::exchange(share.last, 0)});
  std::ranges::sort(all, {}, [](const TrainingRange& r) { return std::tuple(r.node, r.first); });
  for (const TrainingRange& range : all) {
    NodeShare& share = slots_[Index(range.node)].share;
    // The last range of this node so far.
    const bool again = !more_.empty() && more_.back().node == range.node;
    std::uint64_t& end = again ? more_.back().last : share.last;
    if (end > 0 && range.first <= end + 1)
      end = std::max(end, range.last);
    else
      Include(share, range.first, range.last);
  }
}

std::shared_ptr<const Provenance> ProvenanceSum::Take() {
  std::ranges::sort(used_);
  if (!more_.empty()) MergeRanges();
  auto sum = std::make_shared<Provenance>();
  sum->shares.reserve(used_.size());
  for (const NodeId node : used_) {
    Slot& slot = slots_[Index(node)];
    sum->shares.push_back(slot.share);
    slot.used = false;
  }
  sum->more = std::exchange(more_, {});
  sum->exact = std::exchange(exact_, true);
  used_.clear();
  return sum;
}

}  // namespace delstep
