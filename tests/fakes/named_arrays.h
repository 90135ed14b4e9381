#pragma once
/// Arrays as a model file brings them, for tests of what is made of them.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "delstep/tensor_file.h"

namespace delstep::fakes {

/// An array of this shape whose numbers are 0, 1, 2, ...
inline NamedArray Array(std::string name, std::vector<std::int64_t> shape) {
  NamedArray array{
      .name = std::move(name), .shape = std::move(shape), .values = {}, .dtype = "F32"};
  std::size_t count = 1;
  for (const std::int64_t size : array.shape) count *= static_cast<std::size_t>(size);
  for (std::size_t i = 0; i < count; ++i) array.values.push_back(static_cast<float>(i));
  return array;
}
inline std::vector<NamedArray> Arrays(
    std::vector<std::pair<std::string, std::vector<std::int64_t>>> tensors) {
  std::vector<NamedArray> arrays;
  for (auto& [name, shape] : tensors) arrays.push_back(Array(name, shape));
  return arrays;
}

}  // namespace delstep::fakes
