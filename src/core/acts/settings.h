#pragma once
/// Settings that `set` changes during a run.
///
/// Errors: of values that the parts refuse, or that need models of another layout; then nothing has
///   changed, except what a failing network took of a new default link.
/// Threads: one caller at a time.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// Takes over `changed`, which differs from the run's scenario in `key` only; `value` is its text,
/// for the event. Returns what the user should know (see Simulation::Reconfigure).
Result<std::vector<std::string>> Reconfigure(Run& run, const Scenario& changed,
                                             std::string_view key, std::string_view value);
/// The same for some nodes only.
Result<void> Reconfigure(Run& run, const Scenario& changed, std::string_view key,
                         std::string_view value, std::span<const NodeId> nodes);

}  // namespace delstep
