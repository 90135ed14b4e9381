#include "core/acts/import.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/initial_weights.h"

namespace delstep {

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
    node.model = weights.model;
    if (node.origin) node.origin = InitialOrigin(node.id, node.trained);
    node.NoteNewModel();
    // As after an aggregation: the next change is counted from here.
    if (!node.anchor.empty()) node.anchor = node.model;
    if (!weights.counters.empty()) {
      Row state = engine.state_rows->Copy(node.state);
      weights.PlaceCounters(state.Write());
      node.state = std::move(state);
    }
    run.Note(ModelImported{.node = request.node, .file = request.file, .tensors = report.tensors});
  }
  return report;
}

}  // namespace delstep
