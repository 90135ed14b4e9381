#pragma once
/// Rows for tests of what is done to rows.
#include <cstddef>
#include <vector>

#include "delstep/learner.h"
#include "delstep/random.h"

namespace delstep::fakes {

/// Standard normal values from the stream of the key in every tensor; the gaps between tensors are 0.
inline std::vector<float> RandomRow(const RowLayout& layout, RandomKey key) {
  Random random(key);
  std::vector<float> row(layout.floats);
  for (const TensorSpec& tensor : layout.tensors)
    for (std::size_t i = 0; i < tensor.floats; ++i)
      row[tensor.offset + i] = static_cast<float>(random.Normal());
  return row;
}

}  // namespace delstep::fakes
