#pragma once
/// The network as a whole: one that has gone, and one that takes its place. Only packet backends
/// can go: their helper programs die, or are killed.
///
/// Threads: one caller at a time.
#include <cstddef>
#include <span>
#include <utility>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

/// What was on the way in a network that has gone is lost now (LossReason::kBackend). Returns how
/// many messages. What had ended before, and nobody has handled yet, stays ended.
std::size_t LoseWithBackend(Run& run);

/// Passes the result of a call on that may have met the end of the network, and counts what went
/// with it. Every function of Simulation that uses the network returns through here.
template <class T>
Result<T> Settled(Run& run, Result<T> result) {
  if (!result && run.world.network->failure()) LoseWithBackend(run);
  return result;
}

/// See Simulation::RestartNetwork().
Result<std::size_t> RestartNetwork(Run& run);

/// Gives these nodes the up- and downlinks that the settings and compute.file say. Does nothing
/// where nodes share no bandwidth. Errors: those of the network.
Result<void> GiveCapacities(const Engine& engine, Network& network, std::span<const NodeId> nodes);

/// A network for which it matters where nodes are is told so for the next while, unless it knows.
/// Time must not pass beyond its legs_until() then. Does nothing for all other networks. Errors:
/// those of the network.
Result<void> TellLegs(Run& run);
/// The same of one node that has come, or was put elsewhere.
Result<void> TellLegsOf(Run& run, NodeId node);

}  // namespace delstep
