#include "core/engine/change_feed.h"

#include <algorithm>

namespace delstep {
namespace {

using KindOfChange = ChangeKey::Kind;

/// Where no contact plan says how much to read at a time.
constexpr Duration kWindow = std::chrono::minutes(10);
/// Windows in a silence grow up to twice this.
constexpr Duration kLongest = std::chrono::hours(12);

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
void ChangeFeed::Read(const Engine& engine, std::size_t nodes, SimTime after) {
  const Duration usual = engine.contacts ? engine.contacts->window() : kWindow;
  // Plans that are read from files may be silent for years: the longer they are, the more is read at
  // once. What is drawn is drawn no further than it is needed.
  const bool silent = known_ && changes_.empty() && PlansRestFrom(engine) < SimTime::max();
  window_ = silent ? std::max(usual, std::min<Duration>(window_, kLongest) * 2) : usual;
  const SimTime until = Later(after, window_);
  known_ = true;
  nodes_ = nodes;
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
  const bool holds = known_ && nodes == nodes_ && after_ <= last && before <= until_;
  if (!holds) {
    if (before >= rest) return std::nullopt;
    known_ = false;  // where one begins anew nothing says how long a silence will be
    Read(engine, nodes, before);
    after_ = {.at = before};
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
    // All of it came up to `last`, so between that and the next window there is nothing. Who asks
    // again for what comes after `last` need not read that again.
    Read(engine, nodes, until_);
    after_ = last;
  }
}

}  // namespace delstep
