#pragma once
/// Tensors in files: a model that was trained elsewhere (`model.weights = FILE`), and models as
/// they leave a run (`export`). The formats are in src/weights, entered in the registry by the
/// ending of the file: safetensors, npz, PyTorch's .pt. docs/guide/model-files.md tells users about
/// them.
///
/// Tensors go by their names and shapes, as in a state_dict of PyTorch: a linear layer with 784
/// inputs and 32 outputs has "fc1.weight" of shape [32, 784] and "fc1.bias" of shape [32]. A format
/// knows nothing of models. Which tensor of a file is which of the model, and what is wrong if they
/// do not fit, is found out afterwards (src/weights/match_tensors.h).
///
/// To add a format, write one or both functions below and enter them in Registry::tensor_readers
/// and Registry::tensor_writers.
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

/// A tensor that was read, with its numbers. Numbers of other types have been converted: halves and
/// integers exactly, doubles to the nearest float. A number for which that is not possible, such as
/// an integer beyond 2^24 that a float does not hold, is an error of the reader.
struct NamedArray {
  std::string name;                 ///< "fc1.weight", as in the file
  std::vector<std::int64_t> shape;  ///< empty: a scalar
  std::vector<float> values;        ///< row-major, as many as the shape says
  std::string dtype;                ///< as the file calls it: "F32", "<f4", "torch.FloatStorage"
};

/// A tensor to be written: float32, or int64 where `is_integer`. Owns nothing: name, shape and
/// content belong to the caller, and must stay until the writer has returned.
struct NamedArrayView {
  std::string_view name;  ///< unique among the tensors of a file
  std::span<const std::int64_t> shape;
  std::span<const std::byte> content;  ///< row-major, this machine's byte order
  bool is_integer = false;
};

/// Reads all tensors of a file, in its order. Nothing that lies in a file is ever run, and no size
/// that a file claims is believed before its bytes are there. Errors (kFile) name the file and the
/// tensor or byte, and say what to do. May be called from any thread.
using ReadTensors =
    std::function<Result<std::vector<NamedArray>>(const std::filesystem::path& file)>;
/// Writes the tensors in the order given, and replaces the file whole or not at all; equal tensors
/// give equal bytes. Errors: kFile (no space, no such folder); the old file is then as it was. May
/// be called from any thread, for different files.
using WriteTensors = std::function<Result<void>(const std::filesystem::path& file,
                                                std::span<const NamedArrayView> tensors)>;

}  // namespace delstep
