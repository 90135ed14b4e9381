#pragma once
/// The network of ns-3: packets, simulated in a helper program of its own, delstep-ns3. ns-3 is
/// under the GPL, version 2; nothing of it is in this program.
#include <memory>
#include <string>
#include <string_view>

#include "delstep/network.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// A network of `scenario.ns3`, whose links begin as `scenario.network.link`. What can be asked of
/// links depends on ns3.topology:
///
///   mesh   each direction has loss, latency and bandwidth of its own
///   star   all links have the same loss, latency and bandwidth; nodes have up- and downlinks
///          (SetCapacity()), which all of their messages share
///   csma   all links have the same loss and latency; one bandwidth for all, fixed at the start
///   wifi   all links have the same loss; the rest is the radio's. Who hears whom follows from
///          where nodes are (SetLegs()) and radio.range
///
/// A single link can go down and come back everywhere. A loss is per packet. Latencies are
/// constant. The time is simulated, so that a run repeats exactly, and one can go back.
///
/// Errors: kUsage for options that do not go together, with the key; kUnavailable if the helper is
/// missing, or does not begin.
Result<std::unique_ptr<Network>> MakeNs3Network(const Scenario& scenario);

/// What it can do with this ns3.topology; without a version.
NetworkTraits Ns3Traits(std::string_view topology);

/// Why this program has no helper for ns-3, and what to install; empty: it was built with one.
std::string Ns3Absence();

/// "ns-3 3.37", or "absent". Starts nothing.
std::string Ns3Version();

}  // namespace delstep
