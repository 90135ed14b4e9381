#pragma once
/// The buffers of a model row: running means and the like, which are values in every message.
#include <cstddef>

#include "delstep/learner.h"

namespace delstep {

/// Calls f(begin, end) for the columns of each buffer.
template <class F>
void ForEachBuffer(const RowLayout& layout, F f) {
  for (const TensorSpec& tensor : layout.tensors)
    if (tensor.role == TensorSpec::Role::kBuffer) f(tensor.offset, tensor.offset + tensor.floats);
}

}  // namespace delstep
