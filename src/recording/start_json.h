#pragma once
/// start.json of a run directory: what the run began with, for a page that follows its events from
/// there (`delstep view DIR`).
///
///   {"v":1,"commands":0,"hello":{...},"state":{...},"links":{...},"labels":{...}}
///
/// The last three are those of /api/state, /api/links and /api/labels at moment 0, see
/// docs/internals/page-server.md; `commands` is the number of the first one in metrics.csv, and `hello` has what stays as it is. Equal runs have equal files.
#include <cstdint>
#include <optional>
#include <string>

#include "delstep/scenario.h"
#include "delstep/simulation.h"

namespace delstep {

/// `scenario`: what the run is called. `commands`: how many there were before, where it was resumed.
std::string StartJson(const Simulation& simulation, const std::string& scenario,
                      std::uint64_t commands);

/// The field in which a page draws the nodes. Nothing where their places mean nothing: then it lays
/// them out as it likes.
std::optional<Area> DrawnArea(const Scenario& scenario);

}  // namespace delstep
