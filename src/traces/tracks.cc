#include "traces/tracks.h"

#include <fmt/format.h>

#include <cassert>
#include <cmath>

namespace delstep {

std::optional<SimTime> MomentOf(double seconds) {
  // Also false for what is not a number.
  if (!(seconds >= 0 && seconds <= kLatestSecond)) return std::nullopt;
  return SimTime(Duration(std::llround(seconds * 1e9)));
}

Track& TrackTable::Of(std::string_view id) {
  const auto [place, is_new] = places_.try_emplace(std::string(id), tracks_.size());
  if (is_new) tracks_.push_back({.id = place->first, .points = {}, .stretches = {}});
  return tracks_[place->second];
}

void BeThereFrom(SimTime begins, Track& track) {
  assert(!track.points.empty());
  track.stretches = {
      {.begins = begins, .ends = SimTime::max(), .first = 0, .count = track.points.size()}};
}

void Tally::Tell(std::string_view one, std::string_view many,
                 std::vector<std::string>& notes) const {
  if (count > 0)
    notes.push_back(fmt::format("passed over {} {}, the first in line {}", count,
                                count == 1 ? one : many, first_line));
}

}  // namespace delstep
