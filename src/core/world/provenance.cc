#include "core/world/provenance.h"

#include <algorithm>
#include <bit>
#include <tuple>
#include <utility>

namespace delstep {
namespace {

constexpr std::size_t kMostMeetings = 256, kMostInputs = 1024;

constexpr std::size_t kSlotsOfWord = 64;  // a bit each

/// Calls f(first + b) for each bit b that is set, in ascending order.
template <class F>
void ForEachBit(std::uint64_t bits, std::size_t first, F f) {
  for (; bits != 0; bits &= bits - 1) f(first + static_cast<std::size_t>(std::countr_zero(bits)));
}

/// Makes one range of both, if they touch or `all` has none yet. Else false, and nothing changes.
bool Include(const TrainingRange& range, TrainingRange& all) {
  if (all.last == 0) {
    all.first = range.first;
    all.last = range.last;
    return true;
  }
  if (range.first > all.last + 1 || all.first > range.last + 1) return false;
  all.first = std::min(all.first, range.first);
  all.last = std::max(all.last, range.last);
  return true;
}

}  // namespace

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

void IncludeTrainings(const TrainingRange& range, NodeShares& shares, std::size_t place,
                      std::vector<TrainingRange>& aside) {
  TrainingRange all = shares.trainings(place);
  if (Include(range, all))
    shares.SetTrainings(place, all);
  else
    aside.push_back(range);
}

void JoinTrainings(Provenance& sum) {
  // A node of which nothing waits has one range, which is in its place.
  std::vector<TrainingRange> all = std::exchange(sum.more, {});
  NodeShares& shares = sum.shares;
  for (std::size_t i = 0, waiting = all.size(); i < waiting; ++i) {
    const std::size_t place = shares.PlaceOf(all[i].node);
    const TrainingRange range = shares.trainings(place);
    if (range.last == 0) continue;  // there already
    all.push_back(range);
    shares.SetTrainings(place, {});
  }
  std::ranges::sort(all, {}, [](const TrainingRange& r) { return std::tuple(r.node, r.first); });
  for (const TrainingRange& range : all) {
    // The last range of this node so far.
    if (!sum.more.empty() && sum.more.back().node == range.node) {
      if (!Include(range, sum.more.back())) sum.more.push_back(range);
    } else {
      IncludeTrainings(range, shares, shares.PlaceOf(range.node), sum.more);
    }
  }
}

void ProvenanceSum::MakeRoom(NodeId last) {
  if (Index(last) < slots_.size()) return;
  const auto words = [](std::size_t bits) { return (bits + kSlotsOfWord - 1) / kSlotsOfWord; };
  slots_.resize(Index(last) + 1);
  used_.resize(words(slots_.size()));
  words_.resize(words(used_.size()));
}

NodeShare& ProvenanceSum::ShareOf(NodeId node) {
  const std::size_t i = Index(node), word = i / kSlotsOfWord;
  const std::uint64_t bit = std::uint64_t{1} << i % kSlotsOfWord;
  if ((used_[word] & bit) == 0) {
    used_[word] |= bit;
    words_[word / kSlotsOfWord] |= std::uint64_t{1} << word % kSlotsOfWord;
    ++count_;
    nodes_ = std::max(nodes_, i + 1);
    slots_[i] = {.node = node};
  }
  return slots_[i];
}

void ProvenanceSum::IncludeTrainings(const TrainingRange& range) {
  NodeShare& share = ShareOf(range.node);
  TrainingRange all = share.trainings();
  if (!Include(range, all)) return more_.push_back(range);
  share.first = all.first;
  share.last = all.last;
}

void ProvenanceSum::AddBase(const Provenance& base, double weight) {
  const NodeShares& shares = base.shares;
  if (!shares.empty()) MakeRoom(shares.node(shares.size() - 1));
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const NodeShare share = shares[i];
    NodeShare& sum = ShareOf(share.node);
    sum.initial += weight * share.initial;
    sum.trained += weight * share.trained;
    if (share.last > 0) IncludeTrainings(share.trainings());
  }
  for (const TrainingRange& range : base.more) {
    MakeRoom(range.node);
    IncludeTrainings(range);
  }
  exact_ = exact_ && base.exact;
}

void ProvenanceSum::Add(NodeId node, const ModelOrigin& origin, double base, double trainings) {
  if (base != 0) AddBase(*origin.base, base);
  exact_ = exact_ && origin.exact;
  if (trainings == 0 || origin.since == 0) return;
  exact_ = exact_ && origin.CountsAllTrainings();
  MakeRoom(node);
  ShareOf(node).trained += trainings * static_cast<double>(origin.since);
  IncludeTrainings(origin.TrainingsSince(node));
}

std::shared_ptr<const Provenance> ProvenanceSum::Take() {
  auto sum = std::make_shared<Provenance>();
  const std::size_t count = std::exchange(count_, 0), nodes = std::exchange(nodes_, 0);
  sum->shares = count == nodes ? NodeShares::OfEveryNode(count) : NodeShares::OfSomeNodes(count);
  // Lists ascend by node, and so do bits, whichever came first.
  std::size_t place = 0;
  for (std::size_t w = 0; w < words_.size(); ++w)
    ForEachBit(std::exchange(words_[w], 0), w * kSlotsOfWord, [&](std::size_t word) {
      ForEachBit(std::exchange(used_[word], 0), word * kSlotsOfWord,
                 [&](std::size_t node) { sum->shares.Set(place++, slots_[node]); });
    });
  sum->more = std::exchange(more_, {});
  sum->exact = std::exchange(exact_, true);
  if (!sum->more.empty()) JoinTrainings(*sum);
  return sum;
}

}  // namespace delstep
