#include <fmt/format.h>

#include <array>
#include <string>
#include <vector>

#include "traces/node_ids.h"
#include "traces/readers.h"
#include "traces/trace_lines.h"

namespace delstep {
namespace {

constexpr const char* kOneHint =
    "the first line is minT maxT minX maxX minY maxY, all others are time id x y";

/// The minima of the first line: times and places are counted from them.
struct OneHeader {
  double t = 0, x = 0, y = 0;
};

Result<OneHeader> ReadOneHeader(const TraceLines& lines,
                                const std::vector<std::string_view>& words) {
  if (words.size() != 6 && words.size() != 8)
    return lines.Wrong(fmt::format("{} words, expected 6 or 8 numbers", words.size()), kOneHint);
  std::array<double, 8> bounds{};
  for (std::size_t i = 0; i < words.size(); ++i) {
    DELSTEP_ASSIGN(bounds[i], lines.Number(words[i], "a bound"));
  }
  for (std::size_t i = 0; i < words.size(); i += 2)
    if (bounds[i] > bounds[i + 1])
      return lines.Wrong(
          fmt::format("the minimum {} is above the maximum {}", words[i], words[i + 1]), kOneHint);
  return OneHeader{bounds[0], bounds[2], bounds[4]};
}

}  // namespace

Result<Trace> ReadOneMovement(TraceSource& source) {
  TraceLines lines(source);
  std::vector<std::string_view> words;
  DELSTEP_ASSIGN(const bool begun, lines.NextContent());
  if (!begun) return BadFile("it has no line", kOneHint).At(lines.file());
  SplitWords(lines.text(), words);
  DELSTEP_ASSIGN(const OneHeader header, ReadOneHeader(lines, words));
  TrackTable table;
  SimTime last{};
  for (;;) {
    DELSTEP_ASSIGN(const bool more, lines.NextContent());
    if (!more) break;
    SplitWords(lines.text(), words);
    if (words.size() != 4 && words.size() != 5)
      return lines.Wrong(fmt::format("{} words, expected time id x y", words.size()), kOneHint);
    DELSTEP_ASSIGN(const double seconds, lines.Number(words[0], "the time"));
    const auto at = MomentOf(seconds - header.t);
    if (!at)
      return lines.Wrong(
          fmt::format("the time {} is before minT = {}, or too late", words[0], header.t),
          kOneHint);
    if (*at < last)
      return lines.Wrong(fmt::format("the time falls to {}", words[0]), "sort the lines by time");
    last = *at;
    if (auto wrong = WrongId(words[1])) return lines.Wrong(*std::move(wrong));
    DELSTEP_ASSIGN(const double x, lines.Number(words[2], "x"));
    DELSTEP_ASSIGN(const double y, lines.Number(words[3], "y"));
    table.Of(words[1]).points.push_back({*at, x - header.x, y - header.y});
  }
  Trace trace{.tracks = std::move(table.tracks()), .notes = {}};
  if (trace.tracks.empty())
    return BadFile("it has no line below the first one", kOneHint).At(lines.file());
  for (Track& track : trace.tracks) BeThereFrom(track.points.front().at, track);
  return trace;
}

}  // namespace delstep
