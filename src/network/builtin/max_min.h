#pragma once
/// Max-min fair rates of transfers that share resources.
///
/// Rates are max-min fair if no transfer can be given more without taking from one that has no more
/// than it. Progressive filling finds them (D. Bertsekas, R. Gallager, Data Networks, 2nd ed. 1992,
/// section 6.5.2): all rates grow together from 0; when a resource is used up, those who use it stop
/// growing, and so does who reaches a limit of its own; the others go on.
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace delstep {

/// What one transfer asks for.
struct Demand {
  std::uint32_t up, down;  ///< the two resources that it uses, which differ: places in `capacities`
  double limit;            ///< never more than this; above 0, may be infinite
};

/// A rate as a share: capacity / sharers, in the unit of the capacities. Kept as two numbers, as a
/// third of 1 Mbit/s is none that a double holds: times computed from it stay exact.
struct Rate {
  double capacity = std::numeric_limits<double>::infinity();
  double sharers = 1;
  double value() const { return capacity / sharers; }
};

/// The rate of each demand, in their order. Capacities are above 0; an infinite one limits nobody,
/// and a transfer that nothing limits has an infinite rate.
/// Deterministic: equal input gives equal bits. Groups of demands that share nothing do not change
/// each other's rates by a bit.
/// Cost: O((d + r) log(d + r)) for d demands and r resources that they use, and one pass over the
/// capacities.
std::vector<Rate> MaxMinRates(std::span<const Demand> demands, std::span<const double> capacities);

}  // namespace delstep
