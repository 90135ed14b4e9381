#pragma once
/// What a link draws and how long it transmits, in whole nanoseconds.
///
/// Durations and times are nothing where they lie beyond the last nanosecond of simulated time.
#include <optional>

#include "delstep/network.h"
#include "delstep/random.h"
#include "delstep/types.h"

namespace delstep {

/// Cut to whole nanoseconds. Nothing for what does not fit, NaN and infinity included.
std::optional<Duration> WholeNanoseconds(double nanoseconds);

std::optional<SimTime> Later(std::optional<SimTime> time, std::optional<Duration> by);

/// ceil(8e9 * bytes / bandwidth) ns; bandwidth in bits per second, above 0. Rounded up: a message
/// is not through before its last bit is. Infinite bandwidth: no time at all.
std::optional<Duration> TransmissionTime(Bytes bytes, double bandwidth);

/// One draw per message, from a stream of its own: latencies of a link do not depend on each other,
/// nor on other links.
std::optional<Duration> DrawLatency(const Latency& latency, RandomKey key);

}  // namespace delstep
