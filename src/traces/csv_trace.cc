#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "base/shortened.h"
#include "base/text.h"
#include "traces/node_ids.h"
#include "traces/projection.h"
#include "traces/readers.h"
#include "traces/table.h"
#include "traces/trace_lines.h"

namespace delstep {
namespace {

constexpr double kFastest = 60;                              // metres per second of a GPS fix
constexpr auto kLongestSilence = std::chrono::seconds(300);  // between two GPS fixes
constexpr std::size_t kMostDropped = 3;                      // fixes in a row, then it is there

constexpr const char* kCsvHint =
    "the first line names the columns: node,t,x,y in metres, or id,t,lat,lon in degrees";

/// In the place of x and y where a row has none.
constexpr double kGone = std::numeric_limits<double>::quiet_NaN();

class CsvTraceReader {
 public:
  explicit CsvTraceReader(TraceSource& source) : lines_(source), table_(lines_) {}

  Result<Trace> Read() {
    DELSTEP_TRY(ReadHeader());
    for (;;) {
      DELSTEP_ASSIGN(const bool more, table_.Next());
      if (!more) break;
      DELSTEP_TRY(ReadRow());
    }
    if (tracks_.tracks().empty())
      return BadFile("it has no row below the header", kCsvHint).At(lines_.file());
    return Finish();
  }

 private:
  Result<void> ReadHeader() {
    DELSTEP_TRY(table_.ReadHeader(kCsvHint));
    id_ = table_.Find({"node", "id"});
    time_ = table_.Find({"t", "time"});
    x_ = table_.Find({"x"});
    y_ = table_.Find({"y"});
    const auto lat = table_.Find({"lat", "latitude"}),
               lon = table_.Find({"lon", "lng", "longitude"});
    degrees_ = !(x_ && y_) && lat && lon;
    if (degrees_) x_ = lon, y_ = lat;
    if (id_ && time_ && x_ && y_) return {};
    return lines_.Wrong(fmt::format("the columns {} are none of a trace", Excerpt(lines_.text())),
                        kCsvHint);
  }

  Result<void> ReadRow() {
    const std::string& id = table_.Cell(*id_);
    if (auto wrong = WrongId(id)) return lines_.Wrong(*std::move(wrong));
    DELSTEP_ASSIGN(const SimTime at, lines_.Moment(table_.Cell(*time_), "t"));
    const std::string &x = table_.Cell(*x_), &y = table_.Cell(*y_);
    TrackPoint point{at, kGone, kGone};
    if (degrees_) {
      DELSTEP_TRY(ReadDegrees(x, y, point));
      // What receivers write when they know nothing.
      if (point.x == 0 && point.y == 0) {
        zeros_.Add(lines_.number());
        return {};
      }
      projection_.Add({.lat = point.y, .lon = point.x});
    } else if (!x.empty() || !y.empty()) {
      DELSTEP_ASSIGN(point.x, lines_.Number(x, "x"));
      DELSTEP_ASSIGN(point.y, lines_.Number(y, "y"));
    }
    first_ = std::min(first_, at);
    tracks_.Of(id).points.push_back(point);
    return {};
  }

  Result<void> ReadDegrees(std::string_view lon, std::string_view lat, TrackPoint& point) const {
    DELSTEP_ASSIGN(point.x, lines_.Number(lon, "the longitude"));
    DELSTEP_ASSIGN(point.y, lines_.Number(lat, "the latitude"));
    if (std::abs(point.y) > 90)
      return lines_.Wrong(fmt::format("the latitude is {}, expected -90 to 90", lat),
                          "are latitude and longitude in each other's column?");
    if (std::abs(point.x) > 180)
      return lines_.Wrong(fmt::format("the longitude is {}, expected -180 to 180", lon));
    return {};
  }

