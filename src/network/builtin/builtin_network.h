#pragma once
/// The default network: discrete events in virtual time, one private link for each ordered pair of
/// nodes.
#include <cstdint>
#include <memory>

#include "delstep/network.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// A network of no nodes at time 0, whose links have the properties `options.link`.
///
/// A link sends one message after the other, and no link shares its bandwidth with another:
///   start = max(now, end of the transmission before it; just now where the bandwidth is infinite)
///   done = start + ceil(8e9 * bytes / bandwidth) ns
///   arrival = done + latency; so with random latencies a message may overtake another.
/// The arrival is fixed when the message is sent. Number k of a message on its link counts all that
/// were sent from its one end to the other, transmitted or not, whatever the properties were; the
/// k-th draws its loss from the stream (seed, kLoss, link, k) and its latency from
/// (seed, kLatency, link, k), k from 0.
/// Latencies are whole nanoseconds: drawn among the integers of [a, b) if uniform, rounded to the
/// nearest otherwise. Requires a >= 0 and b >= 0.
///
/// A message to a node that is down travels all the same, and arrives if the node is up by then.
/// One that an end or the link takes with it by going away also frees the link. A message counts as
/// on the way until it was reported, even if its arrival is now.
///
/// What is withdrawn leaves its link busy as it was; arrivals are known from the sending on.
///
/// Errors: Send() refuses (kRefused) a message that would arrive after the last simulated
/// nanosecond, 292 years after the start. The factory itself never fails.
///
/// Cost: a look-up of the link and a heap operation a message; memory for messages on the way (56
/// bytes each) and for links that were used (24 bytes each) or set. Detach(), SetUp() and SetLink()
/// that take something down, Drain() and Withdraw() look at each message on the way. Clone() takes
/// a bit per node: link records and messages on the way are shared, and copied (by sender; as a
/// whole) when one of the two changes them.
Result<std::unique_ptr<Network>> MakeBuiltinNetwork(const NetworkOptions& options,
                                                    std::uint64_t seed);

}  // namespace delstep
