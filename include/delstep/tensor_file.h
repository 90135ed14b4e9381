#pragma once
/// Tensors in files: a model that was trained elsewhere, and models as they leave a run.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/result.h"

namespace delstep {

/// A tensor that was read. Numbers of other types have been converted: halves and integers exactly,
/// doubles to the nearest float.
struct NamedArray {
  std::string name;
  std::vector<std::int64_t> shape;  ///< empty: a scalar
  std::vector<float> values;        ///< row-major
  std::string dtype;                ///< as the file calls it: "F32", "<f4", "torch.FloatStorage"
};

/// A tensor to be written: float32, or int64 where `is_integer`.
struct NamedArrayView {
  std::string_view name;  ///< unique among the tensors of a file
  std::span<const std::int64_t> shape;
  std::span<const std::byte> content;  ///< row-major, this machine's byte order
  bool is_integer = false;
};

/// In the order of the file. Nothing that lies in a file is ever run. Errors (kFile) name the file
/// and the tensor or byte, and say what to do.
using ReadTensors =
    std::function<Result<std::vector<NamedArray>>(const std::filesystem::path& file)>;
/// Replaces the file whole or not at all; equal tensors give equal bytes. Errors: kFile.
using WriteTensors = std::function<Result<void>(const std::filesystem::path& file,
                                                std::span<const NamedArrayView> tensors)>;

}  // namespace delstep
