#pragma once
/// Words that every part of DEL-Step shares: who, when, how much.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace delstep {

/// A node, numbered from 0 in the order of creation. Never reused within a run.
enum class NodeId : std::uint32_t {};
constexpr std::size_t Index(NodeId node) { return static_cast<std::size_t>(node); }

/// A message, numbered from 0 in the order in which messages are queued. Never reused within a run.
enum class MessageId : std::uint64_t {};

using Bytes = std::uint64_t;

/// Simulated time: whole nanoseconds since the start of the run. There is no now(): only the world
/// knows what time it is.
using Duration = std::chrono::duration<std::int64_t, std::nano>;
struct SimClock {
  using rep = Duration::rep;
  using period = Duration::period;
  using duration = Duration;
  using time_point = std::chrono::time_point<SimClock, Duration>;
  static constexpr bool is_steady = true;
};
using SimTime = SimClock::time_point;
constexpr double Seconds(Duration duration) { return static_cast<double>(duration.count()) / 1e9; }
constexpr double Seconds(SimTime time) { return Seconds(time.time_since_epoch()); }

/// An IPv4-like address, `10.0.0.1`. The last octet is 1 to 254.
struct Address {
  std::uint32_t value = 0;
  friend constexpr auto operator<=>(Address, Address) = default;
};

/// The address of the node created as number `index`: 10.0.0.1 ... 10.0.0.254, 10.0.1.1, ...
constexpr Address DefaultAddress(std::size_t index) {
  return {static_cast<std::uint32_t>((10u << 24) + ((index / 254) << 8) + index % 254 + 1)};
}

inline std::string ToString(Address address) {
  const auto octet = [&](int shift) { return std::to_string((address.value >> shift) & 255u); };
  return octet(24) + '.' + octet(16) + '.' + octet(8) + '.' + octet(0);
}

/// Four decimal octets without leading zeros, the last one 1 to 254; nothing else is an address.
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
