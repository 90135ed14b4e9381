#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/dry_run.h"
#include "console/commands/node_values.h"
#include "console/commands/reply_parts.h"
#include "scenario/keys.h"

namespace delstep {
namespace {

struct ShownValue {
  JsonValue value;
  std::string origin;
};

/// A model with an optimizer of its own decides some of training.* itself, as long as nobody has
/// set them; what is shown is what counts.
ShownValue ShownValueOf(const Config::Row& row, const CommandContext& context) {
  const ModelFacts facts = context.simulation.model_facts();
  const JsonValue value{row.json, row.value};
  if (facts.optimizer.empty()) return {value, row.origin};
  const bool chosen = ChoosesRate(context.config.scenario().training);
  if (row.key == "training.lr" && !chosen && facts.learning_rate) {
    const std::string lr = ShortestReal(*facts.learning_rate);
    return {JsonValue{lr, lr}, fmt::format("the model's own ({})", facts.optimizer)};
  }
  if (row.key == "training.optimizer" || row.key == "training.momentum" ||
      row.key == "training.weight_decay")
    return {value, fmt::format("{}; the model's own {} decides", row.origin, facts.optimizer)};
  return {value, row.origin};
}

Result<Reply> ShowConfig(CommandContext& context) {
  const std::string prefix = context.arguments.TextOf("PREFIX");
  Table table{.key = "keys",
              .columns = {{"key", "key"}, {"value", "value"}, {"origin", "origin"}},
              .shown = 1000};
  for (const Config::Row& row : context.config.Show()) {
    if (!row.key.starts_with(prefix)) continue;
    const ShownValue shown = ShownValueOf(row, context);
    table.rows.push_back({row.key, shown.value, shown.origin});
  }
  Reply reply;
  reply.tables.push_back(std::move(table));
  return reply;
}

/// Values of training keys at each of the nodes.
Result<Reply> ShowNodeConfig(CommandContext& context) {
  Table table{
      .key = "keys",
      .columns = {{"node", "node"}, {"key", "key"}, {"value", "value"}, {"origin", "origin"}},
      .shown = 1000};
  const SimulationDirectory directory(context.simulation);
  for (const NodeId node : context.targets.nodes) {
    const NodeView view = context.simulation.View(node);
    Config config = context.config;
    // As if the node's own values had been set for all: then one way of showing does for both.
    for (const auto& [key, value] : view.own_options)
      DELSTEP_TRY(config.SetInRun(key, ShortestReal(value)));
    for (const Config::Row& row : config.Show()) {
      if (!row.key.starts_with("training.")) continue;
      const bool own =
          std::ranges::count(view.own_options, row.key, &std::pair<std::string, double>::first) > 0;
      if (IsNodeValueKey(row.key)) continue;
      ShownValue shown = ShownValueOf(row, context);
      if (own) {
        const auto written = OriginOfNodeValue(context.config, directory, node, row.key, row.value);
        shown = {JsonValue{row.json, row.value}, written ? written->text : "set at the node"};
      }
      table.rows.push_back({context.Label(node), row.key, shown.value, shown.origin});
    }
  }
  Reply reply;
  reply.tables.push_back(std::move(table));
  return reply;
}

/// The value that a key has now; text is as it was typed.
JsonValue ValueOf(const Config& config, std::string_view key, std::string text) {
  for (Config::Row& row : config.Show())
    if (row.key == key) return {std::move(row.json), std::move(text)};
  return {"null", std::move(text)};
}

/// Errors, at the key: kUsage.
Result<void> SetValue(const Word& key, const std::string& value, Config& config) {
  if (auto set = config.SetInRun(key.text, value); !set) return At(key, std::move(set).error());
  return {};
}

/// What `set KEY VALUE...` makes of a configuration. Errors, at the key: kUsage.
Result<void> SetForAll(const CommandArguments& arguments, Config& config) {
  const Word& key = arguments.WordOf("KEY");
  auto set = SetValue(key, arguments.TextOf("VALUE"), config);
  if (set) return {};
  // In "set training.optimizer sgd @slow" the value alone would do: nodes were meant, but the key
  // has no values of single nodes, else the row with NODEKEY would have matched.
  Config shorter = config;
  if (SetValue(key, arguments.First("VALUE")->word->text, shorter))
    if (auto differs = Simulation::CheckNodeKey(key.text); !differs)
      return At(key, std::move(differs).error());
  return set;
}

Result<Reply> SetKey(CommandContext& context) {
  const Word& key = context.arguments.WordOf("KEY");
  const std::string value = context.arguments.TextOf("VALUE");
  Config changed = context.config;
  DELSTEP_TRY(SetForAll(context.arguments, changed));
  auto notes = context.simulation.Reconfigure(changed.scenario(), key.text, value);
  if (!notes) return At(key, std::move(notes).error());
  // Only now that the run has taken the value: the two never differ.
  context.config = std::move(changed);
  Reply reply;
  reply.text.push_back(fmt::format("{} = {}", key.text, value));
  for (const std::string& note : *notes) reply.text.push_back(note);
  reply.fields = {{"key", key.text},
                  {"value", ValueOf(context.config, key.text, value)},
                  {"notes", *std::move(notes)}};
  return reply;
}

Result<Reply> SetNodeKey(CommandContext& context) {
  const Word& key = context.arguments.WordOf("NODEKEY");
  const std::string value = context.arguments.TextOf("VALUE");
  Config changed = context.config;
  DELSTEP_TRY(SetValue(key, value, changed));
  const std::vector<NodeId>& nodes = context.targets.nodes;
  DELSTEP_TRY(context.simulation.Reconfigure(changed.scenario(), key.text, value, nodes));
  Reply reply;
  reply.text.push_back(fmt::format("{} = {} at {}", key.text, value, Count(nodes.size(), "node")));
  reply.fields = {{"key", key.text},
                  {"value", ValueOf(changed, key.text, value)},
                  {"addresses", Labels(context, nodes)}};
  return reply;
}

Result<void> FollowSetKey(DryRun& dry_run) {
  const Word& key = dry_run.arguments.WordOf("KEY");
  Config changed = dry_run.config;
  DELSTEP_TRY(SetForAll(dry_run.arguments, changed));
  if (!key.text.starts_with("network."))
    if (auto can = dry_run.simulation.CanReconfigure(changed.scenario()); !can)
      return At(key, std::move(can).error());
  dry_run.config = std::move(changed);
  return {};
}

/// The configuration stays as it is: the value holds at some nodes only.
Result<void> FollowSetNodeKey(DryRun& dry_run) {
  Config changed = dry_run.config;
  const CommandArguments& arguments = dry_run.arguments;
  const Word& key = arguments.WordOf("NODEKEY");
  DELSTEP_TRY(SetValue(key, arguments.TextOf("VALUE"), changed));
  // It may be a file of the user's that does not compile.
  if (key.text == "behaviour.name")
    if (auto can = dry_run.simulation.CanReconfigure(changed.scenario()); !can)
      return At(key, std::move(can).error());
  return {};
}

constexpr Command kConfig[] = {
    {.scope = CommandScope::kInterface,
     .usage = "config show [--origin] [PREFIX]",
     .sentence = "list the values of all keys and where each came from",
     .example = "config show training",
     .shows = true,
     .run = ShowConfig},
    {.scope = CommandScope::kInterface,
     .usage = "config show node NODE...",
     .sentence = "list the training keys of nodes, with values of their own",
     .example = "config show node 10.0.0.1",
     .who = Who::kAny,
     .shows = true,
     .run = ShowNodeConfig},
    {.scope = CommandScope::kInterface,
     .usage = "set KEY VALUE NODE...",
     .form = "set NODEKEY VALUE NODE...",
     .sentence = "change, at some nodes only, a training key that may differ between nodes",
     .example = "set training.lr 0.01 @slow",
     .who = Who::kAny,
     .changes_world = true,
     .run = SetNodeKey,
     .follow = FollowSetNodeKey},
    {.scope = CommandScope::kInterface,
     .usage = "set KEY VALUE...",
     .sentence = "change a training, aggregation, compression or network key",
     .example = "set training.lr 0.01",
     .changes_world = true,
     .run = SetKey,
     .follow = FollowSetKey},
};

}  // namespace

std::span<const Command> ConfigCommands() { return kConfig; }

}  // namespace delstep
