#include "scenario/key_readers.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace delstep {
namespace {

/// The parts that a key's sentence begins with: "`small-world`: ...; `random`: ..." gives both.
std::vector<std::string> ReadersOf(const Key& key) {
  std::vector<std::string> readers, list;
  std::string_view text = key.sentence;
  for (auto open = text.find('`'); open != text.npos; open = text.find('`')) {
    const auto close = text.find('`', open + 1);
    if (close == text.npos) break;
    list.emplace_back(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
    if (text.starts_with(':')) readers.insert(readers.end(), list.begin(), list.end());
    if (!text.starts_with(", `")) list.clear();
  }
  return readers;
}

/// The key that chooses among the parts of this one's section, if all the readers are such parts.
const Key* ChooserOf(const Key& key, const std::vector<std::string>& readers,
                     const Registry& registry) {
  const std::string name = fmt::format("{}.name", key.name.substr(0, key.name.find('.')));
  const Key* chooser = FindKey(name);
  if (!chooser) return nullptr;
  const std::vector<std::string> parts = chooser->Choices(registry);
  const bool all = std::ranges::all_of(readers, [&](const std::string& reader) {
    return std::ranges::find(parts, reader) != parts.end();
  });
  return all ? chooser : nullptr;
}

}  // namespace

std::optional<UnusedKey> WhyUnused(const Key& key, const Scenario& scenario,
                                   const Registry& registry) {
  if (key.settable()) return std::nullopt;
  // A learning module may bring the data, whatever model learns from them.
  if (key.name == "model.file" && scenario.data.name == "module") return std::nullopt;
  UnusedKey unused{.readers = ReadersOf(key)};
  // Blobs are made and modules bring theirs; all other data have a place.
  const bool is_path = key.name == "data.path";
  if (is_path)
    unused.readers.clear();
  else if (unused.readers.empty())
    return std::nullopt;
  unused.chooser = is_path ? FindKey("data.name") : ChooserOf(key, unused.readers, registry);
  if (!unused.chooser) return std::nullopt;
  unused.chosen = unused.chooser->Get(scenario);
  std::erase(unused.chosen, '"');
  const bool is_used =
      is_path ? unused.chosen != "blobs" && unused.chosen != "module"
              : std::ranges::find(unused.readers, unused.chosen) != unused.readers.end();
  return is_used ? std::nullopt : std::optional(std::move(unused));
}

}  // namespace delstep
