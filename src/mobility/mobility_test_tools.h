#pragma once
/// What tests of movement share: many nodes, and where they are all together.
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "delstep/mobility.h"
#include "delstep/scenario.h"

namespace delstep {

inline Distribution Uniformly(double a, double b) {
  return {.kind = Distribution::Kind::kUniform, .a = a, .b = b};
}
inline SimTime At(double seconds) {
  return SimTime{} + Duration(static_cast<Duration::rep>(std::llround(seconds * 1e9)));
}

/// Speeds U[0.5, 1.5] and no pauses, in the unit square unless `area` says otherwise.
inline Scenario Moving(const std::string& name, Area area = {}, std::uint64_t seed = 7) {
  Scenario scenario;
  scenario.seed = seed;
  scenario.mobility.name = name;
  scenario.mobility.area = area;
  return scenario;
}

inline std::vector<NodeId> Nodes(std::uint32_t count) {
  std::vector<NodeId> nodes;
  for (std::uint32_t node = 0; node < count; ++node) nodes.push_back(NodeId{node});
  return nodes;
}
inline std::vector<Position> Places(const Mobility& mobility, std::uint32_t count, SimTime time) {
  std::vector<Position> positions(count);
  mobility.PositionsAt(time, Nodes(count), positions);
  return positions;
}

/// Of nodes in the unit square, at a moment.
struct Picture {
  double central = 0;  ///< share with 0.25 <= x, y <= 0.75
  double strip = 0;    ///< share within 0.1 of a wall
  double square = 0;   ///< mean of |p - centre|^2
  double speed = 0;    ///< mean of |v|
  double moving = 0;   ///< share that moves
};
inline Picture Look(const Mobility& mobility, std::uint32_t count, SimTime time) {
  Picture picture;
  for (const NodeId node : Nodes(count)) {
    const Leg leg = mobility.LegAt(node, time);
    const Position place = leg.At(time);
    const double x = std::abs(place.x - 0.5), y = std::abs(place.y - 0.5);
    picture.central += x <= 0.25 && y <= 0.25;
    picture.strip += x > 0.4 || y > 0.4;
    picture.square += x * x + y * y;
    picture.speed += std::hypot(leg.vx, leg.vy);
    picture.moving += leg.vx != 0 || leg.vy != 0;
  }
  for (double* sum :
       {&picture.central, &picture.strip, &picture.square, &picture.speed, &picture.moving})
    *sum /= count;
  return picture;
}

/// Four standard deviations of a share p among so many.
inline double FourSigma(double p, double count) { return 4 * std::sqrt(p * (1 - p) / count); }

}  // namespace delstep
