#include "console/commands/node_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "scenario/keys.h"

namespace delstep {
namespace {

/// What to do in the file about nodes or a group that there are not: what a person would type at the
/// console is no remedy there.
std::string HintInFile(const Error& error, std::span<const Choice> choices, const Config& config,
                       const Directory& directory) {
  const auto is_unknown = [&](const Choice& choice) {
    return choice.selector.kind == Selector::Kind::kGroup && !directory.Group(choice.selector.name);
  };
  if (const auto unknown = std::ranges::find_if(choices, is_unknown); unknown != choices.end()) {
    const std::string& name = unknown->selector.name;
    for (const auto& group : config.scenario().groups)
      if (group.first == name)
        return fmt::format("groups are made in the order of the file: write {} above", name);
    if (!error.hint.starts_with("did you mean"))
      return fmt::format("make it in [groups]: {} = [\"10.0.0.1\"]", name);
  }
  if (error.hint == kListNodesHint)
    return "nodes.count says how many nodes there are, nodes.names and nodes.addresses how they "
           "are called";
  return error.hint;
}

/// The nodes that the selectors choose; all, where there are none.
Result<std::vector<NodeId>> NodesOf(std::span<const std::string> selectors, const Config& config,
                                    const Directory& directory) {
  std::vector<Word> words(selectors.size());
  std::vector<Choice> choices;
  for (std::size_t i = 0; i < selectors.size(); ++i) {
    words[i].text = selectors[i];
    DELSTEP_ASSIGN(Selector selector, ParseSelector(selectors[i]));
    choices.push_back({std::move(selector), &words[i]});
  }
  auto set = Resolve(choices, directory, DownNodes::kAllow);
  if (set) return std::move(set->nodes);
  Error error = std::move(set).error();
  error.hint = HintInFile(error, choices, config, directory);
  return error;
}

/// Of one word with blanks between the selectors.
Result<std::vector<NodeId>> NodesOf(std::string_view selectors, const Config& config,
                                    const Directory& directory) {
  std::vector<std::string> words;
  for (const std::string_view word : Split(selectors, ' '))
    if (!Trim(word).empty()) words.emplace_back(Trim(word));
  return NodesOf(words, config, directory);
}

Error At(const Origin& origin, const std::string& key, Error error) {
  error.message = key + ": " + error.message;
  return At(origin, std::move(error));
}

}  // namespace

Result<void> CreateGroups(Simulation& simulation, const Config& config) {
  const SimulationDirectory directory(simulation);
  for (const auto& [name, selectors] : config.scenario().groups) {
    const Origin& origin = config.OriginOf("groups." + name);
    // Also without members: they may join later.
    simulation.CreateGroup(name);
    if (selectors.empty()) continue;
    auto nodes = NodesOf(selectors, config, directory);
    if (!nodes) return At(origin, "groups." + name, std::move(nodes).error());
    simulation.AddToGroup(name, *nodes);
  }
  return {};
}

Result<void> ApplyNodeValues(Simulation& simulation, const Config& config) {
  for (const NodeValue& value : config.scenario().node_values) {
    const Origin& origin = config.OriginOf(NameOf(value));
    auto nodes = NodesOf(value.nodes, config, SimulationDirectory(simulation));
    if (!nodes) return At(origin, NameOf(value), std::move(nodes).error());
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
    const auto nodes = NodesOf(written.nodes, config, directory);
    if (!nodes || std::ranges::find(*nodes, node) == nodes->end()) continue;
    // `set KEY VALUE NODE` may have come since: then the value is another one.
    if (written.value != value) return std::nullopt;
    return config.OriginOf(NameOf(written));
  }
  return std::nullopt;
}

}  // namespace delstep
