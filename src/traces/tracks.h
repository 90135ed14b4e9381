#pragma once
/// What any trace of movement is once it has been read: for each id a track. A track is a list of
/// points with times, and the stretches of time in which the one who moves is there.
///
/// Units: metres, simulated time from the start of the run. Plain data, any thread.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "delstep/types.h"

namespace delstep {

/// Where somebody is at a moment.
struct TrackPoint {
  SimTime at{};
  double x = 0, y = 0;
  friend bool operator==(const TrackPoint&, const TrackPoint&) = default;
};

/// A stretch of time in which somebody is there: from `begins` (included) to `ends` (not included).
/// Between two of its points the way is straight and the speed constant; before the first of them
/// and after the last the node stands. Two points of the same time are a jump.
struct Stretch {
  SimTime begins{}, ends = SimTime::max();
  std::size_t first = 0, count = 0;  ///< its points, in Track::points; at least one
};

/// All of one id. Stretches ascend and do not touch, each is longer than nothing; the points of a
/// stretch ascend by time, equal ones allowed.
struct Track {
  std::string id;
  std::vector<TrackPoint> points;
  std::vector<Stretch> stretches;
};

struct Trace {
  std::vector<Track> tracks;
  std::vector<std::string> notes;  ///< as Graph::notes
};

/// The latest moment that a trace may have: 285 years. So times of traces can be added up.
inline constexpr double kLatestSecond = 9e9;
/// Coordinates are within these bounds, so that no difference of them overflows: a million km.
inline constexpr double kFarthest = 1e9;

/// Seconds as a moment, rounded to the nanosecond. Nothing below 0 or beyond kLatestSecond.
std::optional<SimTime> MomentOf(double seconds);

/// Tracks by id, while they are read.
class TrackTable {
 public:
  /// The track of this id, a new one without points at its first appearance. Valid until the next
  /// call.
  Track& Of(std::string_view id);
  std::vector<Track>& tracks() { return tracks_; }

 private:
  std::vector<Track> tracks_;  // in order of appearance
  std::unordered_map<std::string, std::size_t> places_;
};

/// Makes the whole track one stretch that lasts from `begins` for ever. Requires a point.
void BeThereFrom(SimTime begins, Track& track);

/// How many lines of a file were passed over for one reason, and which was the first.
struct Tally {
  std::size_t count = 0, first_line = 0;
  void Add(std::size_t line) {
    if (count++ == 0) first_line = line;
  }
  /// "passed over 3 WHAT, the first in line 7"; nothing where there was none. `one` and `many` name
  /// what was passed over.
  void Tell(std::string_view one, std::string_view many, std::vector<std::string>& notes) const;
};

}  // namespace delstep
