#pragma once
/// When nodes are online, as a file says it: a table of nodes (node_table/node_table.h) with the
/// columns `node,from,to`, in seconds since the start of the run:
///
///   # period 86400            the first line, if at all: everything comes again after a day
///   node,from,to
///   10.0.0.1,0,3600           online from the start, for an hour
///   10.0.0.1,7200,10800.5
///   anna,600,86400
///
/// A node is online from `from` (included) to `to` (not included), rounded to nanoseconds. Times of
/// a node that overlap or touch are one. With a period, `to` is at most the period, and a node that
/// is online at the end of one and at the beginning of the next does not go in between.
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "delstep/result.h"
#include "delstep/scenario.h"
#include "delstep/types.h"

namespace delstep {

/// One node's plan, or one period of it.
struct OnlineTimes {
  bool begins_online = false;
  /// When it goes or comes, in turns; ascending. With a period, a change may be at 0: that is one
  /// at the end of each period, and `begins_online` counts it in already.
  std::vector<Duration> changes{};
  friend bool operator==(const OnlineTimes&, const OnlineTimes&) = default;
};

struct OnlineTable {
  std::unordered_map<std::uint32_t, OnlineTimes> nodes;  ///< by number; others are always online
  std::optional<Duration> period;
  std::vector<std::string> notes;
};

/// Errors: kFile, with `where` = "file:line"; those of ParseNodeTable(), a `to` that is not after
/// its `from`, and a period that is no number or ends before a `to`.
Result<OnlineTable> ParseOnlineTimes(std::string_view text, std::string_view file,
                                     const NodesOptions& nodes);

}  // namespace delstep
