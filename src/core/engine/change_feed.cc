#include "core/engine/change_feed.h"

#include <algorithm>

namespace delstep {
namespace {

using KindOfChange = ChangeKey::Kind;

/// Where no contact plan says how much to read at a time.
constexpr Duration kWindow = std::chrono::minutes(10);

}  // namespace

SimTime PlansRestFrom(const Engine& engine) {
  SimTime rest{};
  if (engine.contacts) rest = std::max(rest, engine.contacts->rests_from());
  if (engine.churn) rest = std::max(rest, engine.churn->rests_from());
  // Movement alone changes nothing; who comes and goes by a trace does so until its end.
  if (engine.mobility && engine.mobility->nodes() > 0)
    rest = std::max(rest, engine.mobility->rests_from());
  return rest;
}

// One sorted list of all plans. Plans give windows of their own order; sorting here makes one order
// of them, which ChangeKey says.
void ChangeFeed::Read(const Engine& engine, std::size_t nodes, SimTime after, SimTime until) {
  known_ = true;
  nodes_ = nodes;
  after_ = after;
  until_ = until;
  place_ = 0;
  changes_.clear();
  if (engine.contacts)
    for (const ContactChange& change : engine.contacts->Changes(nodes, after, until))
      changes_.push_back(
          {.at = change.at,
           .kind = change.begins ? KindOfChange::kContactBegins : KindOfChange::kContactEnds,
           .a = change.a,
           .b = change.b});
  const auto add = [&](const std::vector<PresenceChange>& presence) {
    for (const PresenceChange& change : presence)
      changes_.push_back({.at = change.at,
                          .kind = change.present ? KindOfChange::kComes : KindOfChange::kGoes,
                          .a = change.node});
  };
  if (engine.churn) add(engine.churn->Changes(nodes, after, until));
  if (engine.mobility) add(engine.mobility->PresenceChanges(nodes, after, until));
  std::ranges::sort(changes_);
  // A node may come by its trace and by churn at once: that is one change.
  const auto same = std::ranges::unique(changes_);
  changes_.erase(same.begin(), same.end());
}

std::optional<ChangeKey> ChangeFeed::Next(const Engine& engine, std::size_t nodes,
                                          const ChangeKey& last, SimTime until) {
  const SimTime rest = PlansRestFrom(engine);
  // At the time of the last change there may be others, so the window begins before it.
  const SimTime before = last.at > SimTime{} ? last.at - Duration(1) : last.at;
  const bool holds = known_ && nodes == nodes_ && after_ <= before && before <= until_;
  if (!holds) {
    if (before >= rest) return std::nullopt;
    const Duration window = engine.contacts ? engine.contacts->window() : kWindow;
    Read(engine, nodes, before, Later(before, window));
  }
  while (true) {
    // Mostly the next one; after going back any.
    if (place_ < changes_.size() && changes_[place_] <= last) ++place_;
    const bool right = (place_ == 0 || changes_[place_ - 1] <= last) &&
                       (place_ == changes_.size() || last < changes_[place_]);
    if (!right)
      place_ =
          static_cast<std::size_t>(std::ranges::upper_bound(changes_, last) - changes_.begin());
    if (place_ < changes_.size()) {
      if (changes_[place_].at > until) return std::nullopt;
      return changes_[place_];
    }
    if (until_ >= until || until_ >= rest) return std::nullopt;
    const Duration window = engine.contacts ? engine.contacts->window() : kWindow;
    Read(engine, nodes, until_, Later(until_, window));
  }
}

}  // namespace delstep
