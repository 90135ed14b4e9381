#include "data/text_classes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>

#include "base/text.h"
#include "base/utf8.h"

namespace delstep {
namespace {

/// Whole numbers beyond this are not told apart as doubles: they may be names, of 17 digits.
constexpr double kMostExact = 9007199254740992;  // 2^53

std::optional<double> ValueOf(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  const auto value = ParseReal(text);
  if (!value || std::abs(*value) >= kMostExact) return std::nullopt;
  return value;
}

bool IsShorter(std::string_view a, std::string_view b) {
  return std::tuple(a.size(), a) < std::tuple(b.size(), b);
}

}  // namespace

std::size_t TextClasses::Number(std::string_view text) {
  const auto found = numbers_.find(text);
  if (found != numbers_.end()) return found->second;
  return numbers_.emplace(text, numbers_.size()).first->second;
}

std::vector<std::string> TextClasses::Sort(std::span<std::int32_t> labels) const {
  std::vector<std::string_view> texts(numbers_.size());
  for (const auto& [text, number] : numbers_) texts[number] = text;
  std::vector<std::optional<double>> values;
  for (const std::string_view text : texts) values.push_back(ValueOf(text));
  // Every text becomes the one that names its class.
  std::map<double, std::string_view> shortest;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!values[i]) continue;
    std::string_view& name = shortest.emplace(*values[i], texts[i]).first->second;
    name = std::min(name, texts[i], IsShorter);
  }
  for (std::size_t i = 0; i < texts.size(); ++i)
    if (values[i]) texts[i] = shortest[*values[i]];
  const bool by_value = std::ranges::none_of(values, [](const auto& value) { return !value; });
  std::vector<std::size_t> order(texts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(
      order, {}, [&](std::size_t i) { return std::tuple(by_value ? *values[i] : 0.0, texts[i]); });
  std::vector<std::string> names;
  std::vector<std::int32_t> rank(texts.size());
  std::string_view last;
  for (const std::size_t i : order) {
    if (names.empty() || texts[i] != last) names.push_back(Printable(texts[i]));
    last = texts[i];
    rank[i] = static_cast<std::int32_t>(names.size()) - 1;
  }
  for (std::int32_t& label : labels) label = rank[static_cast<std::size_t>(label)];
  return names;
}

}  // namespace delstep
