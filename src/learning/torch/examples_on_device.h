#pragma once
/// The features of data sets in the memory of a device.
#include <torch/torch.h>

#include <vector>

#include "delstep/data.h"

namespace delstep {

/// Copied once, then used by all workers. What is kept is known by the address of the features: they
/// must stay as they are and where they are as long as this lives. Labels are not kept, since nodes
/// may have other ones than the data set.
///
/// Threads: Bring() while no job runs, Of() by any.
class ExamplesOnDevice {
 public:
  explicit ExamplesOnDevice(c10::Device device) : device_(device) {}

  /// Copies the features unless they are there. Exceptions are LibTorch's: no memory left.
  void Bring(const Dataset& dataset);
  /// [examples, features] as the data set has them, bytes or floats. Requires Bring().
  const torch::Tensor& Of(const Dataset& dataset) const;

 private:
  struct Kept {
    const void* memory;
    torch::Tensor features;
  };
  const Kept* Find(const Dataset& dataset) const;

  const c10::Device device_;
  std::vector<Kept> kept_;
};

}  // namespace delstep
