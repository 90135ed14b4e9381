#pragma once
/// The default network: discrete events in virtual time, one link for each ordered pair of nodes,
/// and, if wanted, one uplink and one downlink for each node.
#include <cstdint>
#include <memory>

#include "delstep/network.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// A network of no nodes at time 0, whose links have the properties `options.link`, and whose nodes
/// share bandwidth as `options.sharing` says. In all three modes a message that meets no other takes
///
///   8e9 * bytes / (the smallest of uplink, link and downlink, bit/s) ns, rounded up, + latency:
///
/// bits stream through (cut-through), they are not stored and sent again at each part of the way. So
/// 400,064 bytes over 1 Mbit/s take 3.200512 s, wherever the narrowest part is. Without up- and
/// downlinks (infinite, the default) all three modes end all messages at the same nanoseconds.
/// T(r) below is ceil(8e9 * bytes / r) ns, and 0 for an infinite r.
///
/// "link": a link sends one message after the other, and shares its bandwidth with no other link:
///   start = max(now, end of the transmission before it; just now where the bandwidth is infinite)
///   done = start + T(bandwidth)
///   arrival = done + latency; so with random latencies a message may overtake another.
/// The arrival is fixed when the message is sent.
///
/// "uplink": a node sends one message after the other over its uplink, in the order of Send(), and
/// receives them one after the other over its downlink, in the order in which their last bits come:
///   start   = max(now, end of the one before it on the uplink)
///   sent    = start + T(up)                         the uplink is free for the next one
///   first   = max(start, end of the one before it on the link; start where it is infinite)
///   last    = max(first + T(bandwidth), sent)       the link is free for the next one
///   arrival = max(last + latency, max(first + latency, end of the one before it on the downlink)
///                 + T(down))                        the downlink is free for the next one
/// The downlink is decided when the last bit has crossed the link: who is sent later may come first.
///
/// "fair": messages over one link go one after the other, as over one connection; the first ones of
/// all links are transmitted at once, at max-min fair rates (max_min.h) over the uplinks of senders
/// and the downlinks of receivers, none faster than its link. Rates are computed anew whenever one
/// begins, ends or goes away, or a capacity changes:
///   start   = max(now, end of the transmission before it on the link)
///   done    = when the integral of its rate from start on has reached 8 * bytes, rounded up
///   arrival = done + latency
/// A transmission that keeps its rate keeps its end. Times are computed from quotients of capacities
/// (a third of 1 Mbit/s is exact); where a rate has changed, rounding adds up to a nanosecond a
/// change. A message over a link without bandwidth, from a node without uplink limit to one without
/// downlink limit, passes at once.
///
/// Number k of a message on its link counts all that were sent from its one end to the other,
/// transmitted or not, whatever the properties were; the k-th draws its loss from the stream (seed,
/// kLoss, link, k) and its latency from (seed, kLatency, link, k), k from 0. Latencies are whole
/// nanoseconds: drawn among the integers of [a, b) if uniform, rounded to the nearest otherwise.
/// Requires a >= 0 and b >= 0. A message that waits keeps the properties that its link had when it
/// was sent.
///
/// A message to a node that is down travels all the same, and arrives if the node is up by then.
/// One that an end or the link takes with it by going away also frees the link and the uplink for
/// those behind it, and leaves its share to others; time that it had on the downlink of a node that
/// stays is not given back. A message counts as on the way until it was reported, even if its
/// arrival is now, and also while it waits for an uplink.
///
/// What is withdrawn leaves its link busy as it was, and takes its turn or share to the end.
/// SetCapacity(), "uplink": for those that begin after it, on the uplink, and whose last bit comes
/// after it, on the downlink. "fair": at once. "link": refused.
/// ExpectedArrivals() tells the arrivals if nothing more is sent and nothing changes. With private
/// links these are final.
///
/// Errors: Send() refuses (kRefused) a message that would arrive after the last simulated
/// nanosecond, 292 years after the start, even if nothing else were sent. One that only others delay
/// beyond it is lost as kExpired at that nanosecond. The factory itself never fails.
///
/// Cost: a look-up of the link and a heap operation a message; memory for messages on the way (56
/// bytes each) and for links that were used (24 bytes each) or set. Detach(), SetUp() and SetLink()
/// that take something down, Drain() and Withdraw() look at each message on the way. Clone() takes
/// a bit per node: link records and messages on the way are shared, and copied (by sender; as a
/// whole) when one of the two changes them. "uplink": a few look-ups more a message. "fair": each
/// moment at which rates change computes all of them, 0.1 ms for 1,000 transmissions at once.
/// ExpectedArrivals() with shared bandwidth plays the future in a copy.
Result<std::unique_ptr<Network>> MakeBuiltinNetwork(const NetworkOptions& options,
                                                    std::uint64_t seed);

/// What it can do. `shares`: network.sharing is not "link".
NetworkTraits BuiltinTraits(bool shares);

}  // namespace delstep
