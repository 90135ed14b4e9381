#pragma once
/// The field that nodes move in.
#include "delstep/scenario.h"

namespace delstep {

/// mobility.area; where nobody set it, 1000 x 1000 metres for the topology `radio`, and the unit
/// square for all others (the radius of `geometric` is in sides of it then).
inline Area FieldOf(const Scenario& scenario) {
  if (scenario.mobility.area) return *scenario.mobility.area;
  return scenario.topology.name == "radio" ? Area{1000, 1000} : Area{};
}

}  // namespace delstep
