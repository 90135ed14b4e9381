#pragma once
/// The network of Mininet: real packets between network namespaces, moved by the kernel of this
/// machine and looked after by a helper program in Python.
#include <memory>
#include <string>

#include "delstep/network.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// A network of `scenario.mininet`, whose links begin as `scenario.network.link`. Each direction of
/// a mesh has loss, latency and bandwidth of its own; a loss is per packet, latencies are constant.
/// Messages travel over TCP.
///
/// The clock is the wall's, but counts only while the network is asked to let time pass, and jumps
/// over times in which nothing is on the way. No run repeats exactly, so one can neither go back
/// nor save.
///
/// The helper has network, mounts and processes of its own (unshare): whatever happens, nothing of
/// it is left on the machine. That needs root, or a system that allows user namespaces.
///
/// Errors: kUsage for options that do not go together, with the key; kUnavailable with the name of
/// the package that is missing, or of what this machine does not allow.
Result<std::unique_ptr<Network>> MakeMininetNetwork(const Scenario& scenario);

/// What it can do; without a version.
NetworkTraits MininetTraits();

/// "Mininet 2.3.0", or "absent". Starts Python for it.
std::string MininetVersion();

}  // namespace delstep
