#include "network/builtin/max_min.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <queue>
#include <utility>

namespace delstep {
namespace {

class ProgressiveFilling {
 public:
  ProgressiveFilling(std::span<const Demand> demands, std::span<const double> capacities);
  std::vector<Rate> Fill();

 private:
  /// How far rates can grow until the resource is used up. It never falls as others stop growing:
  /// whoever stops took no more than this share. Rounding must not make it fall either.
  double Share(std::uint32_t resource) const {
    return std::max(level_, left_[resource] / growing_[resource]);
  }
  void Count(std::uint32_t resource) {
    if (!std::isinf(left_[resource])) ++growing_[resource];
  }
  void Join(std::uint32_t resource, std::uint32_t demand) {
    if (!std::isinf(left_[resource])) users_[first_[resource] + filled_[resource]++] = demand;
  }
  void Stop(std::uint32_t demand, const Rate& rate, double value);
  void Leave(std::uint32_t resource, double value) {
    if (std::isinf(left_[resource])) return;
    left_[resource] -= value;
    --growing_[resource];
  }
  /// The resource that is used up next, at its present share; false if none is left.
  bool FindTightest();

  using Tight = std::pair<double, std::uint32_t>;  // share, resource

  std::span<const Demand> demands_;
  double level_ = 0;                                   // the rate of all that still grow
  std::vector<double> left_, growing_;                 // by resource; growing: how many
  std::vector<std::uint32_t> first_, filled_, users_;  // users of a resource: from first_ on
  std::priority_queue<Tight, std::vector<Tight>, std::greater<>> tight_;
  std::vector<Rate> rates_;
  std::vector<bool> stopped_;  // by demand
};

ProgressiveFilling::ProgressiveFilling(std::span<const Demand> demands,
                                       std::span<const double> capacities)
    : demands_(demands),
      left_(capacities.begin(), capacities.end()),
      growing_(capacities.size()),
      first_(capacities.size()),
      filled_(capacities.size()),
      rates_(demands.size()),
      stopped_(demands.size()) {
  for (const Demand& demand : demands) {
    Count(demand.up);
    Count(demand.down);
  }
  std::uint32_t next = 0;
  std::vector<Tight> tight;
  for (std::uint32_t resource = 0; resource < left_.size(); ++resource) {
    first_[resource] = next;
    next += static_cast<std::uint32_t>(growing_[resource]);
    if (growing_[resource] > 0) tight.emplace_back(Share(resource), resource);
  }
  tight_ = decltype(tight_)(std::greater<>(), std::move(tight));
  users_.resize(next);
  for (std::uint32_t demand = 0; demand < demands.size(); ++demand) {
    Join(demands[demand].up, demand);
    Join(demands[demand].down, demand);
  }
}

void ProgressiveFilling::Stop(std::uint32_t demand, const Rate& rate, double value) {
  stopped_[demand] = true;
  rates_[demand] = rate;
  Leave(demands_[demand].up, value);
  Leave(demands_[demand].down, value);
}

// Shares only rise. So an entry that is out of date stands too far in front, and is put back.
bool ProgressiveFilling::FindTightest() {
  while (!tight_.empty()) {
    const auto [share, resource] = tight_.top();
    if (growing_[resource] > 0 && Share(resource) <= share) return true;
    tight_.pop();
    if (growing_[resource] > 0) tight_.emplace(Share(resource), resource);
  }
  return false;
}

std::vector<Rate> ProgressiveFilling::Fill() {
  std::vector<std::uint32_t> by_limit(demands_.size());
  std::iota(by_limit.begin(), by_limit.end(), 0u);
  std::erase_if(by_limit, [&](std::uint32_t demand) { return std::isinf(demands_[demand].limit); });
  std::ranges::stable_sort(by_limit, {}, [&](std::uint32_t d) { return demands_[d].limit; });
  auto limited = by_limit.begin();
  for (;;) {
    // What comes first stops: a demand at its own limit, or a resource with all who use it.
    while (limited != by_limit.end() && stopped_[*limited]) ++limited;
    const bool any = FindTightest();
    if (limited != by_limit.end() && (!any || demands_[*limited].limit <= tight_.top().first)) {
      const double limit = demands_[*limited].limit;
      level_ = std::max(level_, limit);
      Stop(*limited, {.capacity = limit, .sharers = 1}, limit);
    } else if (any) {
      const auto [share, resource] = tight_.top();
      tight_.pop();
      level_ = share;
      // Those who share here, each with its part of what is left.
      Rate rate{.capacity = left_[resource], .sharers = growing_[resource]};
      // Rounding may have taken too much: then the share that was reached holds.
      if (!(rate.value() >= share)) rate = {.capacity = share, .sharers = 1};
      const std::uint32_t begin = first_[resource], end = begin + filled_[resource];
      for (std::uint32_t place = begin; place < end; ++place)
        if (!stopped_[users_[place]]) Stop(users_[place], rate, share);
    } else {
      return std::move(rates_);
    }
  }
}

}  // namespace

std::vector<Rate> MaxMinRates(std::span<const Demand> demands, std::span<const double> capacities) {
  return ProgressiveFilling(demands, capacities).Fill();
}

}  // namespace delstep
