#pragma once
/// Quantities as people write them, in scenario files, in key=value and at the prompt: durations,
/// latencies, bandwidths, sizes, probabilities. Every Format reads back as exactly the value it
/// was given.
///
/// Errors: kUsage; the message names the text, the hint says what is allowed, with an example.
#include <string>
#include <string_view>

#include "delstep/network.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "delstep/types.h"

namespace delstep {

/// A decimal number and a unit out of ns, us, ms, s, min, h: "20ms", "1.5s". A whole number of
/// nanoseconds from 0 to 10^6 s. "0" needs no unit.
Result<Duration> ParseDuration(std::string_view text);
/// Exact, in the largest unit out of s, ms, us, ns that the duration reaches: "1.5s", "20ms",
/// "0ns".
std::string DurationText(Duration duration);
/// For people: rounded to one decimal: "12.4s", "101.8ms", "3us". Requires duration >= 0.
std::string FormatDuration(Duration duration);

/// "20ms", "uniform(10ms,50ms)", "normal(20ms,5ms)", "exponential(20ms)"; blanks inside the
/// brackets do not count.
Result<Latency> ParseLatency(std::string_view text);
std::string LatencyText(const Latency& latency);
/// For programs: {"kind":"uniform","a":10000000,"b":50000000}, in nanoseconds.
std::string LatencyJson(const Latency& latency);

/// A distribution of numbers: "20", "uniform(1,2)", "exponential(3)", "weibull(0.6,30)",
/// "lognormal(20,0.6)", "classes(1,3,10)". Numbers are from 0 to 10^9, shapes and deviations above
/// 0 and up to 100.
Result<Distribution> ParseDistribution(std::string_view text);
std::string DistributionText(const Distribution& distribution);
/// The same of durations, which are kept in seconds: "30s", "weibull(0.6,30min)". "0" needs no
/// unit.
Result<Distribution> ParseDurations(std::string_view text);
std::string DurationsText(const Distribution& distribution);

/// A field in metres: "1000x500", both above 0 and up to 10^7.
Result<Area> ParseArea(std::string_view text);
std::string AreaText(const Area& area);

/// Bits per second: a number from 1 to 10^15 and bps, kbps, Mbps or Gbps (powers of 1000), or
/// "inf".
Result<double> ParseBandwidth(std::string_view text);
std::string BandwidthText(double bandwidth);

/// A whole number and a unit out of B, KiB, MiB, GiB (powers of 1024), kB, MB, GB (powers of 1000):
/// "512MiB". Up to 1000000GiB. "0" needs no unit.
Result<Bytes> ParseSize(std::string_view text);
/// Exact, in the first unit out of GiB, MiB, GB, MB, KiB, kB, B in which it is whole: "1536MiB".
std::string SizeText(Bytes size);

/// A number from 0 to 1.
Result<double> ParseProbability(std::string_view text);

}  // namespace delstep
