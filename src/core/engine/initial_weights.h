#pragma once
/// Models out of files and into files: `model.weights`, `import` and `export`.
#include <span>
#include <string>
#include <vector>

#include "core/world/row.h"
#include "delstep/learner.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "delstep/tensor_file.h"

namespace delstep {

/// A model of a file: what `model.weights` gives every node at first, and `import` one node.
struct InitialWeights {
  Row model;  ///< empty: the learner's own beginning
  struct Counter {
    TensorSpec place;  ///< in the state row
    std::vector<std::int64_t> values;
  };
  std::vector<Counter> counters;  ///< integer buffers: num_batches_tracked

  /// Writes the counters into a state row.
  void PlaceCounters(std::span<float> state) const;
};

/// The model's integer buffers among the tensors of a state row: those that carry the name of a
/// module, "bn1.num_batches_tracked"; what has none is the optimizer's.
std::vector<TensorSpec> CountersOf(const ModelLayout& layout);

/// Reads a model of this layout. `key` begins messages: "model.weights"; it may be
/// empty. Errors: kUsage for an
/// unknown ending; those of reading and matching, numbers that are not finite.
Result<InitialWeights> ReadWeights(const std::string& file, const std::string& key,
                                   const Registry& registry, const ModelLayout& layout,
                                   RowPool& rows);

/// Reads `model.weights`; nothing is read if it is empty. Errors: kUsage with model.init =
/// "per-node"; those of ReadWeights().
Result<InitialWeights> ReadInitialWeights(const Scenario& scenario, const Registry& registry,
                                          const ModelLayout& layout, RowPool& rows);

/// The tensors of a node's model; they point into the rows and the layout.
std::vector<NamedArrayView> TensorsOf(const ModelLayout& layout,
                                      std::span<const TensorSpec> counters,
                                      std::span<const float> model, std::span<const float> state);

}  // namespace delstep
