#include "core/acts/labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "base/text.h"
#include "delstep/random.h"

namespace delstep {
namespace {

using Kind = LabelChange::Kind;

/// A class beside `label`, all equally likely.
std::int32_t AnotherClass(std::int32_t label, std::int32_t classes, Random& random) {
  // One class fewer to draw from: those from `label` on move up by one.
  const auto drawn =
      static_cast<std::int32_t>(random.Below(static_cast<std::uint64_t>(classes) - 1));
  return drawn < label ? drawn : drawn + 1;
}

/// One label. Features never change, so a node's own labels cost 4 bytes per example of the data
/// set.
void Apply(const LabelChange& change, std::int32_t classes, Random& random, std::int32_t& label) {
  if (change.kind == Kind::kNoise) {
    if (random.Chance(change.probability)) label = AnotherClass(label, classes, random);
  } else if (change.kind == Kind::kFlip) {
    if (label == change.from) label = change.to;
  } else {
    label = classes - 1 - label;
  }
}

void Change(Run& run, const LabelChange& change, Node& node) {
  if (change.kind == Kind::kRestore) {
    node.own_labels.reset();
    return;
  }
  // On top of earlier changes, in a copy: nodes that were added `like` this one share its labels.
  const Dataset& before = TrainingData(run, node);
  auto own = std::make_shared<OwnLabels>();
  own->labels.assign(before.labels.begin(), before.labels.end());
  // The k-th noise of a node is the same whatever else it and others did before.
  const std::uint64_t use = change.kind == Kind::kNoise ? node.label_draws++ : 0;
  Random random(MakeKey(run.engine.scenario->seed, Purpose::kLabels, Index(node.id), use));
  for (const std::uint32_t example : *node.training)
    Apply(change, before.classes, random, own->labels[example]);
  // The views of the features are copied, the features are not.
  own->dataset = before;
  own->dataset.labels = own->labels;
  node.own_labels = std::move(own);
}

/// Before any node is touched: a command that names a class too many changes nobody.
Result<void> CheckClasses(const LabelChange& change, std::int32_t classes) {
  if (change.kind == Kind::kFlip)
    for (const std::int32_t label : {change.from, change.to})
      if (label < 0 || label >= classes)
        return Refused(fmt::format("there is no class {}", label),
                       fmt::format("the data have classes 0 to {}", classes - 1));
  if (change.kind != Kind::kRestore && classes < 2)
    return Refused("the data have one class only: there is no other label");
  return {};
}

}  // namespace

const Dataset& TrainingData(const Run& run, const Node& node) {
  return node.own_labels ? node.own_labels->dataset : run.engine.data.dataset;
}

std::uint64_t ChangedLabels(const Run& run, const Node& node) {
  if (!node.own_labels) return 0;
  const auto& clean = run.engine.data.dataset.labels;
  // Counted against the data set, not against the last change: a label that a second change has put
  // right again counts as unchanged.
  return static_cast<std::uint64_t>(std::ranges::count_if(*node.training, [&](auto example) {
    return node.own_labels->labels[example] != clean[example];
  }));
}

Result<std::vector<LabelsChanged>> ChangeLabels(Run& run, const LabelChange& change,
                                                std::span<const NodeId> nodes) {
  DELSTEP_TRY(CheckClasses(change, run.engine.data.dataset.classes));
  std::vector<LabelsChanged> done;
  for (const NodeId id : nodes) {
    Node& node = run.world.Change(id);
    Change(run, change, node);
    done.push_back({.node = id, .change = change, .changed = ChangedLabels(run, node)});
    run.Note(done.back());
  }
  return done;
}

}  // namespace delstep
