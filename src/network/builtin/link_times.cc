#include "network/builtin/link_times.h"

#include <algorithm>
#include <cmath>

namespace delstep {

std::optional<Duration> WholeNanoseconds(double nanoseconds) {
  if (!(nanoseconds < 0x1p63)) return std::nullopt;
  return Duration(static_cast<Duration::rep>(nanoseconds));
}

std::optional<SimTime> Later(std::optional<SimTime> time, std::optional<Duration> by) {
  if (!time || !by || *by > SimTime::max() - *time) return std::nullopt;
  return *time + *by;
}

std::optional<Duration> TransmissionTime(Bytes bytes, double bandwidth) {
  return WholeNanoseconds(std::ceil(static_cast<double>(bytes) * 8e9 / bandwidth));
}

std::optional<Duration> DrawLatency(const Latency& latency, RandomKey key) {
  Random random(key);
  const auto a = static_cast<double>(latency.a.count());
  const auto b = static_cast<double>(latency.b.count());
  switch (latency.kind) {
    case Latency::Kind::kConstant:
      break;
    case Latency::Kind::kUniform:
      if (latency.b <= latency.a) break;
      return latency.a + Duration(static_cast<Duration::rep>(random.Below(
                             static_cast<std::uint64_t>((latency.b - latency.a).count()))));
    case Latency::Kind::kNormal:
      return WholeNanoseconds(std::round(std::max(0.0, a + b * random.Normal())));
    case Latency::Kind::kExponential:
      return WholeNanoseconds(std::round(a * random.Exponential()));
  }
  return latency.a;
}

}  // namespace delstep
