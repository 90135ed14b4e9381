#include "scenario/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "base/shortened.h"
#include "base/text.h"

namespace delstep {
namespace {

struct DurationUnit {
  std::string_view name;
  std::int64_t nanoseconds;
};
constexpr std::array kDurationUnits = {
    DurationUnit{"ns", 1},
    DurationUnit{"us", 1'000},
    DurationUnit{"ms", 1'000'000},
    DurationUnit{"s", 1'000'000'000},
    DurationUnit{"min", 60'000'000'000},
    DurationUnit{"h", 3'600'000'000'000},
};
constexpr std::size_t kSecond = 3;  // durations are not printed in minutes and hours
constexpr std::int64_t kLongest = 1'000'000 * kDurationUnits[kSecond].nanoseconds;

struct BandwidthUnit {
  std::string_view name;
  int exponent;
  double scale;
};
constexpr std::array kBandwidthUnits = {
    BandwidthUnit{"Gbps", 9, 1e9},
    BandwidthUnit{"Mbps", 6, 1e6},
    BandwidthUnit{"kbps", 3, 1e3},
    BandwidthUnit{"bps", 0, 1},
};
constexpr double kLeastBandwidth = 1, kMostBandwidth = 1e15;

struct SizeUnit {
  std::string_view name;
  Bytes bytes;
};
// A text is in the first that fits: what was written in GB or MB seldom is whole in KiB by chance.
constexpr std::array kSizeUnits = {
    SizeUnit{"GiB", Bytes{1} << 30},
    SizeUnit{"MiB", Bytes{1} << 20},
    SizeUnit{"GB", 1'000'000'000},
    SizeUnit{"MB", 1'000'000},
    SizeUnit{"KiB", 1024},
    SizeUnit{"kB", 1'000},
    SizeUnit{"B", 1},
};
constexpr Bytes kMostSize = Bytes{1'000'000} << 30;

struct LatencyForm {
  std::string_view name;
  Latency::Kind kind;
  std::size_t arguments;
};
constexpr std::array kLatencyForms = {
    LatencyForm{"uniform", Latency::Kind::kUniform, 2},
    LatencyForm{"normal", Latency::Kind::kNormal, 2},
    LatencyForm{"exponential", Latency::Kind::kExponential, 1},
};

/// Digits, or digits on both sides of a point.
bool IsPlain(std::string_view number) {
  const auto parts = Split(number, '.');
  return parts.size() <= 2 && std::ranges::all_of(parts, [](std::string_view part) {
           return !part.empty() && part.find_first_not_of("0123456789") == part.npos;
         });
}

/// `number` times `unit`, exactly; nothing if the product is beyond kLongest or not whole.
/// Requires IsPlain(number).
// In whole numbers only: 0.1 s must be exactly 100,000,000 ns.
std::optional<std::int64_t> Scaled(std::string_view number, std::int64_t unit) {
  const auto point = number.find('.');
  std::string all(number.substr(0, point));
  std::size_t decimals = 0;
  if (point != std::string_view::npos) {
    all += number.substr(point + 1);
    decimals = number.size() - point - 1;
  }
  auto digits = ParseUnsigned(all);
  if (!digits) return std::nullopt;
  for (; decimals > 0; --decimals) {  // divide the product by ten, whichever factor takes it
    if (unit % 10 == 0) {
      unit /= 10;
    } else if (*digits % 10 == 0) {
      *digits /= 10;
    } else if (unit % 2 == 0 && *digits % 5 == 0) {
      unit /= 2;
      *digits /= 5;
    } else {
      return std::nullopt;
    }
  }
  // Checked by division: the product might overflow.
  if (*digits > static_cast<std::uint64_t>(kLongest / unit)) return std::nullopt;
  return static_cast<std::int64_t>(*digits) * unit;
}

/// The number and the unit of "20ms".
std::pair<std::string_view, std::string_view> Parted(std::string_view text) {
  const auto end = text.find_last_of("0123456789.");
  const std::size_t length = end == std::string_view::npos ? 0 : end + 1;
  return {text.substr(0, length), text.substr(length)};
}

/// Why a unit is none of ours.
std::string WhyNoUnit(std::string_view unit) {
  if (Trim(unit) != unit) return "write it without a blank";
  return fmt::format("there is no unit '{}'", Shortened(unit));
}

/// The error's message is the reason alone.
Result<Duration> ReadDuration(std::string_view text) {
  if (text == "0") return Duration{0};
  const auto [number, unit_name] = Parted(text);
  if (number.empty()) return UsageError("there is no number");
  if (unit_name.empty()) return UsageError("it has no unit");
  const auto unit = std::ranges::find(kDurationUnits, unit_name, &DurationUnit::name);
  if (unit == kDurationUnits.end()) return UsageError(WhyNoUnit(unit_name));
  if (!IsPlain(number))
    return UsageError(fmt::format(
        "'{}' is not read; there is no sign, no exponent, and a digit on both sides of a point",
        Shortened(number)));
  const auto nanoseconds = Scaled(number, unit->nanoseconds);
  if (!nanoseconds) return UsageError("it must be whole nanoseconds from 0ns to 1000000s");
  return Duration{*nanoseconds};
}

Error NoLatency(std::string_view text, std::string_view why) {
  return UsageError(fmt::format("'{}' is not a latency: {}", Shortened(text), why),
                    "write 20ms, uniform(10ms,50ms), normal(20ms,5ms) or exponential(20ms)");
}

}  // namespace

Result<Duration> ParseDuration(std::string_view text) {
  auto duration = ReadDuration(text);
  if (duration) return duration;
  return UsageError(
      fmt::format("'{}' is not a duration: {}", Shortened(text), duration.error().message),
      "write a number and one of ns, us, ms, s, min, h, such as 20ms or 1.5s");
}

std::string DurationText(Duration duration) {
  const std::int64_t count = duration.count();
  // The largest unit of which it has at least one, with as many decimals as it takes: it reads back
  // exactly.
  std::size_t unit = kSecond;
  while (unit > 0 && count < kDurationUnits[unit].nanoseconds) --unit;
  const std::int64_t size = kDurationUnits[unit].nanoseconds;
  std::string text = fmt::format("{}", count / size);
  if (count % size != 0) {
    text += fmt::format(".{:0{}}", count % size, 3 * unit);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text.append(kDurationUnits[unit].name);
}

std::string FormatDuration(Duration duration) {
  const std::int64_t count = duration.count();
  assert(count >= 0);
  for (std::size_t unit = 0;; ++unit) {
    const std::int64_t size = kDurationUnits[unit].nanoseconds;
    // The unit in which there are less than a thousand of them.
    if (unit < kSecond && count / size >= 1'000) continue;
    // One decimal, rounded: enough for people. Files have DurationText().
    const std::int64_t tenths = count / size * 10 + (count % size * 10 + size / 2) / size;
    if (unit < kSecond && tenths >= 10'000) continue;  // 999.96ms is 1s
    std::string text = fmt::format("{}", tenths / 10);
    if (tenths % 10 != 0) text += fmt::format(".{}", tenths % 10);
    return text.append(kDurationUnits[unit].name);
  }
}

Result<Latency> ParseLatency(std::string_view text) {
  const auto open = text.find('(');
  Latency latency;
  if (open == std::string_view::npos) {
    const auto constant = ReadDuration(text);
    if (!constant) return NoLatency(text, constant.error().message);
    latency.a = *constant;
    return latency;
  }
  const auto form =
      std::ranges::find(kLatencyForms, Trim(text.substr(0, open)), &LatencyForm::name);
  if (form == kLatencyForms.end())
    return NoLatency(text,
                     fmt::format("there is no distribution '{}'", Shortened(text.substr(0, open))));
  // The bracket is there, or this would be a constant.
  if (text.back() != ')') return NoLatency(text, "the closing bracket is missing");
  const auto arguments = Split(text.substr(open + 1, text.size() - open - 2), ',');
  if (arguments.size() != form->arguments)
    return NoLatency(text,
                     fmt::format("{} takes {}", form->name, Count(form->arguments, "duration")));
  latency.kind = form->kind;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto duration = ParseDuration(Trim(arguments[i]));
    if (!duration) return NoLatency(text, duration.error().message);
    (i == 0 ? latency.a : latency.b) = *duration;
  }
  if (latency.kind == Latency::Kind::kUniform && latency.b < latency.a)
    return NoLatency(text, "its lower end is above its upper end");
  return latency;
}

std::string LatencyJson(const Latency& latency) {
  constexpr std::array<const char*, 4> kKinds = {"constant", "uniform", "normal", "exponential"};
  return fmt::format(R"({{"kind":"{}","a":{},"b":{}}})",
                     kKinds[static_cast<std::size_t>(latency.kind)], latency.a.count(),
                     latency.b.count());
}

std::string LatencyText(const Latency& latency) {
  if (latency.kind == Latency::Kind::kConstant) return DurationText(latency.a);
  const auto form = std::ranges::find(kLatencyForms, latency.kind, &LatencyForm::kind);
  std::string text = fmt::format("{}({}", form->name, DurationText(latency.a));
  if (form->arguments == 2) text += ',' + DurationText(latency.b);
  return text + ')';
}

Result<double> ParseBandwidth(std::string_view text) {
  if (text == "inf") return std::numeric_limits<double>::infinity();
  const auto no_bandwidth = [&](std::string_view why) {
    return UsageError(fmt::format("'{}' is not a bandwidth: {}", Shortened(text), why),
                      "write a number and one of bps, kbps, Mbps, Gbps (bits per second), such as "
                      "10Mbps, or inf");
  };
  const auto parts = Parted(text);
  const std::string_view number = parts.first, unit_name = parts.second;
  if (number.empty()) return no_bandwidth("there is no number");
  if (unit_name.empty()) return no_bandwidth("it has no unit");
  // "10mbps" and "10Kbps" say what is meant; a capital B is a byte.
  const auto unit = std::ranges::find_if(kBandwidthUnits, [&](const BandwidthUnit& known) {
    return Lower(known.name) == Lower(unit_name) && unit_name.find('B') == std::string_view::npos;
  });
  const bool is_bytes = Trim(unit_name) == unit_name && Lower(unit_name).ends_with("bps");
  if (unit == kBandwidthUnits.end() && is_bytes)
    return no_bandwidth(fmt::format("'{}' would be bytes", Shortened(unit_name)));
  if (unit == kBandwidthUnits.end()) return no_bandwidth(WhyNoUnit(unit_name));
  // Read with the exponent, so that there is one rounding: 1.1 * 1e6 would have two.
  const auto bandwidth = ParseReal(fmt::format("{}e{}", number, unit->exponent));
  if (!bandwidth || *bandwidth < kLeastBandwidth || *bandwidth > kMostBandwidth)
    return no_bandwidth("it must be a number from 1bps to 1000000Gbps");
  return *bandwidth;
}

std::string BandwidthText(double bandwidth) {
  if (std::isinf(bandwidth)) return "inf";
  for (const BandwidthUnit& unit : kBandwidthUnits) {
    if (bandwidth < unit.scale) continue;
    std::string number = ShortestReal(bandwidth / unit.scale);
    // In the largest unit in which it reads back as the same number.
    if (ParseReal(fmt::format("{}e{}", number, unit.exponent)) == bandwidth)
      return number.append(unit.name);
  }
  return ShortestReal(bandwidth) + "bps";
}

Result<Bytes> ParseSize(std::string_view text) {
  const auto no_size = [&](std::string_view why) {
    return UsageError(
        fmt::format("'{}' is not a size: {}", Shortened(text), why),
        "write a whole number and one of B, KiB, MiB, GiB, kB, MB, GB, such as 512MiB");
  };
  if (text == "0") return Bytes{0};
  const auto [number, unit_name] = Parted(text);
  if (number.empty()) return no_size("there is no number");
  if (unit_name.empty()) return no_size("it has no unit");
  const auto unit = std::ranges::find(kSizeUnits, unit_name, &SizeUnit::name);
  if (unit == kSizeUnits.end()) return no_size(WhyNoUnit(unit_name));
  const auto count = ParseUnsigned(number);
  // Checked by division: the product might overflow.
  if (!count || *count > kMostSize / unit->bytes)
    return no_size("it must be a whole number, and at most 1000000GiB");
  return *count * unit->bytes;
}

std::string SizeText(Bytes size) {
  const auto whole = [size](const SizeUnit& unit) { return size % unit.bytes == 0; };
  const auto unit = size == 0 ? std::ranges::find(kSizeUnits, "B", &SizeUnit::name)
                              : std::ranges::find_if(kSizeUnits, whole);
  return fmt::format("{}{}", size / unit->bytes, unit->name);
}

namespace {

/// "90%" → "0.9".
std::string ProbabilityLike(std::string_view text) {
  const auto percent =
      text.ends_with('%') ? ParseReal(Trim(text.substr(0, text.size() - 1))) : std::nullopt;
  const bool fits = percent && *percent >= 0 && *percent <= 100;
  return fits ? ShortestReal(*percent / 100) : "0.05";
}

}  // namespace

Result<double> ParseProbability(std::string_view text) {
  const auto probability = ParseReal(text);
  if (!probability || *probability < 0 || *probability > 1)
    return UsageError(fmt::format("'{}' is not a probability", text),
                      "write a number from 0 to 1, such as " + ProbabilityLike(text));
  return *probability;
}

}  // namespace delstep
