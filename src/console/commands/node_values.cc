#include "console/commands/node_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "scenario/keys.h"

namespace delstep {
namespace {

/// The nodes that selectors with blanks between them choose.
Result<std::vector<NodeId>> NodesOfSelectors(std::string_view selectors,
                                             const Directory& directory) {
  std::vector<Word> words;
  for (const std::string_view word : Split(selectors, ' ')) {
    if (Trim(word).empty()) continue;
    words.emplace_back().text = Trim(word);
  }
  std::vector<Choice> choices;
  for (const Word& word : words) {
    DELSTEP_ASSIGN(Selector selector, ParseSelector(word.text));
    choices.push_back({std::move(selector), &word});
  }
  DELSTEP_ASSIGN(NodeSet set, Resolve(choices, directory, DownNodes::kAllow));
  return std::move(set.nodes);
}

}  // namespace

Result<void> CreateGroups(Simulation& simulation, const Config& config) {
  const SimulationDirectory directory(simulation);
  for (const auto& [name, selectors] : config.scenario().groups) {
    const Origin& origin = config.OriginOf("groups." + name);
    std::vector<Word> words(selectors.size());
    std::vector<Choice> choices;
    for (std::size_t i = 0; i < selectors.size(); ++i) {
      words[i].text = selectors[i];
      auto selector = ParseSelector(selectors[i]);
      if (!selector) return At(origin, std::move(selector).error());
      choices.push_back({*std::move(selector), &words[i]});
    }
    // Also without members: they may join later.
    simulation.CreateGroup(name);
    if (choices.empty()) continue;
    auto set = Resolve(choices, directory, DownNodes::kAllow);
    if (!set) {
      Error error = std::move(set).error();
      error.message = fmt::format("groups.{}: {}", name, error.message);
      return At(origin, std::move(error));
    }
    simulation.AddToGroup(name, set->nodes);
  }
  return {};
}

Result<void> ApplyNodeValues(Simulation& simulation, const Config& config) {
  for (const NodeValue& value : config.scenario().node_values) {
    const Origin& origin = config.OriginOf(NameOf(value));
    auto nodes = NodesOfSelectors(value.nodes, SimulationDirectory(simulation));
    if (!nodes) {
      Error error = std::move(nodes).error();
      error.message = NameOf(value) + ": " + error.message;
      return At(origin, std::move(error));
    }
    Config changed = config;
    if (auto set = changed.Set(value.key, value.value, origin); !set) return set;
    if (auto done = simulation.Reconfigure(changed.scenario(), value.key, value.value, *nodes);
        !done)
      return At(origin, std::move(done).error());
  }
  return {};
}

std::optional<Origin> OriginOfNodeValue(const Config& config, const Directory& directory,
                                        NodeId node, std::string_view key, std::string_view value) {
  const std::vector<NodeValue>& values = config.scenario().node_values;
  for (auto place = values.rbegin(); place != values.rend(); ++place) {
    const NodeValue& written = *place;
    if (written.key != key) continue;
    const auto nodes = NodesOfSelectors(written.nodes, directory);
    if (!nodes || std::ranges::find(*nodes, node) == nodes->end()) continue;
    // `set KEY VALUE NODE` may have come since: then the value is another one.
    if (written.value != value) return std::nullopt;
    return config.OriginOf(NameOf(written));
  }
  return std::nullopt;
}

}  // namespace delstep
