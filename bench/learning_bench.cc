// The dense learner on one worker: training counted dense, zeros included, and evaluation.
#include <benchmark/benchmark.h>

#include <cassert>
#include <memory>
#include <numeric>
#include <span>
#include <vector>

#include "delstep/random.h"
#include "learning/dense/dense_learner.h"
#include "learning/pool_workers.h"
#include "math/aligned_floats.h"
#include "peak.h"
#include "report.h"

namespace delstep {
namespace {

constexpr std::size_t kInputs = 784,
                      kExamples = 4'928;  // a node of the seed workload, whole batches

/// Digits that nobody wrote: an inked spot with about the share of zeros that MNIST has. `dense`:
/// no zero at all.
struct Spots {
  explicit Spots(bool dense) : bytes(kExamples * kInputs), labels(kExamples), examples(kExamples) {
    Random random({4, 2});
    for (std::size_t e = 0; e < kExamples; ++e) {
      labels[e] = static_cast<std::int32_t>(e % 10);
      const double x = random.Uniform(11, 17), y = random.Uniform(11, 17);
      const double radius = random.Uniform(5, 9);
      for (std::size_t i = 0; i < kInputs; ++i) {
        const double dx = static_cast<double>(i % 28) - x, dy = static_cast<double>(i / 28) - y;
        if (dense || dx * dx + dy * dy < radius * radius)
          bytes[e * kInputs + i] = static_cast<std::uint8_t>(random.Below(255) + 1);
      }
    }
    std::iota(examples.begin(), examples.end(), 0u);
    data.example_shape = {1, 28, 28};
    data.example_size = kInputs;
    data.bytes = bytes;
    data.labels = labels;
    data.classes = 10;
  }
  std::vector<std::uint8_t> bytes;
  std::vector<std::int32_t> labels;
  std::vector<std::uint32_t> examples;
  Dataset data;
};

struct Setting {
  Setting(const Kernels& kernels, bool dense) : spots(dense) {
    Scenario scenario;
    scenario.portable = &kernels == &PortableKernels();
    learner = MakeDenseLearner(scenario, spots.data, workers).value();
    model = AlignedFloats(learner->layout().model.floats);
    state = AlignedFloats(learner->layout().state.floats);
    const Result<void> made =
        learner->Initialise({model.data(), model.size()}, {state.data(), state.size()}, {1, 2});
    assert(made);
  }
  Spots spots;
  PoolWorkers workers{1};
  std::unique_ptr<Learner> learner;
  AlignedFloats model, state;
};

void Train(benchmark::State& state, const Kernels& kernels, bool dense) {
  Setting setting(kernels, dense);
  const TrainJob job{.model = {setting.model.data(), setting.model.size()},
                     .state = {setting.state.data(), setting.state.size()},
                     .data = {&setting.spots.data, setting.spots.examples},
                     .key = {1, 3},
                     .options = {}};
  const double peak = PeakGflops(kernels);
  for (auto _ : state) setting.learner->Train(std::span(&job, 1));
  // 128 examples: two products of the first layer, three of the second.
  ReportFlops(state, 2.0 * kExamples * (2 * 784 * 32 + 3 * 32 * 10), peak);
}

void Evaluate(benchmark::State& state, const Kernels& kernels, std::size_t models) {
  Setting setting(kernels, false);
  const std::vector<AlignedFloats> rows = [&] {
    std::vector<AlignedFloats> made;
    for (std::size_t i = 0; i < models; ++i) {
      made.emplace_back(setting.model.size());
      std::copy_n(setting.model.data(), setting.model.size(), made.back().data());
    }
    return made;
  }();
  std::vector<EvaluateJob> jobs;
  for (const AlignedFloats& row : rows)
    jobs.push_back(
        {.model = {row.data(), row.size()}, .data = {&setting.spots.data, setting.spots.examples}});
  const double peak = PeakGflops(kernels);
  for (auto _ : state) setting.learner->Evaluate(jobs);
  ReportFlops(state, 2.0 * kExamples * static_cast<double>(models) * (784 * 32 + 32 * 10), peak);
}

const bool kRegistered = [] {
  for (const Kernels* kernels : {&PortableKernels(), &BestKernels()}) {
    const std::string name = kernels->name;
    const auto add = [&](const char* what, auto run) {
      benchmark::RegisterBenchmark((std::string(what) + "/" + name).c_str(),
                                   [run, kernels](benchmark::State& s) { run(s, *kernels); })
          ->Unit(benchmark::kMillisecond);
    };
    add("TrainDense", [](auto& s, const Kernels& k) { Train(s, k, true); });
    add("TrainSparse", [](auto& s, const Kernels& k) { Train(s, k, false); });
    add("Evaluate1", [](auto& s, const Kernels& k) { Evaluate(s, k, 1); });
    add("Evaluate12", [](auto& s, const Kernels& k) { Evaluate(s, k, 12); });
  }
  return true;
}();

}  // namespace
}  // namespace delstep
