#pragma once
/// Mini-batches as tensors.
#include <torch/torch.h>

#include <cstdint>
#include <span>

#include "delstep/data.h"
#include "learning/torch/net_facts.h"

namespace delstep {

/// Gathers examples into memory that is reused: by the CPU from the data set, or on the device from
/// the copy that is there. Both make the same values.
class Batch {
 public:
  /// `facts` outlive this.
  explicit Batch(const NetFacts& facts) : facts_(facts) {}

  /// The examples that the next batches are taken from; they and the data set stay until then. With
  /// a device their numbers and labels go there in one transfer.
  void Begin(const Dataset& dataset, std::span<const std::uint32_t> examples);
  /// Those from number `begin` of them on.
  void Take(std::size_t begin, std::size_t size);

  const torch::Tensor& input() const { return input_; }
  const torch::Tensor& target() const { return target_; }

 private:
  void Reserve(std::int64_t size);
  void Gather(std::span<const std::uint32_t> examples);
  void GatherOnDevice(std::int64_t begin, std::int64_t size);

  const NetFacts& facts_;
  const Dataset* dataset_ = nullptr;
  std::span<const std::uint32_t> examples_;
  torch::Tensor chosen_;                    // on the device: numbers, then labels of the examples
  torch::Tensor all_inputs_, all_targets_;  // of the largest batch so far
  torch::Tensor all_channels_last_;
  torch::Tensor input_, target_;
};

}  // namespace delstep
