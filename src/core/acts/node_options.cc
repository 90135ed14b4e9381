#include "core/acts/node_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>

#include "base/text.h"

namespace delstep {
namespace {

struct NodeOption {
  std::string_view key;
  double (*get)(const TrainingOptions&);
  void (*set)(TrainingOptions&, double);
};

// All are numbers that a double holds exactly within the range of their key.
#define NODE_OPTION(field)                                                                     \
  NodeOption {                                                                                 \
    "training." #field, [](const TrainingOptions& o) { return static_cast<double>(o.field); }, \
        [](TrainingOptions& o, double v) { o.field = static_cast<decltype(o.field)>(v); }      \
  }
constexpr std::array kOptions = {
    NODE_OPTION(lr),          NODE_OPTION(weight_decay), NODE_OPTION(batch_size),
    NODE_OPTION(epochs),      NODE_OPTION(local_steps),  NODE_OPTION(clip_norm),
    NODE_OPTION(proximal_mu),
};
#undef NODE_OPTION

/// A word, which a node's behaviour keeps.
constexpr std::string_view kBehaviour = "behaviour.name";

const NodeOption* FindOption(std::string_view key) {
  const auto found = std::ranges::find(kOptions, key, &NodeOption::key);
  return found == kOptions.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> NodeOptionKeys() {
  std::vector<std::string> keys;
  for (const NodeOption& option : kOptions) keys.emplace_back(option.key);
  keys.emplace_back(kBehaviour);
  return keys;
}

Result<void> CheckNodeOption(std::string_view key) {
  if (FindOption(key) || key == kBehaviour) return {};
  return UsageError(fmt::format("{} is the same for all nodes", key),
                    "these may differ: " + Join(NodeOptionKeys(), ", "));
}

TrainingOptions TrainingOf(const Run& run, const Node& node) {
  // Own values are laid over the scenario's each time, so that `set` for all reaches the rest.
  TrainingOptions options = run.engine.scenario->training;
  // A default never overrides what a model brings. A program that fills in a Scenario by itself may
  // have left `chosen` empty: another value than the default was chosen, too.
  const std::optional<double>& models_own = run.engine.facts.learning_rate;
  if (models_own && !options.chosen.contains("training.lr") && options.lr == TrainingOptions().lr)
    options.lr = *models_own;
  for (const auto& [key, value] : node.own_options) FindOption(key)->set(options, value);
  return options;
}

bool KeepsAnchor(const Run& run, const Node& node) {
  return run.engine.scenario->aggregation.share != "parameters" ||
         TrainingOf(run, node).proximal_mu > 0;
}

void RenewAnchors(Run& run) {
  for (const Node& node : run.world.nodes)
    if (node.present && node.anchor.empty() && KeepsAnchor(run, node))
      run.world.Change(node.id).anchor = node.model;
}

void SetNodeOption(World& world, std::string_view key, const TrainingOptions& training,
                   std::span<const NodeId> nodes) {
  const NodeOption* option = FindOption(key);
  assert(option);
  for (const NodeId node : nodes)
    world.Change(node).own_options[std::string(key)] = option->get(training);
}

// Nodes that have left have none: they were made anew when they left.
std::size_t ResetNodeOption(World& world, std::string_view key) {
  std::size_t had = 0;
  const std::string option(key);
  for (const Node& node : world.nodes)
    if (node.own_options.contains(option)) had += world.Change(node.id).own_options.erase(option);
  return had;
}

}  // namespace delstep
