#pragma once
/// Which array of a model file is which tensor of the model.
#include <span>
#include <string>
#include <vector>

#include "delstep/learner.h"
#include "delstep/result.h"
#include "delstep/tensor_file.h"

namespace delstep {

/// The arrays of a file that are tensors of a model, in the order of these.
struct MatchedTensors {
  std::vector<const NamedArray*> tensors;
  std::vector<const NamedArray*> counters;  ///< null: the file does not have it
};

/// Which array is which tensor of `wanted`: by name, also after a common "module." or
/// "_orig_mod.". If no name is known, names that differ only in their numbers are taken in the
/// order of these, and others by their shapes where all shapes differ. Nothing is transposed.
///
/// `counters` are the model's integer buffers (CountersOf() of core/engine/initial_weights.h),
/// which a file may lack. They go by name, after the same prefix, whatever their shapes.
/// Arrays named "...num_batches_tracked" may be left over.
///
/// `subject` begins messages: "model.weights = 'm.pt'". Errors (kFile) list the tensors that are
/// missing, too many or of another shape.
Result<MatchedTensors> MatchTensors(std::span<const NamedArray> arrays,
                                    std::span<const TensorSpec> wanted,
                                    std::span<const TensorSpec> counters,
                                    const std::string& subject);

}  // namespace delstep
