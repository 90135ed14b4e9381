#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "base/text.h"
#include "traces/readers.h"
#include "traces/trace_lines.h"

namespace delstep {
namespace {

/// How many numbers a waypoint may have.
constexpr std::array<std::size_t, 3> kWaypointSizes = {3, 4, 5};

/// A line of the file, and where it stands.
struct BonnMotionLine {
  std::vector<double> numbers;
  std::size_t number;
};

bool TimesNeverFall(std::span<const double> numbers, std::size_t size) {
  for (std::size_t i = 0; i < numbers.size(); i += size)
    if (numbers[i] < (i == 0 ? 0 : numbers[i - size])) return false;
  return true;
}

bool Fits(const BonnMotionLine& line, std::size_t size) {
  return line.numbers.size() % size == 0 && TimesNeverFall(line.numbers, size);
}

Error FitsNot(const BonnMotionLine& line, const std::string& file) {
  const std::size_t count = line.numbers.size();
  std::string counts;
  for (const std::size_t size : kWaypointSizes)
    if (count % size == 0) counts += fmt::format("{}{}", counts.empty() ? "" : " or ", size);
  const std::string message =
      counts.empty()
          ? fmt::format("{}, which is no multiple of 3 (t x y), 4 (t x y z) or 5 (with a status)",
                        Count(count, "number"))
          : fmt::format(
                "{}: waypoints of {} would fit, but then times fall, or other lines do "
                "not fit",
                Count(count, "number"), counts);
  return BadFile(message, "a line is a node: 0.0 10.0 10.0 8.0 42.0 10.0, with t x y repeated")
      .At(fmt::format("{}:{}", file, line.number));
}

Result<BonnMotionLine> ReadNode(const TraceLines& lines, std::vector<std::string_view>& words) {
  SplitWords(lines.text(), words);
  BonnMotionLine line{{}, lines.number()};
  line.numbers.reserve(words.size());
  for (const std::string_view word : words) {
    const auto number = ParseReal(word);
    if (!number) DELSTEP_TRY(lines.Number(word, "a waypoint's number"));
    line.numbers.push_back(number.value_or(0));
  }
  return line;
}

/// The numbers of each waypoint; `other` becomes another size that would do, if there is one.
Result<std::size_t> WaypointSize(const std::vector<BonnMotionLine>& lines, bool three_dimensional,
                                 std::size_t& other, const std::string& file) {
  std::vector<std::size_t> fitting;
  for (const std::size_t size : kWaypointSizes)
    if (std::ranges::all_of(lines, [&](const auto& line) { return Fits(line, size); }))
      fitting.push_back(size);
  if (fitting.empty()) {
    // The line to blame is the first that fits less than those before it.
    for (const BonnMotionLine& line : lines)
      if (std::ranges::none_of(kWaypointSizes, [&](std::size_t size) { return Fits(line, size); }))
        return FitsNot(line, file);
    const BonnMotionLine& first = lines.front();
    const auto unlike = std::ranges::find_if(lines, [&](const BonnMotionLine& line) {
      return std::ranges::none_of(
          kWaypointSizes, [&](std::size_t size) { return Fits(line, size) && Fits(first, size); });
    });
    return FitsNot(unlike == lines.end() ? lines.back() : *unlike, file);
  }
  other = fitting.size() > 1 && !three_dimensional ? fitting[1] : 0;
  if (three_dimensional && fitting.size() > 1 && fitting.front() == 3) return fitting[1];
  return fitting.front();
}

}  // namespace

BonnMotionFacts ReadBonnMotionFacts(std::string_view text) {
  BonnMotionFacts facts;
  for (const std::string_view line : Split(text, '\n')) {
    const auto equals = line.find('=');
    if (equals == line.npos) continue;
    const std::string_view key = Trim(line.substr(0, equals)),
                           value = Trim(line.substr(equals + 1));
    if (key == "nn") facts.nodes = ParseUnsigned(value).value_or(0);
    const std::string dimensions = Lower(value);
    if (key == "outputDim")
      facts.three_dimensional = dimensions == "three" || dimensions == "threed" ||
                                dimensions == "3" || dimensions == "3d";
  }
  return facts;
}

Result<Trace> ReadBonnMotion(TraceSource& source, const BonnMotionFacts& facts) {
  TraceLines lines(source);
  std::vector<std::string_view> words;
  std::vector<BonnMotionLine> nodes;
  for (;;) {
    DELSTEP_ASSIGN(const bool more, lines.NextContent());
    if (!more) break;
    DELSTEP_ASSIGN(BonnMotionLine node, ReadNode(lines, words));
    nodes.push_back(std::move(node));
  }
  if (nodes.empty())
    return BadFile("it has no waypoint", "a line is a node: 0.0 10.0 10.0 8.0 42.0 10.0")
        .At(lines.file());
  std::size_t other = 0;
  DELSTEP_ASSIGN(const std::size_t size,
                 WaypointSize(nodes, facts.three_dimensional, other, lines.file()));
  Trace trace;
  for (std::size_t node = 0; node < nodes.size(); ++node) {
    Track track{.id = std::to_string(node), .points = {}, .stretches = {}};
    const std::vector<double>& numbers = nodes[node].numbers;
    for (std::size_t i = 0; i < numbers.size(); i += size) {
      const auto at = MomentOf(numbers[i]);
      if (!at || std::abs(numbers[i + 1]) > kFarthest || std::abs(numbers[i + 2]) > kFarthest)
        return BadFile(fmt::format("the waypoint {} {} {} is too late or too far away", numbers[i],
                                   numbers[i + 1], numbers[i + 2]))
            .At(fmt::format("{}:{}", lines.file(), nodes[node].number));
      track.points.push_back({*at, numbers[i + 1], numbers[i + 2]});
    }
    std::vector<double>().swap(nodes[node].numbers);
    BeThereFrom(SimTime{}, track);
    trace.tracks.push_back(std::move(track));
  }
  if (other != 0)
    trace.notes.push_back(fmt::format(
        "its waypoints are read as {} numbers each, though {} would fit too", size, other));
  if (facts.nodes != 0 && facts.nodes != nodes.size())
    trace.notes.push_back(fmt::format("it has {}, though nn = {} in the .params file beside it",
                                      Count(nodes.size(), "node"), facts.nodes));
  return trace;
}

}  // namespace delstep
