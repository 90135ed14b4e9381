#include "core/acts/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/initial_weights.h"

namespace delstep {
namespace {

/// Whatever the model was before does not count any more.
void GiveModel(Node& node, Row model) {
  node.model = std::move(model);
  if (node.origin) node.origin = InitialOrigin(node.id, node.trained);
  node.NoteNewModel();
  // As after an aggregation: the next change is counted from here.
  if (!node.anchor.empty()) node.anchor = node.model;
}

}  // namespace

Result<ImportReport> ImportModels(Run& run, std::span<const ImportRequest> requests) {
  Engine& engine = run.engine;
  const ModelLayout& layout = engine.learner->layout();
  // All or none: every file is read before the first node changes, a file for several nodes once.
  std::map<std::string, InitialWeights> read;
  for (const ImportRequest& request : requests) {
    if (read.contains(request.file)) continue;
    DELSTEP_ASSIGN(InitialWeights weights,
                   ReadWeights(request.file, "", *engine.registry, layout, *engine.model_rows));
    read.emplace(request.file, std::move(weights));
  }
  ImportReport report;
  report.tensors = layout.model.tensors.size();
  for (const ImportRequest& request : requests) {
    Node& node = run.world.Change(request.node);
    const InitialWeights& weights = read.at(request.file);
    GiveModel(node, weights.model);
    if (!weights.counters.empty()) {
      Row state = engine.state_rows->Copy(node.state);
      weights.PlaceCounters(state.Write());
      node.state = std::move(state);
    }
    run.Note(ModelImported{.node = request.node, .file = request.file, .tensors = report.tensors});
  }
  return report;
}

Result<void> ReplaceModel(Run& run, NodeId id, std::span<const float> values) {
  Engine& engine = run.engine;
  const RowLayout& layout = engine.learner->layout().model;
  assert(values.size() == layout.floats);
  // The gaps between tensors stay as they are: equal models have equal rows, and equal hashes.
  Row model = engine.model_rows->Copy(run.world.at(id).model);
  const std::span<float> row = model.Write();
  for (const TensorSpec& tensor : layout.tensors) {
    const auto numbers = values.subspan(tensor.offset, tensor.floats);
    const auto bad = std::ranges::find_if_not(numbers, [](float x) { return std::isfinite(x); });
    if (bad != numbers.end())
      return Refused(
          fmt::format("the number at {} of {} is {}", bad - numbers.begin(), tensor.name, *bad),
          "a model has finite numbers only");
    std::ranges::copy(numbers, row.begin() + static_cast<std::ptrdiff_t>(tensor.offset));
  }
  GiveModel(run.world.Change(id), std::move(model));
  run.Note(ModelImported{.node = id, .file = "", .tensors = layout.tensors.size()});
  return {};
}

}  // namespace delstep
