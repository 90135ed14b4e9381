#pragma once
/// Who sent to whom, group by group and moment by moment: /api/flows of
/// docs/internals/page-server.md.
///
/// A page with many nodes has no single messages. It draws one mark per pair of groups and
/// direction, and these are its numbers. A node counts for the first group that it is in, as the
/// groups were at the end of the moment; messages inside of a group, and of nodes without a group,
/// are left out. A message counts as sent in the moment that put it on the wire, and as lost in the
/// moment that noticed the loss.
///
///   flows.Note(event);                                  // each event of a command
///   flows.EndMoment(41, simulation.Groups());           // the command has ended in moment 41
///   flows.Json(way, {.columns = 20, .names = names});   // anybody, at any time
///
/// Fed on the thread of the command. Threads: any.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "console/history/moments.h"
#include "delstep/event.h"
#include "delstep/simulation.h"
#include "delstep/types.h"

namespace delstep {

class GroupFlows {
 public:
  /// Flows that are kept, over all moments; beyond it the lowest moments are forgotten.
  static constexpr std::size_t kMostFlows = 1'000'000;

  explicit GroupFlows(std::size_t most_flows = kMostFlows) : most_flows_(most_flows) {}

  /// Counts what is sent and lost. Going to another moment drops what was counted since the last
  /// one.
  void Note(const Event& event);
  /// What was counted belongs to this moment, from now on: made again, it is told anew.
  void EndMoment(MomentNumber moment, std::span<const GroupView> groups);

  struct Question {
    std::size_t columns = 20;  ///< at most; the way is cut as by HeatParts()
    /// The groups that are asked for, in order: flows tell their places in this list.
    std::vector<std::string> names{};
  };
  /// `way`: from the start to a moment. Without messages between groups "flows" is empty.
  std::string Json(std::span<const MomentNumber> way, const Question& question) const;

 private:
  struct Counts {
    std::uint64_t sent = 0, lost = 0;
  };
  using Pair = std::pair<NodeId, NodeId>;
  using Flows = std::map<std::pair<std::string, std::string>, Counts>;

  const std::size_t most_flows_;
  std::map<Pair, Counts> open_;  // since the last moment; of the thread of the command
  mutable std::mutex mutex_;
  std::map<MomentNumber, Flows> moments_;  // guarded by mutex_, as is the next one
  std::size_t flows_ = 0;
};

}  // namespace delstep
