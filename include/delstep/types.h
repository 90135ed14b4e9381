#pragma once
/// Types that every part of DEL-Step shares: who (NodeId, Address), when (SimTime, Duration), how
/// much (Bytes). They are types of their own, so that the compiler finds a node's number where a
/// message's belongs, or a duration where a point in time belongs.
///
/// Units in all headers, unless a comment says otherwise: simulated time in whole nanoseconds,
/// sizes in bytes, bandwidths in bits per second, losses in nats, probabilities in [0, 1].
///
/// All types here are small values: copying them is cheap, and they own nothing. Threads: each may
/// use its own copy.
///
///   const NodeId first{0};
///   const Duration day = std::chrono::hours(24);
///   const SimTime tomorrow = SimTime{} + day;      // SimTime{} is the start of the run
///   tomorrow + first;                              // does not compile: a time plus a node
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace delstep {

/// A node, numbered from 0 in the order of creation. A number is never reused within a run: when a
/// node is removed, its number stays empty. So after a removal there are more numbers than nodes.
///
/// Lists of nodes are ascending by number unless their comment says otherwise. A node's random
/// streams are named by its number (random.h): its address and its name change no result.
///
/// A NodeId cannot be added to or counted up. Loops count an index, and make the NodeId from it:
/// `static_cast<NodeId>(i)`.
enum class NodeId : std::uint32_t {};
/// The number itself, as an index into an array with one element per node.
constexpr std::size_t Index(NodeId node) { return static_cast<std::size_t>(node); }

/// A message, numbered from 0 in the order in which messages are queued. A number is never reused
/// within a run. All events of a message carry its number, so they can be matched by it (event.h).
/// Among messages that end at the same moment the one that was sent first comes first.
enum class MessageId : std::uint64_t {};

/// Sizes of messages and of memory. A message on the wire is 64 bytes of header and its content:
/// uncompressed, 4 bytes per number of the model. A built-in perceptron 784-32-10 has 25,450
/// numbers, so a message with it has 101,864 bytes. For people sizes are written in powers of 1024
/// (KiB, MiB); bandwidths are bits per second in powers of 1000, as in networking.
using Bytes = std::uint64_t;

/// A span of simulated time, in whole nanoseconds, up to 292 years. Integers add up exactly, in any
/// order; seconds as `double` would not. Coarser units of std::chrono convert by themselves:
/// `Duration d = std::chrono::milliseconds(20)`.
using Duration = std::chrono::duration<std::int64_t, std::nano>;
/// The clock of simulated time, for std::chrono. It has no now(): what time it is belongs to a
/// simulation, and several can run in one program.
struct SimClock {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<SimClock, Duration>;
  static constexpr bool is_steady = true;
};
/// A point in simulated time: nanoseconds since the start of the run. The last one is about 292
/// years after the start; a message that would arrive later is lost, and a step beyond it refused.
using SimTime = SimClock::time_point;
/// In seconds, for people and for formulas; rounded to the nearest `double`. Where the order of
/// events depends on it, compare and add the nanoseconds: they are exact, and 0.1 s is not.
constexpr double Seconds(Duration duration) { return static_cast<double>(duration.count()) / 1e9; }
constexpr double Seconds(SimTime time) { return Seconds(time.time_since_epoch()); }

/// The address of a node, written like one of IPv4: `10.0.0.1`. The last octet is 1 to 254, since 0
/// and 255 stand for the network and for everybody in it, where a network has 256 addresses. An
/// address is only a name here: nothing is routed by it. Like a NodeId it is never reused within a
/// run. Addresses are ordered as their numbers are, so 10.0.0.9 comes before 10.0.0.10.
struct Address {
  std::uint32_t value = 0;  ///< the first octet in the highest byte: 10.0.0.1 is 0x0a000001
  friend constexpr auto operator<=>(Address, Address) = default;
};

/// The address of the node created as number `index`, unless it was given another: 10.0.0.1 ...
/// 10.0.0.254, 10.0.1.1, ... Requires an index below 2^24 / 256 * 254, about 16.6 million.
constexpr Address DefaultAddress(std::size_t index) {
  return {static_cast<std::uint32_t>((10u << 24) + ((index / 254) << 8) + index % 254 + 1)};
}

/// "10.0.0.1"; ParseAddress() reads it back.
inline std::string ToString(Address address) {
  const auto octet = [&](int shift) { return std::to_string((address.value >> shift) & 255u); };
  return octet(24) + '.' + octet(16) + '.' + octet(8) + '.' + octet(0);
}

/// Reads an address: four decimal octets without leading zeros, the last one 1 to 254, and nothing
/// before or after them. Any other text gives nothing; the caller knows what was expected there,
/// and makes the Error.
constexpr std::optional<Address> ParseAddress(std::string_view text) {
  std::uint32_t value = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0) {
      if (text.empty() || text.front() != '.') return std::nullopt;
      text.remove_prefix(1);
    }
    std::uint32_t octet = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < 3 && text[digits] >= '0' && text[digits] <= '9') {
      octet = octet * 10 + static_cast<std::uint32_t>(text[digits] - '0');
      ++digits;
    }
    if (digits == 0 || octet > 255 || (digits > 1 && text.front() == '0')) return std::nullopt;
    if (part == 3 && (octet == 0 || octet == 255)) return std::nullopt;
    value = value << 8 | octet;
    text.remove_prefix(digits);
  }
  if (!text.empty()) return std::nullopt;
  return Address{value};
}

}  // namespace delstep
