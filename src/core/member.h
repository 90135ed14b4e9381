#pragma once
/// What a process does that does not lead: it holds rows and computes with them, as the leader orders
/// (core/cluster/orders.h).
#include <functional>
#include <string_view>

#include "cluster/processes.h"
#include "core/cluster/cluster.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// Makes a scenario of the bytes that Cluster::SaveScenario made.
using LoadSavedScenario = std::function<Result<Scenario>(std::string_view)>;

/// Carries out orders until the leader says that the run is over. Requires processes.self() > 0.
/// Registry::cluster is for who leads, and is not looked at.
///
/// Errors of an order go back to the leader. An order that cannot be read is a fault of the program:
/// assert.
/// Threads: the caller, and one more while a training or a test runs.
void ServeRun(Processes& processes, const Registry& registry, const LoadSavedScenario& load);

}  // namespace delstep
