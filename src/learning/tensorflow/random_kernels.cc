#include "learning/tensorflow/random_kernels.h"

#include <fmt/format.h>
#include <tensorflow/c/kernels.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <vector>

#include "base/hash.h"

namespace delstep {
namespace {

/// Whose job this thread works on. Kernels have no argument for it.
struct Stream {
  RandomKey key;
  std::uint64_t serial = 0;  // of the scope: tells a kernel that another step has begun
};
thread_local Stream t_stream;
thread_local std::uint64_t t_scopes = 0;

/// A kernel: an operation in one session.
struct Draws {
  std::uint64_t name = 0;
  std::uint64_t serial = ~std::uint64_t{0};
  std::uint64_t times = 0;  // that it has run in the scope `serial`

  Random Next() {
    // The first draw of this step.
    if (serial != t_stream.serial) times = 0;
    serial = t_stream.serial;
    return Random(Derive(Derive(t_stream.key, name), times++));
  }
};

void* Create(TF_OpKernelConstruction* context) {
  const TF_StringView name = TF_OpKernelConstruction_GetName(context);
  return new Draws{HashBytes(std::as_bytes(std::span(name.data, name.len)), 0)};
}
void Delete(void* kernel) { delete static_cast<Draws*>(kernel); }

std::vector<std::int64_t> ShapeIn(const TF_Tensor* tensor) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(TF_TensorElementCount(tensor)));
  const void* data = TF_TensorData(tensor);
  if (TF_TensorType(tensor) == TF_INT64)
    std::copy_n(static_cast<const std::int64_t*>(data), shape.size(), shape.begin());
  else
    std::copy_n(static_cast<const std::int32_t*>(data), shape.size(), shape.begin());
  return shape;
}

struct Deleters {
  void operator()(TF_Tensor* tensor) const { TF_DeleteTensor(tensor); }
  void operator()(TF_Status* status) const { TF_DeleteStatus(status); }
};

template <class Draw>
void Compute(void* kernel, TF_OpKernelContext* context, Draw draw) {
  const std::unique_ptr<TF_Status, Deleters> status(TF_NewStatus());
  TF_Tensor* input = nullptr;
  TF_GetInput(context, 0, &input, status.get());
  const std::unique_ptr<TF_Tensor, Deleters> owned(input);
  if (TF_GetCode(status.get()) != TF_OK) return TF_OpKernelContext_Failure(context, status.get());
  const std::vector<std::int64_t> shape = ShapeIn(input);
  std::size_t count = 1;
  for (const std::int64_t size : shape) count *= static_cast<std::size_t>(size);
  const std::unique_ptr<TF_Tensor, Deleters> output(
      TF_AllocateOutput(context, 0, TF_FLOAT, shape.data(), static_cast<int>(shape.size()),
                        count * sizeof(float), status.get()));
  if (TF_GetCode(status.get()) != TF_OK) return TF_OpKernelContext_Failure(context, status.get());
  Random random = static_cast<Draws*>(kernel)->Next();
  float* out = static_cast<float*>(TF_TensorData(output.get()));
  for (std::size_t i = 0; i < count; ++i) out[i] = draw(random);
}

void Uniform(void* kernel, TF_OpKernelContext* context) {
  constexpr float kStep = 1.0f / (1 << 24);  // the multiples of which a float holds exactly
  Compute(kernel, context,
          [](Random& random) { return static_cast<float>(random.Next32() >> 8) * kStep; });
}
void Normal(void* kernel, TF_OpKernelContext* context) {
  Compute(kernel, context, [](Random& random) { return static_cast<float>(random.Normal()); });
}

using ComputeFunction = void (*)(void*, TF_OpKernelContext*);

Result<void> Register(const char* operation, ComputeFunction compute) {
  const std::unique_ptr<TF_Status, Deleters> status(TF_NewStatus());
  TF_KernelBuilder* builder = TF_NewKernelBuilder(operation, "CPU", Create, compute, Delete);
  TF_KernelBuilder_TypeConstraint(builder, "dtype", TF_FLOAT, status.get());
  TF_KernelBuilder_Priority(builder, 1);  // above TensorFlow's own
  if (TF_GetCode(status.get()) == TF_OK)
    TF_RegisterKernelBuilder(fmt::format("delstep_{}", operation).c_str(), builder, status.get());
  if (TF_GetCode(status.get()) == TF_OK) return {};
  return Unavailable(
      fmt::format("TensorFlow refuses a kernel for {}: {}", operation, TF_Message(status.get())));
}

}  // namespace

Result<void> RegisterRandomKernels() {
  // Once per process: a second registration would be an error of TensorFlow's.
  static const Result<void> done = []() -> Result<void> {
    DELSTEP_TRY(Register("RandomUniform", Uniform));
    return Register("RandomStandardNormal", Normal);
  }();
  return done;
}

RandomScope::RandomScope(RandomKey key) { t_stream = {key, ++t_scopes}; }
RandomScope::~RandomScope() { t_stream = {{}, ++t_scopes}; }

bool IsUnrepeatable(const std::string& operation) {
  constexpr std::array<std::string_view, 7> kStateful = {
      "RandomUniformInt", "TruncatedNormal", "Multinomial",    "RandomGamma",
      "RandomPoissonV2",  "RandomShuffle",   "RandomGammaGrad"};
  return std::ranges::find(kStateful, operation) != kStateful.end();
}

}  // namespace delstep
