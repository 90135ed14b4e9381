// The inner loops, each in the variants that this machine runs, at the shapes of the seed workload:
// batches of 128 digits through 784-32-10.
#include <benchmark/benchmark.h>

#include <vector>

#include "delstep/random.h"
#include "math/aligned_floats.h"
#include "math/kernels.h"
#include "peak.h"
#include "report.h"

namespace delstep {
namespace {

constexpr std::size_t kBatch = 128, kInputs = 784, kHidden = 32, kParameters = 25'648;

AlignedFloats Uniforms(std::size_t n) {
  Random random({1, n});
  AlignedFloats values(n);
  for (std::size_t i = 0; i < n; ++i) values.data()[i] = static_cast<float>(random.Uniform(-1, 1));
  return values;
}

void Forward(benchmark::State& state, const Kernels& kernels) {
  const AlignedFloats a = Uniforms(kBatch * kInputs), b = Uniforms(kInputs * kHidden);
  AlignedFloats c(kBatch * kHidden);
  const double peak = PeakGflops(kernels);
  for (auto _ : state)
    kernels.multiply({.m = kBatch,
                      .n = kHidden,
                      .k = kInputs,
                      .a = a.data(),
                      .a_row = kInputs,
                      .b = b.data(),
                      .b_stride = kHidden,
                      .c = c.data(),
                      .c_stride = kHidden});
  ReportFlops(state, 2.0 * kBatch * kInputs * kHidden, peak);
}

void WeightGradient(benchmark::State& state, const Kernels& kernels) {
  const AlignedFloats x = Uniforms(kBatch * kInputs), d = Uniforms(kBatch * kHidden);
  AlignedFloats c(kInputs * kHidden);
  const double peak = PeakGflops(kernels);
  for (auto _ : state)
    kernels.multiply({.m = kInputs,
                      .n = kHidden,
                      .k = kBatch,
                      .a = x.data(),
                      .a_row = 1,
                      .a_column = kInputs,
                      .b = d.data(),
                      .b_stride = kHidden,
                      .c = c.data(),
                      .c_stride = kHidden});
  ReportFlops(state, 2.0 * kBatch * kInputs * kHidden, peak);
}

void Adam(benchmark::State& state, const Kernels& kernels) {
  AlignedFloats g = Uniforms(kParameters), w = Uniforms(kParameters), m(kParameters),
                v(kParameters);
  const AdamUpdate update{.beta1 = 0.9f,
                          .beta2 = 0.999f,
                          .rest1 = 0.1f,
                          .rest2 = 0.001f,
                          .step_size = 0.001f,
                          .root_scale = 2.0f,
                          .epsilon = 1e-8f};
  const FlatParameters parameters{.size = kParameters,
                                  .gradient = g.data(),
                                  .weights = w.data(),
                                  .moments = {m.data(), v.data()}};
  for (auto _ : state) kernels.adam(update, parameters);
  ReportBytes(state, 7.0 * 4 * kParameters, TriadGigabytes(4 * 4 * kParameters));
}

void Convert(benchmark::State& state, const Kernels& kernels) {
  const std::vector<std::uint8_t> bytes(kBatch * kInputs, 7);
  AlignedFloats out(kBatch * kInputs);
  for (auto _ : state) kernels.convert(bytes.size(), bytes.data(), 1.0f / 255, 0, out.data());
  ReportBytes(state, 5.0 * kBatch * kInputs, TriadGigabytes(5 * kBatch * kInputs));
}

void Softmax(benchmark::State& state, const Kernels& kernels) {
  AlignedFloats x = Uniforms(kBatch * 16);
  const std::vector<std::int32_t> labels(kBatch, 3);
  std::vector<float> losses(kBatch);
  for (auto _ : state)
    kernels.softmax_cross_entropy({.rows = kBatch,
                                   .classes = 10,
                                   .stride = 16,
                                   .labels = labels.data(),
                                   .scale = 1.0f / kBatch,
                                   .x = x.data(),
                                   .losses = losses.data()});
}

void DropoutWords(benchmark::State& state) {
  Random random({1, 2});
  std::vector<std::uint32_t> words(kBatch * kHidden / 2);
  for (auto _ : state) random.Fill(words);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(4 * words.size()));
}
BENCHMARK(DropoutWords);

const bool kRegistered = [] {
  RegisterVariants("Forward", Forward);
  RegisterVariants("WeightGradient", WeightGradient);
  RegisterVariants("Adam", Adam);
  RegisterVariants("Convert", Convert);
  RegisterVariants("Softmax", Softmax);
  return true;
}();

}  // namespace
}  // namespace delstep
