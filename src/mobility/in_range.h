#pragma once
/// When two nodes are in range of each other, from their legs.
#include <optional>

#include "delstep/mobility.h"

namespace delstep {

/// From `begins` (included) to `ends` (not included); begins < ends.
struct Span {
  SimTime begins, ends;
  friend bool operator==(Span, Span) = default;
};

/// The part of the time common to both legs in which the nodes are at most `range` apart, in the
/// plane; it is one piece, as the distance of two points at constant speed falls, then rises.
/// Nothing where there is none, or where it is less than a nanosecond: where the way of one only
/// touches the circle around the other. A node that is not present is in nobody's range.
///
/// With p and v the difference of places (at the later of the two beginnings) and of velocities,
/// |p + v t| = range at t = -p.v/v^2 +- sqrt(range^2 - h^2)/|v|, where h = |p x v|/|v| is how
/// near they come. In this form large numbers are not subtracted from each other. Times are rounded
/// to the nearest nanosecond. They depend on the two legs alone, so that whoever looks at another
/// part of the time finds the same.
std::optional<Span> InRange(const Leg& a, const Leg& b, double range);

}  // namespace delstep
