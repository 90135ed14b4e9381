#include <expat.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "base/shortened.h"
#include "base/text.h"
#include "traces/node_ids.h"
#include "traces/projection.h"
#include "traces/readers.h"

namespace delstep {
namespace {

constexpr double kFastestVehicle = 100;  // metres per second; more between two steps is a jump

/// "12.5", "0:00:12.5", or with days "1:00:00:12.5".
std::optional<double> SecondsOf(std::string_view text) {
  constexpr std::array<double, 4> kUnits = {86400, 3600, 60, 1};
  const auto parts = Split(text, ':');
  if (parts.size() == 2 || parts.size() > kUnits.size()) return std::nullopt;
  double seconds = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto part = ParseReal(parts[i]);
    if (!part) return std::nullopt;
    seconds += *part * kUnits[kUnits.size() - parts.size() + i];
  }
  return seconds;
}

/// Whether all coordinates look like degrees: --fcd-output.geo leaves no other sign than small
/// numbers with six decimals. Metres have two.
class DegreesGuess {
 public:
  void Add(std::string_view x_text, double x, double y) {
    smallest_x_ = std::min(smallest_x_, x), largest_x_ = std::max(largest_x_, x);
    smallest_y_ = std::min(smallest_y_, y), largest_y_ = std::max(largest_y_, y);
    const auto point = x_text.find('.');
    fine_ += point != x_text.npos && x_text.size() - point > 5;
    ++count_;
  }
  bool InBounds() const {
    return count_ > 0 && smallest_x_ >= -180 && largest_x_ <= 180 && smallest_y_ >= -90 &&
           largest_y_ <= 90 && largest_x_ - smallest_x_ < 2 && largest_y_ - smallest_y_ < 2;
  }
  bool Degrees() const { return InBounds() && 2 * fine_ > count_; }

 private:
  double smallest_x_ = kFarthest, largest_x_ = -kFarthest;
  double smallest_y_ = kFarthest, largest_y_ = -kFarthest;
  std::size_t count_ = 0, fine_ = 0;
};

/// Calls of expat come in here, element by element; nothing of the text is kept.
class FcdReader {
 public:
  explicit FcdReader(TraceSource& source)
      : source_(source), parser_(XML_ParserCreate(nullptr), &XML_ParserFree) {}

  Result<Trace> Read() {
    if (!parser_) return BadFile("no memory to read it").At(source_.name());
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(
        parser_.get(),
        [](void* self, const char* name, const char** attributes) {
          static_cast<FcdReader*>(self)->Begin(name, attributes);
        },
        [](void* self, const char* name) { static_cast<FcdReader*>(self)->End(name); });
    std::vector<std::uint8_t> part(std::size_t{1} << 16);
    for (bool last = false; !last;) {
      DELSTEP_ASSIGN(const std::size_t got, source_.Read(part));
      last = got < part.size();
      const auto status = XML_Parse(parser_.get(), reinterpret_cast<const char*>(part.data()),
                                    static_cast<int>(got), last ? XML_TRUE : XML_FALSE);
      if (error_) return *std::move(error_);
      if (status == XML_STATUS_OK) continue;
      const XML_Error error = XML_GetErrorCode(parser_.get());
      // SUMO was stopped, or is still writing: what is complete counts.
      if (last && step_times_.size() > 0 && EndsEarly(error)) {
        unfinished_ = true;
        break;
      }
      return At(fmt::format("it is no well-formed XML: {}", XML_ErrorString(error)),
                "SUMO writes it with --fcd-output FILE.xml");
    }
    if (step_times_.empty()) return At("it has no complete timestep");
    return Finish();
  }

 private:
  static bool EndsEarly(XML_Error error) {
    return error == XML_ERROR_NO_ELEMENTS || error == XML_ERROR_UNCLOSED_TOKEN ||
           error == XML_ERROR_PARTIAL_CHAR || error == XML_ERROR_UNCLOSED_CDATA_SECTION;
  }

