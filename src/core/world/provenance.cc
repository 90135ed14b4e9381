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

}  // namespace

std::size_t Provenance::PlaceOf(NodeId node) const {
  // As nodes ascend, no more than Index(node) of them are before it, and exactly as many if none
  // is left out.
  const auto begin = shares.begin();
  const auto end = begin + static_cast<std::ptrdiff_t>(std::min(Index(node), shares.size()));
  if (end == begin || end[-1].node < node) return static_cast<std::size_t>(end - begin);
  return static_cast<std::size_t>(std::ranges::lower_bound(begin, end, node, {}, &NodeShare::node) -
                                  begin);
}

const NodeShare* Provenance::Find(NodeId node) const {
  const std::size_t place = PlaceOf(node);
  return place == shares.size() || shares[place].node != node ? nullptr : &shares[place];
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

void IncludeTrainings(TrainingRange range, NodeShare& share, std::vector<TrainingRange>& aside) {
  if (share.last == 0) {
    share.first = range.first;
    share.last = range.last;
  } else if (range.first <= share.last + 1 && share.first <= range.last + 1) {
    share.first = std::min(share.first, range.first);
    share.last = std::max(share.last, range.last);
  } else {
    aside.push_back(range);
  }
}

void JoinTrainings(Provenance& sum) {
  // A node of which nothing waits has one range, which is in its place.
  std::vector<TrainingRange> all = std::exchange(sum.more, {});
  const auto share_of = [&](NodeId node) -> NodeShare& { return sum.shares[sum.PlaceOf(node)]; };
  for (std::size_t i = 0, waiting = all.size(); i < waiting; ++i) {
    NodeShare& share = share_of(all[i].node);
    if (share.last == 0) continue;  // there already
    all.push_back({.node = share.node, .first = share.first, .last = std::exchange(share.last, 0)});
  }
  std::ranges::sort(all, {}, [](const TrainingRange& r) { return std::tuple(r.node, r.first); });
  for (const TrainingRange& range : all) {
    NodeShare& share = share_of(range.node);
    // The last range of this node so far.
    const bool again = !sum.more.empty() && sum.more.back().node == range.node;
    std::uint64_t& end = again ? sum.more.back().last : share.last;
    if (end > 0 && range.first <= end + 1)
      end = std::max(end, range.last);
    else
      IncludeTrainings(range, share, sum.more);
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
    slots_[i] = {.node = node};
  }
  return slots_[i];
}

void ProvenanceSum::AddBase(const Provenance& base, double weight) {
  if (!base.shares.empty()) MakeRoom(base.shares.back().node);
  for (const NodeShare& share : base.shares) {
    NodeShare& sum = ShareOf(share.node);
    sum.initial += weight * share.initial;
    sum.trained += weight * share.trained;
    if (share.last > 0) IncludeTrainings(share.trainings(), sum, more_);
  }
  for (const TrainingRange& range : base.more) {
    MakeRoom(range.node);
    IncludeTrainings(range, ShareOf(range.node), more_);
  }
  exact_ = exact_ && base.exact;
}

void ProvenanceSum::Add(NodeId node, const ModelOrigin& origin, double base, double trainings) {
  if (base != 0) AddBase(*origin.base, base);
  exact_ = exact_ && origin.exact;
  if (trainings == 0 || origin.since == 0) return;
  MakeRoom(node);
  NodeShare& sum = ShareOf(node);
  sum.trained += trainings * static_cast<double>(origin.since);
  IncludeTrainings(origin.TrainingsSince(node), sum, more_);
}

std::shared_ptr<const Provenance> ProvenanceSum::Take() {
  auto sum = std::make_shared<Provenance>();
  sum->shares.reserve(std::exchange(count_, 0));
  // Lists ascend by node, and so do bits, whichever came first.
  for (std::size_t w = 0; w < words_.size(); ++w)
    ForEachBit(std::exchange(words_[w], 0), w * kSlotsOfWord, [&](std::size_t word) {
      ForEachBit(std::exchange(used_[word], 0), word * kSlotsOfWord,
                 [&](std::size_t node) { sum->shares.push_back(slots_[node]); });
    });
  sum->more = std::exchange(more_, {});
  sum->exact = std::exchange(exact_, true);
  if (!sum->more.empty()) JoinTrainings(*sum);
  return sum;
}

}  // namespace delstep
