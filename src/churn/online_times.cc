#include "churn/online_times.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "node_table/node_table.h"

namespace delstep {
namespace {

constexpr double kMostSeconds = 1e9;  // 31 years, well below the end of the clock
constexpr NodeColumn kColumns[] = {{.name = "from", .most = kMostSeconds},
                                   {.name = "to", .most = kMostSeconds}};

struct Interval {
  Duration from, to;
};

Duration Rounded(double seconds) { return Duration(std::llround(seconds * 1e9)); }

/// Of "# period 86400" in the first line; nothing where that is no such line.
Result<std::optional<Duration>> PeriodOf(std::string_view text, std::string_view file) {
  constexpr std::string_view kWord = "period";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::string_view line = Trim(text.substr(0, text.find('\n')));
  if (!line.starts_with('#')) return std::optional<Duration>();
  line = Trim(line.substr(1));
  if (!line.starts_with(kWord)) return std::optional<Duration>();
  line = Trim(line.substr(kWord.size()));
  const auto seconds = ParseReal(line);
  if (!seconds || !(*seconds >= 1 && *seconds <= kMostSeconds))
    return BadFile(fmt::format("{} is no period", QuotedField(line)),
                   "write a number of seconds from 1 to 1e9: # period 86400")
        .At(fmt::format("{}:1", file));
  return std::optional(Rounded(*seconds));
}

/// Puts overlapping and touching intervals together; what remains are changes, in turns.
OnlineTimes Joined(std::vector<Interval> intervals, std::optional<Duration> period) {
  std::ranges::sort(intervals, {}, [](const Interval& i) { return std::pair(i.from, i.to); });
  OnlineTimes times;
  for (const auto& [from, to] : intervals) {
    if (!times.changes.empty() && from <= times.changes.back()) {
      times.changes.back() = std::max(times.changes.back(), to);
    } else {
      times.changes.insert(times.changes.end(), {from, to});
    }
  }
  times.begins_online = times.changes.front() == Duration{0};
  if (!period) {
    // At the start nothing changes: the node is there.
    if (times.begins_online) times.changes.erase(times.changes.begin());
    return times;
  }
  // What ends a period and begins the next is one time.
  if (times.changes.back() == *period) {
    times.changes.pop_back();
    if (times.begins_online)
      times.changes.erase(times.changes.begin());
    else
      times.changes.insert(times.changes.begin(), Duration{0});  // it goes then
  }
  return times;
}

}  // namespace

Result<OnlineTable> ParseOnlineTimes(std::string_view text, std::string_view file,
                                     const NodesOptions& nodes) {
  OnlineTable result;
  DELSTEP_ASSIGN(result.period, PeriodOf(text, file));
  DELSTEP_ASSIGN(NodeTable table, ParseNodeTable(text, file, kColumns, nodes));
  std::unordered_map<std::uint32_t, std::vector<Interval>> intervals;
  for (const NodeTable::Row& row : table.rows) {
    const Interval interval{Rounded(row.values[0]), Rounded(row.values[1])};
    if (interval.from >= interval.to)
      return AtRow(file, row,
                   fmt::format("from {} to {} is no time", ShortestReal(row.values[0]),
                               ShortestReal(row.values[1])),
                   "`to` is after `from`, in seconds");
    if (result.period && interval.to > *result.period)
      return AtRow(file, row,
                   fmt::format("{} is after the end of the period, {}", ShortestReal(row.values[1]),
                               ShortestReal(Seconds(*result.period))),
                   "a time over the end is two: one up to it, and one from 0");
    intervals[static_cast<std::uint32_t>(row.node)].push_back(interval);
  }
  for (auto& [node, own] : intervals)
    result.nodes.emplace(node, Joined(std::move(own), result.period));
  result.notes = std::move(table.notes);
  if (table.missing > 0)
    result.notes.push_back(fmt::format("{}: {} of {} are not in it, and always online", file,
                                       table.missing, Count(nodes.count, "node")));
  return result;
}

}  // namespace delstep
