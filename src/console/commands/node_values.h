#pragma once
/// What a scenario says of single nodes: groups, and values, `training.at.SELECTORS.KEY`.
#include <optional>

#include "console/language/selector.h"
#include "delstep/result.h"
#include "delstep/simulation.h"
#include "scenario/config.h"

namespace delstep {

/// Makes the groups of the scenario, in the order written. Errors: as of selectors, at the place
/// where the group stands.
Result<void> CreateGroups(Simulation& simulation, const Config& config);

/// Gives the nodes of a new run the values that the scenario has for them, in the order written.
/// Groups must have been created. Errors: as of selectors, at the place where the value stands.
Result<void> ApplyNodeValues(Simulation& simulation, const Config& config);

/// Where the node's own value of `key` was written in the scenario; nothing if it is not from
/// there, or has been changed by `set` to something else.
std::optional<Origin> OriginOfNodeValue(const Config& config, const Directory& directory,
                                        NodeId node, std::string_view key, std::string_view value);

}  // namespace delstep
