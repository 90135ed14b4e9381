// Which runs are one curve, and what it is called.
#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "plotting/figure.h"

namespace delstep {
namespace {

constexpr std::string_view kSeed = "seed";

using Values = std::map<std::string, std::string>;

/// What a run was set to, but for its seed.
Values SettingOf(const PlottedRun& run) {
  Values values(run.metrics.settings.begin(), run.metrics.settings.end());
  values.erase(std::string(kSeed));
  return values;
}

/// The keys in which the settings differ, in the order in which the runs name them.
std::vector<std::string> DifferingKeys(const std::vector<PlottedRun>& runs) {
  std::vector<std::string> keys;
  std::map<std::string, std::set<std::string>> values;
  for (const PlottedRun& run : runs)
    for (const auto& [key, value] : run.metrics.settings) {
      if (!values.contains(key) && key != kSeed) keys.push_back(key);
      values[key].insert(value);
    }
  // A key that only some have, as with runs of two sweeps, tells them apart as well.
  for (const PlottedRun& run : runs)
    for (const std::string& key : keys)
      if (!SettingOf(run).contains(key)) values[key].insert("");
  std::erase_if(keys, [&](const std::string& key) { return values[key].size() < 2; });
  return keys;
}

}  // namespace

std::pair<std::vector<PlottedSetting>, std::string> GroupBySetting(std::vector<PlottedRun> runs) {
  const std::vector<std::string> keys = DifferingKeys(runs);
  std::vector<PlottedSetting> settings;
  std::vector<Values> known;
  for (PlottedRun& run : runs) {
    Values values = SettingOf(run);
    const auto found = std::ranges::find(known, values);
    const auto at = static_cast<std::size_t>(found - known.begin());
    if (found == known.end()) {
      std::vector<std::string> shown;
      for (const std::string& key : keys) shown.push_back(values[key].empty() ? "-" : values[key]);
      settings.push_back({.label = Join(shown, ", "), .runs = {}});
      known.push_back(SettingOf(run));
    }
    settings[at].runs.push_back(std::move(run));
  }
  return {std::move(settings), Join(keys, ", ")};
}

}  // namespace delstep
