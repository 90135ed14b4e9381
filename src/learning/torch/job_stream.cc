#include "learning/torch/job_stream.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <torch/library.h>

#include <cassert>
#include <span>
#include <vector>

#include "base/hash.h"
#include "math/draws.h"
#include "math/kernels.h"

namespace delstep {
namespace {

thread_local Random* t_words = nullptr;

/// Of this shape and strides. A matrix is padded to whole steps of columns, as the hidden layers of
/// the dense learner are: so both drop the same entries.
at::Tensor DrawMask(at::IntArrayRef shape, double p) {
  const bool is_matrix = shape.size() == 2;
  const std::int64_t columns =
      is_matrix ? static_cast<std::int64_t>(PaddedColumns(static_cast<std::size_t>(shape[1])))
                : c10::multiply_integers(shape) + c10::multiply_integers(shape) % 2;
  const std::int64_t rows = is_matrix ? shape[0] : 1;
  const at::Tensor mask = at::empty({rows, columns}, at::kFloat);
  const auto floats = static_cast<std::size_t>(rows * columns);
  const at::Tensor memory = at::empty({rows * columns / 2}, at::kInt);
  const std::span words(static_cast<std::uint32_t*>(memory.data_ptr()), floats / 2);
  t_words->Fill(words);
  // Also of portable runs: whole numbers are compared, so every variant makes the same bits.
  BestKernels().dropout_mask(floats, words.data(), DropThreshold(p), KeptScale(p),
                             mask.data_ptr<float>());
  if (is_matrix) return mask.narrow(1, 0, shape[1]);
  return mask.narrow(1, 0, c10::multiply_integers(shape)).view(shape);
}

at::Tensor DropBy(const at::Tensor& input, at::IntArrayRef shape, double p) {
  TORCH_CHECK(p >= 0 && p <= 1, "dropout probability has to be between 0 and 1, but got ", p);
  if (DropThreshold(p) == DropThreshold(1)) return input * 0;
  return input * DrawMask(shape, p).to(input.options().requires_grad(false));
}

bool IsDrawn(const at::Tensor& input, double p, bool train) {
  return train && p != 0 && input.numel() > 0;
}

at::Tensor Dropout(const at::Tensor& input, double p, bool train) {
  if (!t_words) return at::native::dropout(input, p, train);
  return IsDrawn(input, p, train) ? DropBy(input, input.sizes(), p) : input;
}

at::Tensor& DropoutInPlace(at::Tensor& input, double p, bool train) {
  if (!t_words) return at::native::dropout_(input, p, train);
  if (IsDrawn(input, p, train)) input.mul_(DropBy(at::ones_like(input), input.sizes(), p));
  return input;
}

/// Whole channels: one decision for each of [batch, channels].
at::Tensor FeatureDropout(const at::Tensor& input, double p, bool train) {
  if (!t_words) return at::native::feature_dropout(input, p, train);
  if (!IsDrawn(input, p, train)) return input;
  TORCH_CHECK(input.dim() >= 2, "feature dropout needs at least 2 dimensions");
  std::vector<std::int64_t> shape(static_cast<std::size_t>(input.dim()), 1);
  shape[0] = input.size(0);
  shape[1] = input.size(1);
  return DropBy(input, shape, p);
}

std::mutex& GeneratorMutex() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

TORCH_LIBRARY_IMPL(aten, AutogradCPU, library) {
  library.impl("dropout", TORCH_FN(Dropout));
  library.impl("dropout_", TORCH_FN(DropoutInPlace));
  library.impl("feature_dropout", TORCH_FN(FeatureDropout));
}
TORCH_LIBRARY_IMPL(aten, AutogradCUDA, library) {
  library.impl("dropout", TORCH_FN(Dropout));
  library.impl("dropout_", TORCH_FN(DropoutInPlace));
  library.impl("feature_dropout", TORCH_FN(FeatureDropout));
}

ActiveStream::ActiveStream(Random& words) {
  assert(!t_words);
  t_words = &words;
}

ActiveStream::~ActiveStream() { t_words = nullptr; }

GeneratorLock::GeneratorLock(RandomKey key) : lock_(GeneratorMutex()) {
  at::manual_seed(Derive(key, 3).stream);
}

std::uint64_t GeneratorState(c10::Device device) {
  const auto state_of = [](c10::Device generator) {
    const at::Tensor state = at::globalContext().defaultGenerator(generator).get_state();
    return HashBytes({static_cast<const std::byte*>(state.data_ptr()), state.nbytes()});
  };
  const std::uint64_t here = state_of(at::kCPU);
  return device.is_cpu() ? here : here * 3 + state_of(device);
}

}  // namespace delstep
