#pragma once
/// start.json of a run directory: what the run began with, for a page that follows its events from
/// there (`delstep view DIR`).
///
///   {"v":1,"hello":{...},"state":{...},"links":{...},"labels":{...}}
///
/// The last three are those of /api/state, /api/links and /api/labels at moment 0, see
/// docs/internals/page-server.md; `hello` has what stays as it is. Equal runs have equal files.
#include <optional>
#include <string>

#include "delstep/scenario.h"
#include "delstep/simulation.h"

namespace delstep {

/// `scenario`: what the run is called.
std::string StartJson(const Simulation& simulation, const std::string& scenario);

/// The field in which a page draws the nodes. Nothing where their places mean nothing: then it lays
/// them out as it likes.
std::optional<Area> DrawnArea(const Scenario& scenario);

}  // namespace delstep
