#pragma once
/// A run as bytes and back. The form of the bytes: docs/internals/checkpoints.md.
#include <memory>
#include <string_view>

#include "core/engine/run.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/saved_state.h"
#include "delstep/scenario.h"

namespace delstep {

/// The state of `world`, which is the run's own or a moment of it. Errors: those of Network::Save().
Result<SavedState> SaveRun(const Engine& engine, const World& world);

/// The run that was saved: see Simulation::Resume().
Result<std::unique_ptr<Run>> ResumeRun(const Scenario& scenario, const Registry& registry,
                                       std::string_view state);

}  // namespace delstep
