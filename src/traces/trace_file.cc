// Which reader a file is for, and reading it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/text.h"
#include "base/utf8.h"
#include "traces/readers.h"
#include "traces/trace_lines.h"

namespace delstep {
namespace {

constexpr const char* kFormatHint =
    "formats are ns2, bonnmotion, fcd (SUMO), one (The ONE) and csv; see docs/guide/traces.md";

bool IsNs2Line(std::string_view line) {
  return line.starts_with("$node_(") || line.starts_with("$ns_ ") || line.starts_with("$god_ ") ||
         line.find(" setdest ") != line.npos;
}

/// The numbers of a line; empty if a word is none.
std::vector<double> NumbersOf(std::string_view line) {
  std::vector<std::string_view> words;
  SplitWords(line, words);
  std::vector<double> numbers;
  for (const std::string_view word : words) {
    const auto number = ParseReal(word);
    if (!number) return {};
    numbers.push_back(*number);
  }
  return numbers;
}

/// Whether these are the first two lines of an external movement of The ONE: bounds, and somebody
/// within them. The waypoints of BonnMotion hardly look so, as their times begin at 0.
bool AreOneLines(std::string_view first, std::string_view second) {
  const auto bounds = NumbersOf(first);
  if (bounds.size() != 6 && bounds.size() != 8) return false;
  std::vector<std::string_view> words;
  SplitWords(second, words);
  if (words.size() < 4 || words.size() > 5) return false;
  const std::array<std::size_t, 3> places = {0, 2, 3};  // time, x, y
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto value = ParseReal(words[places[i]]);
    if (!value || *value < bounds[2 * i] || *value > bounds[2 * i + 1]) return false;
  }
  return true;
}

/// Whether these are rows of time, id, x, y (and z), as in an external movement of The ONE that lacks
/// its line of bounds. Lines of BonnMotion are nodes: with one waypoint each they would have no reason
/// to come in the order of time. The last line may be cut off.
bool AreRowsInTime(std::span<const std::string_view> lines) {
  if (lines.size() > 2) lines = lines.first(lines.size() - 1);
  bool rises = false;
  std::optional<double> last;
  for (const std::string_view line : lines) {
    const auto numbers = NumbersOf(line);
    if (numbers.size() < 4 || numbers.size() > 5 || (last && numbers[0] < *last)) return false;
    rises = rises || (last && numbers[0] > *last);
    last = numbers[0];
  }
  return rises;
}

/// The file `.params` beside `.movements` or `.movements.gz`.
BonnMotionFacts FactsBeside(std::string path) {
  constexpr std::string_view kMovements = ".movements", kPacked = ".gz";
  if (path.ends_with(kPacked)) path.resize(path.size() - kPacked.size());
  if (!path.ends_with(kMovements)) return {};
  path.replace(path.size() - kMovements.size(), kMovements.size(), ".params");
  // It need not be there, and nothing in it must be.
  const auto text = ReadText(path, std::size_t{1} << 20);
  return text ? ReadBonnMotionFacts(*text) : BonnMotionFacts{};
}

}  // namespace

Result<TraceFormat> FormatOfTrace(std::string_view beginning, const std::string& file) {
  if (beginning.starts_with(kByteOrderMark)) beginning.remove_prefix(kByteOrderMark.size());
  if (Trim(beginning).starts_with('<')) return TraceFormat::kFcd;
  std::vector<std::string_view> lines;
  const char line_end = beginning.find('\n') == beginning.npos ? '\r' : '\n';
  for (const std::string_view whole : Split(beginning, line_end)) {
    const std::string_view line = Trim(whole);
    if (line.empty() || line.starts_with('#')) continue;
    // Scripts of ns-2 may begin with settings.
    if (IsNs2Line(line)) return TraceFormat::kNs2;
    lines.push_back(line);
  }
  if (lines.empty()) return BadFile("it has no line", kFormatHint).At(file);
  if (AreRowsInTime(lines))
    return BadFile(
               "each line has one time, and they rise from line to line: these look like rows of "
               "time, id, x and y, not like nodes of BonnMotion",
               "write time id x y (as the columns are) or The ONE's line of bounds into the first "
               "line; if they are nodes: mobility.format = \"bonnmotion\"")
        .At(file + ":1");
  if (!NumbersOf(lines[0]).empty())
    return lines.size() > 1 && AreOneLines(lines[0], lines[1]) ? TraceFormat::kOne
                                                               : TraceFormat::kBonnMotion;
  // A header of a table has a time; its reader tells what else is missing.
  const std::string first = Lower(lines[0]);
  if (first.find_first_of(",;\t|") != first.npos || first.find("time") != first.npos ||
      first.find(" t ") != first.npos)
    return TraceFormat::kCsv;
  return BadFile("this looks like no trace of movement", kFormatHint).At(file + ":1");
}

Result<Trace> ReadTrace(TraceSource& source, std::string_view format,
                        const BonnMotionFacts& facts) {
  DELSTEP_ASSIGN(const std::string_view beginning, source.Beginning());
  TraceFormat kind = TraceFormat::kCsv;
  if (format == "auto") {
    DELSTEP_ASSIGN(kind, FormatOfTrace(beginning, source.name()));
  } else {
    kind = format == "ns2"          ? TraceFormat::kNs2
           : format == "bonnmotion" ? TraceFormat::kBonnMotion
           : format == "fcd"        ? TraceFormat::kFcd
           : format == "one"        ? TraceFormat::kOne
                                    : TraceFormat::kCsv;
  }
  const auto read = [&]() -> Result<Trace> {
    switch (kind) {
      case TraceFormat::kNs2:
        return ReadNs2(source);
      case TraceFormat::kBonnMotion:
        return ReadBonnMotion(source, facts);
      case TraceFormat::kFcd:
        return ReadFcd(source);
      case TraceFormat::kOne:
        return ReadOneMovement(source);
      case TraceFormat::kCsv:
        break;
    }
    return ReadCsvTrace(source);
  };
  DELSTEP_ASSIGN(Trace trace, read());
  if (trace.tracks.empty()) return BadFile("nobody is anywhere in it").At(source.name());
  return trace;
}

Result<Trace> ReadTraceFile(const std::string& path, std::string_view format) {
  DELSTEP_ASSIGN(FileSource file, OpenTrace(path));
  TraceSource source(file);
  return ReadTrace(source, format, FactsBeside(path));
}

}  // namespace delstep