  std::size_t Line() const { return XML_GetCurrentLineNumber(parser_.get()); }
  Error At(std::string message, std::string hint = {}) const {
    return BadFile(std::move(message), std::move(hint))
        .At(fmt::format("{}:{}", source_.name(), Line()));
  }
  /// No exception may cross expat, and no error either: it is kept until XML_Parse() returns.
  void Fail(std::string message, std::string hint = {}) {
    if (error_) return;
    error_ = At(std::move(message), std::move(hint));
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  static std::string_view Attribute(const char** attributes, std::string_view name) {
    for (; *attributes != nullptr; attributes += 2)
      if (name == attributes[0]) return attributes[1];
    return {};
  }

  void Begin(std::string_view name, const char** attributes) {
    if (error_) return;
    if (depth_++ == 0 && name != "fcd-export")
      return Fail(fmt::format("the outermost element is {}, expected fcd-export", Excerpt(name)),
                  "SUMO writes it with --fcd-output FILE.xml");
    if (name == "timestep") return BeginStep(Attribute(attributes, "time"));
    if (in_step_ && (name == "vehicle" || name == "person" || name == "container"))
      Take(attributes);
  }

  void BeginStep(std::string_view text) {
    const auto seconds = SecondsOf(text);
    const auto at = seconds ? MomentOf(*seconds) : std::nullopt;
    if (!at)
      return Fail(
          fmt::format("the time of the timestep is {}, expected seconds or H:M:S", Excerpt(text)));
    if (in_step_) return Fail("a timestep in a timestep");
    if (!step_times_.empty() && *at <= step_times_.back())
      return Fail(fmt::format("the time of the timestep is {}, no later than the one before it",
                              Excerpt(text)));
    in_step_ = true;
    now_ = *at;
    seen_.clear();
  }

  void Take(const char** attributes) {
    const std::string_view id = Attribute(attributes, "id");
    if (auto wrong = WrongId(id)) return Fail(*std::move(wrong));
    const std::string_view x_text = Attribute(attributes, "x"), y_text = Attribute(attributes, "y");
    // The schema allows it; who has no place is not there.
    if (x_text.empty() || y_text.empty()) return nowhere_.Add(Line());
    const auto x = ParseReal(x_text), y = ParseReal(y_text);
    if (!x || !y || std::abs(*x) > kFarthest || std::abs(*y) > kFarthest)
      return Fail(fmt::format("{} is at x {}, y {}; expected numbers", Excerpt(id), Excerpt(x_text),
                              Excerpt(y_text)));
    seen_.push_back({std::string(id), *x, *y, Line()});
    guess_.Add(x_text, *x, *y);
  }

  void End(std::string_view name) {
    if (error_) return;
    --depth_;
    if (name != "timestep") return;
    in_step_ = false;
    // Only now: the timestep is complete.
    for (const Seen& seen : seen_) Enter(seen);
    step_times_.push_back(now_);
  }

  struct Seen {
    std::string id;
    double x, y;
    std::size_t line;
  };

  void Enter(const Seen& seen) {
    Track& track = table_.Of(seen.id);
    const bool known = !track.points.empty();
    if (known && track.points.back().at == now_) return twice_.Add(seen.line);
    const bool was_there =
        known && !step_times_.empty() && track.points.back().at == step_times_.back();
    if (!was_there) {
      // It was there until the first timestep that lacks it.
      if (known) track.stretches.back().ends = StepAfter(track.points.back().at);
      track.stretches.push_back(
          {.begins = now_, .ends = SimTime::max(), .first = track.points.size(), .count = 0});
    }
    ++track.stretches.back().count;
    track.points.push_back({now_, seen.x, seen.y});
  }

  /// Requires a timestep after this one.
  SimTime StepAfter(SimTime time) const { return *std::ranges::upper_bound(step_times_, time); }

  Trace Finish() {
    Trace trace{.tracks = std::move(table_.tracks()), .notes = {}};
    for (Track& track : trace.tracks)
      if (track.points.back().at < step_times_.back())
        track.stretches.back().ends = StepAfter(track.points.back().at);
    if (unfinished_)
      trace.notes.push_back(fmt::format("it ends early, in line {}: the timesteps up to {} s count",
                                        Line(), Seconds(step_times_.back())));
    if (guess_.Degrees()) {
      Project(trace);
      trace.notes.push_back("its x and y are taken for longitude and latitude, and projected");
    } else if (guess_.InBounds()) {
      trace.notes.push_back("its x and y are taken for metres, though they could be degrees");
    }
    std::size_t jumps = 0;
    for (Track& track : trace.tracks) jumps += MarkJumps(track);
    if (jumps > 0)
      trace.notes.push_back(fmt::format("{} faster than {:.0f} m/s between two timesteps",
                                        Count(jumps, "jump"), kFastestVehicle));
    nowhere_.Tell("element without x and y", "elements without x and y", trace.notes);
    twice_.Tell("element with an id that its timestep has already",
                "elements with an id that their timesteps have already", trace.notes);
    return trace;
  }

  static void Project(Trace& trace) {
    Projection projection;
    for (const Track& track : trace.tracks)
      for (const TrackPoint& point : track.points) projection.Add({.lat = point.y, .lon = point.x});
    for (Track& track : trace.tracks)
      for (TrackPoint& point : track.points) {
        const auto [x, y] = projection.At({.lat = point.y, .lon = point.x});
        point.x = x;
        point.y = y;
      }
  }

  /// A vehicle that SUMO teleports stands until it is elsewhere. Returns how many jumps there are.
  static std::size_t MarkJumps(Track& track) {
    std::vector<TrackPoint> points;
    points.reserve(track.points.size());
    std::size_t jumps = 0;
    for (Stretch& stretch : track.stretches) {
      const std::size_t first = points.size();
      for (std::size_t i = stretch.first; i < stretch.first + stretch.count; ++i) {
        const TrackPoint& point = track.points[i];
        if (i > stretch.first) {
          const TrackPoint& last = track.points[i - 1];
          const double dx = point.x - last.x, dy = point.y - last.y;
          const double reach = kFastestVehicle * Seconds(point.at - last.at);
          if (dx * dx + dy * dy > reach * reach) {
            points.push_back({point.at, last.x, last.y});
            ++jumps;
          }
        }
        points.push_back(point);
      }
      stretch.first = first;
      stretch.count = points.size() - first;
    }
    track.points = std::move(points);
    return jumps;
  }

  TraceSource& source_;
  std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser_;
  std::optional<Error> error_;
  std::size_t depth_ = 0;
  bool in_step_ = false, unfinished_ = false;
  SimTime now_{};
  std::vector<SimTime> step_times_;  // of complete timesteps
  std::vector<Seen> seen_;           // of the present one
  TrackTable table_;
  DegreesGuess guess_;
  Tally nowhere_, twice_;
};

}  // namespace

Result<Trace> ReadFcd(TraceSource& source) { return FcdReader(source).Read(); }

}  // namespace delstep
