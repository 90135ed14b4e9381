#pragma once
/// Which array of a model file is which tensor of the model.
#include <span>
#include <string>
#include <vector>

#include "delstep/learner.h"
#include "delstep/result.h"
#include "delstep/tensor_file.h"

namespace delstep {

/// Which array is which tensor of `wanted`: by name, also after a common "module." or
/// "_orig_mod.". If no name is known, names that differ only in their numbers are taken in the
/// order of these, and others by their shapes where all shapes differ. Arrays named
/// "...num_batches_tracked" may be left over. Nothing is transposed.
/// `subject` begins messages: "model.weights = 'm.pt'". Errors (kFile) list the tensors that are missing, too many or of another shape.
Result<std::vector<const NamedArray*>> MatchTensors(std::span<const NamedArray> arrays,
                                                    std::span<const TensorSpec> wanted,
                                                    const std::string& subject);

}  // namespace delstep
