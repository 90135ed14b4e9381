#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/dry_run.h"
#include "console/commands/reply_parts.h"

namespace delstep {
namespace {

/// The class of that name; kRefused, at the word, if the data have none.
Result<std::int32_t> FindClass(const Word& word, const Simulation& simulation) {
  // Classes are given by name, as `data show` heads its columns: in EMNIST "A" is a class, not a
  // number.
  const std::vector<std::string> classes = simulation.ClassNames();
  const auto found = std::ranges::find(classes, word.text);
  if (found != classes.end()) return static_cast<std::int32_t>(found - classes.begin());
  std::string hint = DidYouMean(word.text, classes);
  if (hint.empty()) hint = "list the classes: data show";
  return At(word, Refused(fmt::format("no class named '{}'", word.text), std::move(hint)));
}

Result<Reply> ChangeLabels(CommandContext& context, const LabelChange& change) {
  DELSTEP_ASSIGN(const std::vector<LabelsChanged> done,
                 context.simulation.ChangeLabels(change, context.targets.nodes));
  Table table{
      .key = "nodes",
      .columns = {{"node", "node"}, {"changed_labels", "changed"}, {"examples", "examples"}},
      .shown = 12};
  std::uint64_t changed = 0, examples = 0;
  for (const LabelsChanged& e : done) {
    const std::uint64_t own = context.simulation.View(e.node).train_samples;
    table.rows.push_back({context.Label(e.node), e.changed, own});
    changed += e.changed;
    examples += own;
  }
  Reply reply;
  reply.text.push_back(fmt::format("labels of {}: {}; {} of {} have another label now",
                                   Count(done.size(), "node"), Name(change), changed,
                                   Count(examples, "example")));
  reply.fields = {{"how", Name(change)}};
  AddSkipped(reply, context);
  reply.tables.push_back(std::move(table));
  return reply;
}

Result<Reply> AddLabelNoise(CommandContext& context) {
  return ChangeLabels(context, {.kind = LabelChange::Kind::kNoise,
                                .probability = *context.arguments.Get<double>("P")});
}

Result<Reply> FlipLabels(CommandContext& context) {
  DELSTEP_ASSIGN(const std::int32_t from,
                 FindClass(context.arguments.WordOf("FROM"), context.simulation));
  DELSTEP_ASSIGN(const std::int32_t to,
                 FindClass(context.arguments.WordOf("TO"), context.simulation));
  return ChangeLabels(context, {.kind = LabelChange::Kind::kFlip, .from = from, .to = to});
}

Result<void> FollowFlip(DryRun& dry_run) {
  DELSTEP_TRY(FindClass(dry_run.arguments.WordOf("FROM"), dry_run.simulation));
  DELSTEP_TRY(FindClass(dry_run.arguments.WordOf("TO"), dry_run.simulation));
  return {};
}

Result<Reply> FlipAllLabels(CommandContext& context) {
  return ChangeLabels(context, {.kind = LabelChange::Kind::kFlipAll});
}

Result<Reply> RestoreLabels(CommandContext& context) {
  return ChangeLabels(context, {.kind = LabelChange::Kind::kRestore});
}

constexpr Command kLabels[] = {
    {.scope = CommandScope::kLearning,
     .usage = "labels NODE... noise P",
     .sentence = "replace each training label, with probability P, by another one",
     .example = "labels 10.0.0.[1-3] noise 0.2",
     .autonet = true,
     .changes_world = true,
     .run = AddLabelNoise},
    {.scope = CommandScope::kLearning,
     .usage = "labels NODE... flip FROM TO",
     .sentence = "give training examples of one class the label of another",
     .example = "labels 10.0.0.1 flip 1 7",
     .autonet = true,
     .changes_world = true,
     .run = FlipLabels,
     .follow = FollowFlip},
    {.scope = CommandScope::kLearning,
     .usage = "labels NODE... flip all",
     .sentence = "replace each training label y by classes - 1 - y",
     .example = "labels @attackers flip all",
     .autonet = true,
     .changes_world = true,
     .run = FlipAllLabels},
    {.scope = CommandScope::kLearning,
     .usage = "labels NODE... restore",
     .sentence = "give the training examples their labels back",
     .example = "labels all restore",
     .autonet = true,
     .changes_world = true,
     .run = RestoreLabels},
};

}  // namespace

std::span<const Command> LabelCommands() { return kLabels; }

}  // namespace delstep
