#pragma once
/// Where the tensors of a net lie in the rows of a node, and how a net is pointed there.
#include <c10/core/StorageImpl.h>

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "delstep/learner.h"
#include "learning/torch/net.h"
#include "learning/torch/placement.h"
#include "math/aligned_floats.h"

namespace delstep {

/// One place in a row and the tensors of the net that lie there: several where they are tied.
struct TensorGroup {
  std::string name;
  std::vector<torch::Tensor> tensors;
};

/// The tensors of a net by where they go.
struct NetTensors {
  std::vector<TensorGroup> trained;  ///< parameters that want a gradient
  std::vector<TensorGroup> carried;  ///< float buffers, and parameters that want none
  std::vector<TensorGroup> raw;      ///< integer buffers
};

/// Errors: kUsage for a type that rows do not hold, a name that is used twice, tensors that share a
/// part of their memory, a tensor that is neither in main memory nor on the placement's device.
Result<NetTensors> CollectTensors(Net& net, const Placement& placement);

/// What an optimizer keeps in the state row: `moments` of each trained tensor, as suffixes of its
/// name, and whether it counts steps.
struct OptimizerState {
  std::vector<std::string> moments;
  bool counts_steps = false;
};

/// Model row: trained tensors, then carried ones. State row: for each moment all trained tensors in
/// the same arrangement, then "step", then the integer buffers.
struct NetLayout {
  ModelLayout rows;
  std::size_t trained = 0;  ///< words at the start of the model row that are trained, gaps included
  std::size_t step = 0;     ///< offset of "step" in the state row
  OptimizerState optimizer;

  std::size_t MomentOffset(std::size_t moment) const { return moment * trained; }
};
NetLayout LayOut(const NetTensors& tensors, OptimizerState optimizer);

/// Points a net's tensors into rows. Between two jobs they lie in memory of its own. All this memory,
/// and the rows that it is pointed to, are on the placement's device.
class NetBinding {
 public:
  /// The net outlives the binding and has the layout, which is kept. Values that the tensors hold
  /// are copied into the binding's own memory, and with them the net moves to the device.
  NetBinding(Net& net, NetTensors tensors, const NetLayout& layout, const Placement& placement);

  void Bind(std::span<float> model, std::span<float> state);
  /// For evaluation: nothing is written to the row as long as the net does not; integer buffers
  /// have the values that the net was made with.
  void BindToRead(std::span<const float> model);
  /// Copies buffers that the net has replaced into the rows bound, and unbinds. A tensor that has
  /// changed its shape or type is an exception.
  void Finish();
  void Unbind();

  /// The values that the net was made with, as rows in main memory.
  std::span<const float> made_model() const { return {model_.data(), model_.size()}; }
  std::span<const float> made_state() const { return {state_.data(), state_.size()}; }
  /// Of the trained words, on the device; what backward() adds to.
  float* gradient() { return gradient_row_.data_ptr<float>(); }
  void ClearGradient() { gradient_row_.zero_(); }
  /// Whether the gradient of a trained tensor has a number other than 0. Waits for the device.
  bool HasGradient(std::size_t trained) const;
  /// What the optimizer keeps of a trained tensor: a view of the state row that is bound.
  torch::Tensor Moment(std::size_t moment, std::size_t trained) const;
  /// Writes "step" of the state row that is bound. Requires an optimizer that counts steps.
  void SetSteps(std::int64_t steps);
  /// The trained tensors, tied ones once.
  std::vector<torch::Tensor> Trained() const;
  /// The numbers of the trained tensors to which `backward`, which computes a loss and calls its
  /// backward(), gives no gradient: the loss does not use them.
  std::vector<std::size_t> WithoutGradient(const std::function<void()>& backward);
  /// As if backward() had given a trained tensor no gradient, until ShowGradient(): an optimizer of
  /// torch::optim then leaves it alone.
  void HideGradient(std::size_t trained);
  void ShowGradient(std::size_t trained);

 private:
  void Arrange(std::vector<TensorGroup>& groups, std::span<const TensorSpec> specs,
               const torch::Tensor& row);

  /// A tensor over `words` words from `memory` on, which is on the device.
  torch::Tensor RowOver(float* memory, std::size_t words, torch::Dtype type) const;
  void Point(const torch::Tensor& row, void* memory) const;

  Net& net_;
  const NetLayout& layout_;
  const c10::Device device_;
  NetTensors tensors_;
  AlignedFloats model_, state_;  // in place, the tensors lie here between two jobs
  AlignedFloats gradient_;       // in place
  torch::Tensor on_device_;      // with copies: all three
  float *home_model_ = nullptr, *home_state_ = nullptr;
  torch::Tensor model_row_, state_row_, gradient_row_;  // whose storages move
  torch::Tensor moment_row_;                            // the state row as floats
};

}  // namespace delstep
