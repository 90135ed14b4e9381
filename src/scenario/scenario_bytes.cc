#include "scenario/scenario_bytes.h"

#include <utility>

#include "base/bytes.h"
#include "scenario/keys.h"
#include "scenario/toml.h"

namespace delstep {

std::string SaveScenario(const Scenario& scenario) {
  ByteWriter writer;
  std::string toml;
  for (const Key& key : Keys())
    toml.append(key.name).append(" = ").append(key.Get(scenario)) += '\n';
  writer.Add(std::string_view(toml));
  writer.Add(scenario.nodes.count_given);
  writer.Add(std::uint64_t{scenario.training.chosen.size()});
  for (const std::string& key : scenario.training.chosen) writer.Add(std::string_view(key));
  return writer.Take();
}

Result<Scenario> LoadScenario(std::string_view bytes, const Registry& registry) {
  ByteReader reader(bytes);
  const std::string_view toml = reader.Text();
  Scenario scenario;
  scenario.nodes.count_given = reader.Flag();
  for (std::size_t left = reader.Count(8); left > 0; --left)
    scenario.training.chosen.insert(std::string(reader.Text()));
  if (!reader.AtEnd()) return BadFile("these are not the bytes of a scenario");
  const bool count_given = scenario.nodes.count_given;
  DELSTEP_ASSIGN(const std::vector<TomlEntry> entries, ReadToml(toml, "scenario"));
  for (const TomlEntry& entry : entries) {
    const Key* key = FindKey(entry.key);
    if (key == nullptr) return BadFile("no key is named " + entry.key);
    DELSTEP_TRY(key->Set(scenario, entry.value, registry));
  }
  scenario.nodes.count_given = count_given;
  return scenario;
}

}  // namespace delstep
