#include "apps/delstep/sweep_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>

#include "base/hash.h"
#include "base/text.h"

namespace delstep {
namespace {

/// At commas that stand in no bracket, parenthesis or quotes.
std::vector<std::string> SplitValues(std::string_view text) {
  std::vector<std::string> values(1);
  int depth = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '[' || c == '(') {
      ++depth;
    } else if (c == ']' || c == ')') {
      --depth;
    } else if (c == ',' && depth <= 0) {
      values.emplace_back();
      continue;
    }
    values.back() += c;
  }
  return values;
}

/// "1..5"
std::optional<std::pair<std::uint64_t, std::uint64_t>> RangeOf(std::string_view text) {
  const auto dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const auto first = ParseUnsigned(text.substr(0, dots)),
             last = ParseUnsigned(text.substr(dots + 2));
  if (!first || !last) return std::nullopt;
  return std::pair(*first, *last);
}

Result<std::vector<std::string>> ValuesOf(const std::string& key, std::string_view text) {
  std::vector<std::string> values;
  for (const std::string& part : SplitValues(text)) {
    const auto range = RangeOf(part);
    if (!range) {
      values.push_back(part);
      continue;
    }
    if (range->first > range->second)
      return UsageError(fmt::format("the range {} of {} goes down", part, key),
                        fmt::format("write {}={}..{}", key, range->second, range->first));
    if (range->second - range->first >= SweepGrid::kMostRuns)
      return UsageError(fmt::format("the range {} of {} has more than {} values", part, key,
                                    SweepGrid::kMostRuns));
    for (std::uint64_t value = range->first;; ++value) {
      values.push_back(std::to_string(value));
      if (value == range->second) break;
    }
  }
  if (values.size() < 2) return values;
  std::vector<std::string> sorted = values;
  std::ranges::sort(sorted);
  if (sorted.front().empty())
    return UsageError(fmt::format("{}={} has an empty value", key, text),
                      "write values with one comma between them");
  if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end())
    return UsageError(fmt::format("{}={} has the value {} twice", key, text, *twice),
                      "each combination is run once");
  return values;
}

}  // namespace

Result<SweepGrid> SweepGrid::Parse(std::span<const std::string> overrides) {
  SweepGrid grid;
  std::vector<std::string> keys;
  for (const std::string& text : overrides) {
    const auto equals = text.find('=');
    const std::string key(Trim(std::string_view(text).substr(0, equals)));
    if (std::ranges::find(keys, key) != keys.end())
      return UsageError(fmt::format("{} is given twice", key),
                        "write all its values behind one '=': " + key + "=A,B");
    keys.push_back(key);
    DELSTEP_ASSIGN(auto values, ValuesOf(key, std::string_view(text).substr(equals + 1)));
    if (values.size() < 2) {
      grid.fixed_.push_back(key + "=" + values.front());
      continue;
    }
    grid.size_ *= values.size();
    if (grid.size_ > kMostRuns)
      return UsageError(fmt::format("that is more than {} runs", kMostRuns), "fewer values");
    grid.swept_.push_back({.key = key, .values = std::move(values)});
  }
  if (grid.swept_.empty())
    return UsageError("no key has several values: that is one run, no sweep",
                      "write values with commas: topology.name=ring,full seed=1..5");
  return grid;
}

std::vector<std::pair<std::string, std::string>> SweepGrid::Run(std::size_t i) const {
  std::vector<std::pair<std::string, std::string>> values;
  std::size_t block = size_;  // how many runs have the same values up to the present key
  for (const SweptKey& swept : swept_) {
    block /= swept.values.size();
    values.emplace_back(swept.key, swept.values[i / block % swept.values.size()]);
  }
  return values;
}

std::string FolderOfRun(std::span<const std::pair<std::string, std::string>> values) {
  constexpr std::size_t kLongest = 120;
  std::vector<std::string> parts;
  for (const auto& [key, value] : values) parts.push_back(fmt::format("{}={}", key, value));
  const std::string whole = Join(parts, ",");
  std::string name = whole;
  for (char& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 &&
        std::string_view("._=,+@()[]-").find(c) == std::string_view::npos)
      c = '_';
  if (name.size() > kLongest) name.resize(kLongest);
  return name == whole ? name : fmt::format("{}-{}", name, HexHash(HashText(whole)).substr(0, 8));
}

}  // namespace delstep
