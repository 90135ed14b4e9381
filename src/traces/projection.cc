#include "traces/projection.h"

#include <cmath>

namespace delstep {
namespace {

constexpr double kEarthRadius = 6371008.8, kDegree = 3.14159265358979323846 / 180;

/// A difference of longitudes as the short way round, within 180 degrees.
double ShortWay(double degrees) {
  while (degrees > 180) degrees -= 360;
  while (degrees < -180) degrees += 360;
  return degrees;
}

/// The cosine of an angle of at most a right one, by its series: the C library's has other last
/// bits on other machines. The twelfth term is below 1e-14 of the first.
double CosineOf(double radians) {
  const double square = radians * radians;
  double term = 1, sum = 1;
  for (int i = 1; i <= 12; ++i) {
    term *= -square / ((2 * i - 1) * (2 * i));
    sum += term;
  }
  return sum;
}

}  // namespace

void Projection::Add(Place place) {
  if (count_ == 0) first_lon_ = place.lon;
  lon_sum_ += ShortWay(place.lon - first_lon_);
  lat_sum_ += place.lat;
  ++count_;
}

Projection::Metres Projection::At(Place place) const {
  const double lat0 = lat_sum_ / count_, lon0 = first_lon_ + lon_sum_ / count_;
  return {.x = kEarthRadius * CosineOf(lat0 * kDegree) * (ShortWay(place.lon - lon0) * kDegree),
          .y = kEarthRadius * ((place.lat - lat0) * kDegree)};
}

}  // namespace delstep
