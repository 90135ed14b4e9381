// Values of single nodes in a scenario: training.at.SELECTORS.KEY.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "scenario/keys.h"

namespace delstep {
namespace {

constexpr std::string_view kAt = "training.at.", kTraining = "training.";

std::vector<std::string> KeysPerNode() {
  std::vector<std::string> names;
  for (const Key& key : Keys())
    if (key.per_node()) names.emplace_back(key.name.substr(kTraining.size()));
  return names;
}

Result<const Key*> FindKeyPerNode(std::string_view name, std::string_view last) {
  const Key* key = FindKey(fmt::format("{}{}", kTraining, last));
  if (key != nullptr && key->per_node()) return key;
  const std::string allowed = "keys that may differ between nodes: " + Join(KeysPerNode(), ", ");
  if (key != nullptr)
    return UsageError(fmt::format("{}: {} is the same for all nodes", name, key->name), allowed);
  const std::string hint = DidYouMean(last, KeysPerNode());
  return UsageError(fmt::format("unknown key '{}'", name), hint.empty() ? allowed : hint);
}

}  // namespace

bool IsNodeValueKey(std::string_view name) { return name.starts_with(kAt); }

std::string NameOf(const NodeValue& value) {
  return fmt::format("{}{}.{}", kAt, value.nodes, value.key.substr(kTraining.size()));
}

Result<void> SetNodeValue(std::string_view name, const Value& value, const Registry& registry,
                          Scenario& scenario) {
  const std::string_view rest = name.substr(kAt.size());
  const auto dot = rest.rfind('.');
  const std::string nodes(Trim(rest.substr(0, dot == std::string_view::npos ? 0 : dot)));
  if (nodes.empty())
    return UsageError(fmt::format("{} names no nodes", name),
                      "write [training.at.\"10.0.0.3\"] or [training.at.\"@slow ann\"], and keys "
                      "such as lr below it");
  DELSTEP_ASSIGN(const Key* key, FindKeyPerNode(name, rest.substr(dot + 1)));
  Scenario trial = scenario;  // which knows the range of the key
  DELSTEP_TRY(key->Set(trial, value, registry));
  NodeValue entry{.nodes = nodes, .key = std::string(key->name), .value = key->Get(trial)};
  // What is written again counts from its new place on.
  std::erase_if(scenario.node_values, [&](const NodeValue& other) {
    return other.nodes == entry.nodes && other.key == entry.key;
  });
  scenario.node_values.push_back(std::move(entry));
  return {};
}

}  // namespace delstep
