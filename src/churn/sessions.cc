#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <vector>

#include "churn/churns.h"
#include "churn/presence_order.h"
#include "delstep/churn.h"
#include "delstep/random.h"

namespace delstep {
namespace {

/// A stay of this many seconds, in whole nanoseconds. Without a least length a distribution with a
/// tiny shape would have a node come and go without end in no time.
Duration StayOf(double seconds) {
  constexpr Duration kShortest = std::chrono::milliseconds(1);
  // Beyond the clock's end, which is at about 9.2e9 s; also where the draw is infinite.
  if (!(seconds < 9e9)) return Duration::max();
  return std::max(kShortest, Duration(std::llround(seconds * 1e9)));
}

class Sessions final : public Churn {
 public:
  explicit Sessions(const Scenario& scenario)
      : seed_(scenario.seed), on_(scenario.churn.on), off_(scenario.churn.off) {}

 private:
  /// What is known of one node so far. Stay k is online where `begins_online` and k is even, or
  /// neither; stay k + 1 begins when stay k ends.
  struct Plan {
    bool begins_online = false;
    std::vector<SimTime> ends;  // of stay 0, 1, ...; ascending, the last one perhaps max()
    bool IsOnlineIn(std::size_t stay) const { return begins_online == (stay % 2 == 0); }
  };

  bool DoIsOnline(NodeId node, SimTime time) const override {
    const Plan& plan = Until(node, time);
    return plan.IsOnlineIn(StayAt(plan, time));
  }

  std::vector<PresenceChange> DoChanges(std::size_t nodes, SimTime after,
                                        SimTime until) const override {
    std::vector<PresenceChange> changes;
    for (std::size_t i = 0; i < nodes; ++i) {
      const auto node = static_cast<NodeId>(i);
      const Plan& plan = Until(node, until);
      for (std::size_t stay = StayAt(plan, after); plan.ends[stay] <= until; ++stay) {
        if (plan.ends[stay] == SimTime::max()) break;  // for ever
        changes.push_back(
            {.at = plan.ends[stay], .node = node, .present = plan.IsOnlineIn(stay + 1)});
      }
    }
    PutInOrder(changes);
    return changes;
  }

  SimTime DoRestsFrom() const override { return SimTime::max(); }

  /// The first stay that ends after `time`. Requires that it is known.
  static std::size_t StayAt(const Plan& plan, SimTime time) {
    const auto end = std::ranges::upper_bound(plan.ends, time);
    // At the very end of the clock: the last stay goes on.
    return static_cast<std::size_t>(std::min(end, plan.ends.end() - 1) - plan.ends.begin());
  }

  /// Draws stays until one ends after `time`. How far others have been drawn makes no difference,
  /// as each stay has a stream of its own.
  const Plan& Until(NodeId node, SimTime time) const {
    if (plans_.size() <= Index(node)) plans_.resize(Index(node) + 1);
    Plan& plan = plans_[Index(node)];
    while (plan.ends.empty() || (plan.ends.back() <= time && plan.ends.back() != SimTime::max())) {
      const std::size_t stay = plan.ends.size();
      Random random(MakeKey(seed_, Purpose::kChurn, Index(node), stay));
      if (stay == 0) plan.begins_online = random.Chance(on_.mean() / (on_.mean() + off_.mean()));
      const Duration length = StayOf((plan.IsOnlineIn(stay) ? on_ : off_).Draw(random));
      const SimTime begins = stay == 0 ? SimTime{} : plan.ends.back();
      plan.ends.push_back(length < SimTime::max() - begins ? begins + length : SimTime::max());
    }
    return plan;
  }

  std::uint64_t seed_;
  Distribution on_, off_;
  mutable std::vector<Plan> plans_;  // by node, as far as they were asked for
};

}  // namespace

Result<std::unique_ptr<Churn>> MakeSessions(const Scenario& scenario) {
  for (const auto& [key, stay] :
       {std::pair("churn.on", &scenario.churn.on), std::pair("churn.off", &scenario.churn.off)})
    if (!(stay->mean() > 0))
      return UsageError(std::string(key) + " must be above 0", "for example exponential(30min)")
          .About(key);
  return std::make_unique<Sessions>(scenario);
}

}  // namespace delstep