  Trace Finish() {
    Trace trace{.tracks = std::move(tracks_.tracks()), .notes = {}};
    const Duration shift = ShiftOfUnixTimes(first_, trace.notes);
    std::size_t too_fast = 0;
    for (Track& track : trace.tracks) {
      // Rows come in any order; of one moment the last one in the file is where the way goes on.
      std::ranges::stable_sort(track.points, {}, &TrackPoint::at);
      for (TrackPoint& point : track.points) point.at -= shift;
      if (degrees_)
        too_fast += FollowFixes(track);
      else
        FollowRows(track);
    }
    zeros_.Tell("row at 0, 0", "rows at 0, 0", trace.notes);
    if (too_fast > 0)
      trace.notes.push_back(fmt::format("passed over {} that would need more than {:.0f} m/s",
                                        Count(too_fast, "row"), kFastest));
    table_.TellUnused(trace.notes);
    return trace;
  }

  /// Straight ways between rows, however long they take, up to a row without a place.
  static void FollowRows(Track& track) {
    std::vector<TrackPoint> rows;
    rows.swap(track.points);
    bool there = true;
    Stretch stretch;  // from the start on: before its first row a node stands
    for (const TrackPoint& row : rows) {
      if (std::isnan(row.x)) {
        stretch.ends = row.at;
        if (there && stretch.count > 0 && stretch.begins < stretch.ends)
          track.stretches.push_back(stretch);
        there = false;
        continue;
      }
      if (!there)
        stretch = {.begins = row.at, .ends = SimTime::max(), .first = track.points.size()};
      there = true;
      ++stretch.count;
      track.points.push_back(row);
    }
    if (there && stretch.count > 0) track.stretches.push_back(stretch);
    JoinStretches(track);
  }

  /// Gone and back at the same moment is no gap.
  static void JoinStretches(Track& track) {
    std::vector<Stretch> joined;
    for (const Stretch& stretch : track.stretches) {
      if (!joined.empty() && joined.back().ends == stretch.begins) {
        joined.back().ends = stretch.ends;
        joined.back().count = stretch.first + stretch.count - joined.back().first;
      } else {
        joined.push_back(stretch);
      }
    }
    track.stretches = std::move(joined);
  }

  /// Projects, leaves out what is too fast, and splits where nothing was heard for long. Returns how
  /// many were left out.
  std::size_t FollowFixes(Track& track) const {
    std::vector<TrackPoint> fixes;
    fixes.swap(track.points);
    std::size_t left_out = 0, in_a_row = 0;
    Stretch stretch;
    const auto close = [&] {
      if (stretch.count == 0) return;
      stretch.begins = track.points[stretch.first].at;
      stretch.ends = track.points.back().at;
      // A single fix is a moment, and nobody is there for no time.
      if (stretch.begins < stretch.ends) track.stretches.push_back(stretch);
    };
    for (TrackPoint fix : fixes) {
      const auto [x, y] = projection_.At({.lat = fix.y, .lon = fix.x});
      fix.x = x;
      fix.y = y;
      bool splits = true;
      if (!track.points.empty()) {
        const TrackPoint& last = track.points.back();
        const double dx = x - last.x, dy = y - last.y, reach = kFastest * Seconds(fix.at - last.at);
        const bool fast = dx * dx + dy * dy > reach * reach;
        splits = fix.at - last.at > kLongestSilence;
        // After some such fixes it is the one before them that was wrong.
        if (fast && !splits && ++in_a_row <= kMostDropped) {
          ++left_out;
          continue;
        }
        splits = splits || fast;
      }
      in_a_row = 0;
      if (splits) {
        close();
        stretch = {.begins = {}, .ends = {}, .first = track.points.size(), .count = 0};
      }
      ++stretch.count;
      track.points.push_back(fix);
    }
    close();
    return left_out;
  }

  TraceLines lines_;
  TraceTable table_;
  TrackTable tracks_;
  std::optional<std::size_t> id_, time_, x_, y_;  // columns
  bool degrees_ = false;
  Projection projection_;
  SimTime first_ = SimTime::max();
  Tally zeros_;
};

}  // namespace

Result<Trace> ReadCsvTrace(TraceSource& source) { return CsvTraceReader(source).Read(); }

}  // namespace delstep
