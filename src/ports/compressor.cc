#include "delstep/compressor.h"

#include <cassert>

namespace delstep {

Bytes Compressor::Compress(const RowLayout& layout, std::span<float> values, RandomKey key) const {
  // A layout without parameters would leave nothing to send.
  assert(values.size() == layout.floats && layout.payload > 0);
  return DoCompress(layout, values, key);
}

}  // namespace delstep
