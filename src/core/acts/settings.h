#pragma once
/// Settings that `set` changes during a run.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// Takes over what `set` may change (see Simulation::Reconfigure).
Result<std::vector<std::string>> Reconfigure(Run& run, const Scenario& changed,
                                             std::string_view key, std::string_view value);
/// The same for some nodes only.
Result<void> Reconfigure(Run& run, const Scenario& changed, std::string_view key,
                         std::string_view value, std::span<const NodeId> nodes);

}  // namespace delstep
