#include "mobility/in_range.h"

#include <algorithm>
#include <cmath>

namespace delstep {

std::optional<Span> InRange(const Leg& a, const Leg& b, double range) {
  const Span common{std::max(a.begins, b.begins), std::min(a.ends, b.ends)};
  if (common.begins >= common.ends || !a.present || !b.present) return std::nullopt;
  const Position from_a = a.At(common.begins), from_b = b.At(common.begins);
  const double x = from_b.x - from_a.x, y = from_b.y - from_a.y;
  const double vx = b.vx - a.vx, vy = b.vy - a.vy;
  const double square = vx * vx + vy * vy;
  if (square == 0) {
    if (x * x + y * y <= range * range) return common;
    return std::nullopt;
  }
  const double cross = x * vy - y * vx, nearest = std::abs(cross) / std::sqrt(square);
  if (!(nearest < range)) return std::nullopt;
  const double middle = -(x * vx + y * vy) / square;
  const double half = std::sqrt((range - nearest) * (range + nearest) / square);
  // Compared as numbers first: a root may lie beyond the end of time.
  const auto nanoseconds = static_cast<double>((common.ends - common.begins).count());
  const auto moment = [&](double seconds, SimTime beyond) {
    const double after = std::nearbyint(seconds * 1e9);
    if (after <= 0) return common.begins;
    return after < nanoseconds ? common.begins + Duration(static_cast<Duration::rep>(after))
                               : beyond;
  };
  const Span span{moment(middle - half, common.ends), moment(middle + half, common.ends)};
  if (span.begins >= span.ends) return std::nullopt;
  return span;
}

}  // namespace delstep
