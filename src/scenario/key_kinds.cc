#include "scenario/key_kinds.h"

namespace delstep {

std::string Allowed(const RealRange& range) {
  const std::string low = ShortestReal(range.low), high = ShortestReal(range.high);
  switch (range.ends) {
    case RealRange::Ends::kHalfOpen:
      return fmt::format("a number from {} to below {}", low, high);
    case RealRange::Ends::kOpenBelow:
      return fmt::format("a number above {} and up to {}", low, high);
    case RealRange::Ends::kOpen:
      return fmt::format("a number above {} and below {}", low, high);
    case RealRange::Ends::kClosed:
      break;
  }
  return fmt::format("a number from {} to {}", low, high);
}

Error WrongValue(const Key& key, const Value& value) {
  return UsageError(fmt::format("{} must be {}, not {}", key.name, key.allowed, Shown(value)),
                    value.kind == Value::Kind::kText ? DidYouMean(value.text, key.choices) : "");
}

std::optional<bool> ReadBool(const Value& value) {
  if (value.kind != Value::Kind::kBool) return std::nullopt;
  return value.text == "true";
}

std::optional<std::uint64_t> ReadInteger(const Value& value, std::uint64_t low,
                                         std::uint64_t high) {
  if (value.kind != Value::Kind::kInteger) return std::nullopt;
  const auto number = ParseUnsigned(value.text);
  if (!number || *number < low || *number > high) return std::nullopt;
  return number;
}

std::optional<double> ReadReal(const Value& value, const RealRange& range) {
  if (value.kind != Value::Kind::kInteger && value.kind != Value::Kind::kReal) return std::nullopt;
  const auto number = ParseReal(value.text);
  if (!number || *number < range.low || *number > range.high) return std::nullopt;
  using Ends = RealRange::Ends;
  const bool without_high = range.ends == Ends::kHalfOpen || range.ends == Ends::kOpen;
  const bool without_low = range.ends == Ends::kOpenBelow || range.ends == Ends::kOpen;
  if (without_high && *number == range.high) return std::nullopt;
  if (without_low && *number == range.low) return std::nullopt;
  return number;
}

std::optional<std::string> ReadText(const Value& value) {
  if (!value.bare.empty()) return value.bare;
  if (value.kind != Value::Kind::kText) return std::nullopt;
  return value.text;
}

}  // namespace delstep
