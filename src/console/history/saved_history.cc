#include "console/history/saved_history.h"

#include <algorithm>
#include <set>
#include <utility>

namespace delstep {
namespace {

/// More than any machine has, and sums of them stay in range.
constexpr Bytes kMostOwn = Bytes{1} << 50;

}  // namespace

std::vector<const Scenario*> SavedHistory::Settings() const {
  std::vector<const Scenario*> settings;
  for (const Kept& each : kept) settings.push_back(&configs[each.config].scenario());
  return settings;
}

void SavedHistory::KeepFirst(std::size_t moments) {
  kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(moments), kept.end());
  std::size_t last = 0;
  for (const Kept& each : kept) last = std::max(last, each.config);
  configs.erase(configs.begin() + static_cast<std::ptrdiff_t>(last) + 1, configs.end());
}

std::size_t SavedHistory::PlaceOf(const Config& config) {
  const auto place = std::ranges::find(configs, config.identity(), &Config::identity);
  const auto number = static_cast<std::size_t>(place - configs.begin());
  if (place == configs.end()) configs.push_back(config);
  return number;
}

std::string SaveHistory(const SavedHistory& history) {
  ByteWriter writer;
  history.tree.Save(writer);
  writer.Add(std::uint64_t{history.own});
  writer.Add(std::uint64_t{history.configs.size() - 1});
  for (std::size_t i = 1; i < history.configs.size(); ++i) {
    Config config = history.configs[i];
    config.NameFullPaths(false);
    writer.Add(std::string_view(config.ToToml()));
    writer.Add(std::string_view(config.SaveOrigins()));
  }
  writer.Add(std::uint64_t{history.kept.size()});
  for (const SavedHistory::Kept& kept : history.kept) {
    writer.Add(kept.number);
    writer.Add(std::uint64_t{kept.config});
    writer.Add(std::uint64_t{kept.own});
  }
  return writer.Take();
}

Result<SavedHistory> LoadHistory(std::string_view saved, const Config& present,
                                 const Registry& registry) {
  ByteReader reader(saved);
  SavedHistory history;
  history.tree.Load(reader);
  history.own = reader.NumberUpTo(kMostOwn);
  history.configs.push_back(present);
  for (std::size_t left = reader.Count(16); left > 0 && reader.ok(); --left) {
    const std::string_view toml = reader.Text(), origins = reader.Text();
    if (!reader.ok()) break;
    DELSTEP_ASSIGN(Config config, Config::Restore(registry, toml, origins));
    history.configs.push_back(std::move(config));
  }
  std::set<MomentNumber> numbers;
  for (std::size_t left = reader.Count(24); left > 0 && reader.ok(); --left) {
    SavedHistory::Kept& kept = history.kept.emplace_back();
    kept.number = reader.Number();
    kept.config = reader.NumberUpTo(history.configs.size() - 1);
    kept.own = reader.NumberUpTo(kMostOwn);
    reader.Require(history.tree.Find(kept.number) && kept.number != history.tree.present().number &&
                   numbers.insert(kept.number).second);
  }
  if (!reader.AtEnd()) return BadFile("the saved history is damaged");
  return history;
}

}  // namespace delstep
