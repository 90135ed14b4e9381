#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "churn/churns.h"
#include "churn/online_times.h"
#include "churn/presence_order.h"
#include "delstep/churn.h"

namespace delstep {
namespace {

class TraceChurn final : public Churn {
 public:
  explicit TraceChurn(OnlineTable table) : table_(std::move(table)) {
    for (std::string& note : table_.notes) AddNote(std::move(note));
  }

 private:
  bool DoIsOnline(NodeId node, SimTime time) const override {
    const auto found = table_.nodes.find(static_cast<std::uint32_t>(node));
    if (found == table_.nodes.end()) return true;
    const OnlineTimes& times = found->second;
    Duration since = time.time_since_epoch();
    if (table_.period) since %= *table_.period;
    const auto passed = std::ranges::upper_bound(times.changes, since) - times.changes.begin();
    return IsOnlineAfter(times, passed);
  }

  std::vector<PresenceChange> DoChanges(std::size_t nodes, SimTime after,
                                        SimTime until) const override {
    std::vector<PresenceChange> changes;
    for (const auto& [number, times] : table_.nodes) {
      if (number >= nodes || times.changes.empty()) continue;
      if (!table_.period) {
        AddChanges(static_cast<NodeId>(number), times, {}, after, until, changes);
        continue;
      }
      const Duration period = *table_.period;
      // The end of the clock need not be the end of a period.
      const SimTime last = std::min(until, SimTime::max() - period);
      for (SimTime begin{after.time_since_epoch() / period * period}; begin <= last;
           begin += period)
        AddChanges(static_cast<NodeId>(number), times, begin, after, until, changes);
    }
    PutInOrder(changes);
    return changes;
  }

  SimTime DoRestsFrom() const override {
    SimTime last{};
    for (const auto& [number, times] : table_.nodes) {
      if (times.changes.empty()) continue;
      if (table_.period) return SimTime::max();
      last = std::max(last, SimTime{times.changes.back()});
    }
    return last;
  }

  /// Whether the node is online once this many changes have passed. A change at 0 has passed when
  /// the period begins: `begins_online` is how it is then.
  static bool IsOnlineAfter(const OnlineTimes& times, std::ptrdiff_t passed) {
    const std::ptrdiff_t at_begin =
        !times.changes.empty() && times.changes.front() == Duration{0} ? 1 : 0;
    return times.begins_online == ((passed - at_begin) % 2 == 0);
  }

  static void AddChanges(NodeId node, const OnlineTimes& times, SimTime begin, SimTime after,
                         SimTime until, std::vector<PresenceChange>& changes) {
    // At the very start nothing has been before.
    const Duration first =
        begin == SimTime{} ? std::max(after - begin, Duration{0}) : after - begin;
    auto change = std::ranges::upper_bound(times.changes, first);
    for (; change != times.changes.end() && begin + *change <= until; ++change)
      changes.push_back({.at = begin + *change,
                         .node = node,
                         .present = IsOnlineAfter(times, change - times.changes.begin() + 1)});
  }

  OnlineTable table_;
};

}  // namespace

Result<std::unique_ptr<Churn>> MakeTraceChurn(const Scenario& scenario) {
  const ChurnOptions& churn = scenario.churn;
  if (!churn.table)
    return UsageError("churn.name = 'trace' needs churn.file",
                      "name a CSV with the columns node,from,to")
        .About("churn.file");
  DELSTEP_ASSIGN(OnlineTable table, ParseOnlineTimes(*churn.table, churn.file, scenario.nodes));
  return std::make_unique<TraceChurn>(std::move(table));
}

}  // namespace delstep
