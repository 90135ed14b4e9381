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

/// Inputs of which about the blocks are zeros that are zeros in handwritten digits: an inked spot.
struct Spots {
  Spots() : bytes(kBatch * kInputs), starts(kInputs / kInputBlock + 1) {
    Random random({5, 1});
    for (std::size_t e = 0; e < kBatch; ++e) {
      const double x = random.Uniform(11, 17), y = random.Uniform(11, 17);
      const double radius = random.Uniform(5, 9);
      for (std::size_t i = 0; i < kInputs; ++i) {
        const double dx = static_cast<double>(i % 28) - x, dy = static_cast<double>(i / 28) - y;
        if (dx * dx + dy * dy < radius * radius)
          bytes[e * kInputs + i] = static_cast<std::uint8_t>(random.Below(255) + 1);
      }
      features.push_back(&bytes[e * kInputs]);
    }
    constexpr std::size_t kMost = kBatch * kInputs / kInputBlock + kPickingSlack;
    examples.resize(kMost);
    values = AlignedFloats(kMost * kInputBlock);
    scratch.resize(kPickingScratch * PickingStride(kBatch));
  }
  void Pick(const Kernels& kernels) {
    kernels.pick_blocks({.examples = kBatch,
                         .blocks = kInputs / kInputBlock,
                         .features = features.data(),
                         .scale = 1.0f / 255,
                         .stride = PickingStride(kBatch),
                         .scratch = scratch.data(),
                         .starts = starts.data(),
                         .entry_examples = examples.data(),
                         .values = values.data()});
  }
  SparseInputs inputs() const {
    return {kInputs / kInputBlock, starts.data(), examples.data(), values.data()};
  }
  /// Of a product, those with zeros that stand in an entry included.
  double flops() const { return 2.0 * starts.back() * kInputBlock * kHidden; }

  std::vector<std::uint8_t> bytes;
  std::vector<const std::uint8_t*> features;
  std::vector<std::uint32_t> starts, examples, scratch;
  AlignedFloats values;
};

void PickBlocks(benchmark::State& state, const Kernels& kernels) {
  Spots spots;
  for (auto _ : state) spots.Pick(kernels);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(spots.bytes.size()));
}

void SparseForward(benchmark::State& state, const Kernels& kernels) {
  Spots spots;
  spots.Pick(kernels);
  const AlignedFloats b = Uniforms(kInputs * kHidden);
  AlignedFloats c(kBatch * kHidden);
  const double peak = PeakGflops(kernels);
  for (auto _ : state)
    kernels.sparse_multiply(
        {.inputs = spots.inputs(), .b = b.data(), .c = c.data(), .stride = kHidden});
  ReportFlops(state, spots.flops(), peak);
}

void SparseGradient(benchmark::State& state, const Kernels& kernels) {
  Spots spots;
  spots.Pick(kernels);
  const AlignedFloats d = Uniforms(kBatch * kHidden);
  AlignedFloats c(kInputs * kHidden);
  const double peak = PeakGflops(kernels);
  for (auto _ : state)
    kernels.sparse_gradient(
        {.inputs = spots.inputs(), .b = d.data(), .c = c.data(), .stride = kHidden});
  ReportFlops(state, spots.flops(), peak);
}

void DropoutWords(benchmark::State& state, const Kernels& kernels) {
  std::vector<std::uint32_t> words(kBatch * kHidden / 2);
  for (auto _ : state) kernels.philox({1, 2}, 0, words.size() / 4, words.data());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(4 * words.size()));
}

const bool kRegistered = [] {
  RegisterVariants("Forward", Forward);
  RegisterVariants("WeightGradient", WeightGradient);
  RegisterVariants("Adam", Adam);
  RegisterVariants("Convert", Convert);
  RegisterVariants("Softmax", Softmax);
  RegisterVariants("PickBlocks", PickBlocks);
  RegisterVariants("SparseForward", SparseForward);
  RegisterVariants("SparseGradient", SparseGradient);
  RegisterVariants("DropoutWords", DropoutWords);
  return true;
}();

}  // namespace
}  // namespace delstep
