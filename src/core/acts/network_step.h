#pragma once
/// The network step: queued messages go on the wire, the network carries them, and what arrives
/// comes into inboxes.
///
/// Units: simulated nanoseconds. A step without a duration lasts `network.step`, and where that is
/// empty too, until the messages have ended.
/// Order: messages are sent in the order of queueing. What has waited is delivered first, node by
/// node, then the outcomes of this step by (time, order of sending).
/// Errors: kRefused, before anything has changed, if simulated time would pass its end. Those of a
/// network that fails come through: what it took before it failed is on the wire, all else is still
/// queued, and no time has passed. A single message that it refuses is no error (see PutOnWire).
/// Threads: one caller at a time.
#include <optional>
#include <span>
#include <stop_token>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// A step of all nodes. Messages of nodes that are down stay queued.
Result<NetworkReport> NetworkStep(Run& run, std::optional<Duration> duration,
                                  std::stop_token stop = {});

/// A step of some nodes, which are up: their messages are sent, and it lasts (without a duration)
/// until those and all in flight to these nodes have ended. What arrives for other nodes waits.
Result<NetworkReport> NetworkStep(Run& run, std::span<const NodeId> nodes,
                                  std::optional<Duration> duration, std::stop_token stop = {});

/// What is queued goes on the wire now: the messages of all nodes that are up, in order of queueing.
/// Counts them in `report`. On an error what was not sent stays queued.
Result<void> TransmitAll(Run& run, NetworkReport& report);

}  // namespace delstep
