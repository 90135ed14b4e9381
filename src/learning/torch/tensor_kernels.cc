#include "learning/torch/tensor_kernels.h"

#include <torch/torch.h>

#include <cassert>

namespace delstep {
namespace {

/// A view; LibTorch finds out by the pointer on which of several devices it is.
template <c10::DeviceType type>
torch::Tensor Over(const float* memory, std::size_t n) {
  return torch::from_blob(const_cast<float*>(memory), {static_cast<std::int64_t>(n)},
                          torch::TensorOptions(type).dtype(torch::kFloat));
}

template <c10::DeviceType type>
torch::Tensor Decayed(const FlatParameters& p, float weight_decay) {
  const torch::Tensor gradient = Over<type>(p.gradient, p.size);
  return weight_decay == 0 ? gradient : gradient.add(Over<type>(p.weights, p.size), weight_decay);
}

template <c10::DeviceType type>
void StepByAdam(const AdamUpdate& u, const FlatParameters& p) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor gradient = Decayed<type>(p, u.weight_decay);
  torch::Tensor first = Over<type>(p.moments[0], p.size);
  torch::Tensor second = Over<type>(p.moments[1], p.size);
  first.mul_(u.beta1).add_(gradient, u.rest1);
  second.mul_(u.beta2).addcmul_(gradient, gradient, u.rest2);
  const torch::Tensor root = second.sqrt().mul_(u.root_scale).add_(u.epsilon);
  Over<type>(p.weights, p.size).addcdiv_(first, root, -u.step_size);
}

template <c10::DeviceType type>
void StepBySgd(const SgdUpdate& u, const FlatParameters& p) {
  const torch::NoGradGuard no_grad;
  Over<type>(p.weights, p.size).sub_(Decayed<type>(p, u.weight_decay), u.rate);
}

template <c10::DeviceType type>
void StepBySgdMomentum(const SgdUpdate& u, const FlatParameters& p) {
  const torch::NoGradGuard no_grad;
  torch::Tensor velocity = Over<type>(p.moments[0], p.size);
  velocity.mul_(u.momentum).add_(Decayed<type>(p, u.weight_decay));
  Over<type>(p.weights, p.size).sub_(velocity, u.rate);
}

/// square = alpha * square + rest * g * g; what is returned is g / (sqrt(square) + epsilon).
template <c10::DeviceType type>
torch::Tensor StepOfRmsprop(const RmspropUpdate& u, const FlatParameters& p) {
  const torch::Tensor gradient = Decayed<type>(p, u.weight_decay);
  torch::Tensor square = Over<type>(p.moments[0], p.size);
  square.mul_(u.alpha).addcmul_(gradient, gradient, u.rest);
  return gradient.div(square.sqrt().add_(u.epsilon));
}

template <c10::DeviceType type>
void StepByRmsprop(const RmspropUpdate& u, const FlatParameters& p) {
  const torch::NoGradGuard no_grad;
  Over<type>(p.weights, p.size).sub_(StepOfRmsprop<type>(u, p), u.rate);
}

template <c10::DeviceType type>
void StepByRmspropMomentum(const RmspropUpdate& u, const FlatParameters& p) {
  const torch::NoGradGuard no_grad;
  torch::Tensor velocity = Over<type>(p.moments[1], p.size);
  velocity.mul_(u.momentum).add_(StepOfRmsprop<type>(u, p));
  Over<type>(p.weights, p.size).sub_(velocity, u.rate);
}

template <c10::DeviceType type>
void AddDifferenceOfRows(std::size_t n, float scale, const float* y, const float* z, float* x) {
  const torch::NoGradGuard no_grad;
  Over<type>(x, n).add_(Over<type>(y, n).sub(Over<type>(z, n)), scale);
}

template <c10::DeviceType type>
void ScaleRow(std::size_t n, float scale, float* x) {
  const torch::NoGradGuard no_grad;
  Over<type>(x, n).mul_(scale);
}

template <c10::DeviceType type>
double SumOfSquaresOfRow(std::size_t n, const float* x) {
  const torch::NoGradGuard no_grad;
  return Over<type>(x, n).to(torch::kDouble).square_().sum().template item<double>();
}

template <c10::DeviceType type>
bool IsFiniteRow(std::size_t n, const float* x) {
  if (n == 0) return true;  // of no memory LibTorch could not tell the device
  const torch::NoGradGuard no_grad;
  return Over<type>(x, n).isfinite().all().template item<bool>();
}

template <c10::DeviceType type>
constexpr Kernels TableOf() {
  Kernels kernels{};
  kernels.name = "tensors";
  kernels.adam = StepByAdam<type>;
  kernels.sgd = StepBySgd<type>;
  kernels.sgd_momentum = StepBySgdMomentum<type>;
  kernels.rmsprop = StepByRmsprop<type>;
  kernels.rmsprop_momentum = StepByRmspropMomentum<type>;
  kernels.add_difference = AddDifferenceOfRows<type>;
  kernels.scale = ScaleRow<type>;
  kernels.sum_of_squares = SumOfSquaresOfRow<type>;
  kernels.all_finite = IsFiniteRow<type>;
  return kernels;
}

constexpr Kernels kOnCpu = TableOf<c10::DeviceType::CPU>();
constexpr Kernels kOnCuda = TableOf<c10::DeviceType::CUDA>();

}  // namespace

const Kernels& TensorKernels(c10::DeviceType type) {
  assert(type == c10::DeviceType::CPU || type == c10::DeviceType::CUDA);
  return type == c10::DeviceType::CPU ? kOnCpu : kOnCuda;
}

}  // namespace delstep
