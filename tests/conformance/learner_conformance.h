#pragma once
/// The promises of include/delstep/learner.h as tests, in learner_conformance*_test.cc. A learner
/// joins with one line in learners_test.cc, or in its own tests, which then compile the suite too.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <functional>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "delstep/registry.h"
#include "delstep/scenario.h"
#include "learning/pool_workers.h"

namespace delstep {

/// A way of making a learner: a name of letters, digits and '_', what it is made from, and the
/// factory.
struct LearnerUnderTest {
  std::string name;
  Scenario scenario;
  MakeLearner make;
  bool has_fixed_start = false;  ///< initial rows are the same for all keys
};

/// The name generator of the suite.
inline std::string NameOfLearner(const testing::TestParamInfo<LearnerUnderTest>& tested) {
  return tested.param.name;
}
inline void PrintTo(const LearnerUnderTest& learner, std::ostream* out) { *out << learner.name; }

/// A row that ends where a page without access begins: a step behind it ends the program.
class GuardedRow {
 public:
  explicit GuardedRow(std::size_t floats) : floats_(floats) {
    const std::size_t bytes = floats * sizeof(float);
    usable_ = (bytes + Page() - 1) / Page() * Page();
    void* memory =
        mmap(nullptr, usable_ + Page(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert(memory != MAP_FAILED);
    memory_ = static_cast<char*>(memory);
    [[maybe_unused]] const int failed = mprotect(memory_ + usable_, Page(), PROT_NONE);
    assert(!failed);
    data_ = reinterpret_cast<float*>(memory_ + usable_ - bytes);
  }
  ~GuardedRow() { munmap(memory_, usable_ + Page()); }
  GuardedRow(const GuardedRow&) = delete;
  GuardedRow& operator=(const GuardedRow&) = delete;

  std::span<float> span() { return {data_, floats_}; }
  void MakeReadOnly() { ASSERT_EQ(mprotect(memory_, usable_, PROT_READ), 0); }

 private:
  static std::size_t Page() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

  std::size_t floats_, usable_ = 0;
  char* memory_ = nullptr;
  float* data_ = nullptr;
};

/// Runs the pieces last to first on one thread, claiming to be a different worker each time:
/// lawful, if odd.
class BackwardWorkers final : public Workers {
 public:
  int size() const override { return 3; }
  using Workers::ForEach;
  void ForEach(std::size_t count, Work work, void* self) override {
    for (std::size_t i = count; i-- > 0;) work(self, static_cast<int>(i % 3), i);
  }
};

/// 300 examples of 12 byte features in 4 classes: class c is bright in features 3 c to 3 c + 2.
struct ConformanceData {
  ConformanceData() {
    Random random(MakeKey(1, Purpose::kData));
    for (std::uint32_t e = 0; e < 300; ++e) {
      labels.push_back(static_cast<std::int32_t>(e % 4));
      for (std::uint32_t i = 0; i < 12; ++i)
        bytes.push_back(static_cast<std::uint8_t>(random.Below(128) + (i / 3 == e % 4 ? 100 : 0)));
    }
    dataset.example_shape = {12};
    dataset.example_size = 12;
    dataset.bytes = bytes;
    dataset.labels = labels;
    dataset.classes = 4;
    all.resize(300);
    std::iota(all.begin(), all.end(), 0u);
  }
  /// 40 to 80 examples of its own for each of six nodes; sizes differ.
  DataView PartOf(std::size_t node) const {
    return {&dataset, std::span(all).subspan(40 * node, 40 + 8 * node)};
  }

  std::vector<std::uint8_t> bytes;
  std::vector<std::int32_t> labels;
  std::vector<std::uint32_t> all;
  Dataset dataset;
};

/// A few nodes with guarded rows.
class Population {
 public:
  Population(Learner& learner, const ConformanceData& data, std::size_t count)
      : learner_(learner), data_(data) {
    for (std::size_t i = 0; i < count; ++i) {
      models_.push_back(std::make_unique<GuardedRow>(learner.layout().model.floats));
      states_.push_back(std::make_unique<GuardedRow>(learner.layout().state.floats));
      const RandomKey key = MakeKey(1, Purpose::kInitialise, i);
      EXPECT_TRUE(learner.Initialise(model(i), state(i), key));
    }
  }

  std::span<float> model(std::size_t i) { return models_[i]->span(); }
  std::span<float> state(std::size_t i) { return states_[i]->span(); }
  void MakeModelReadOnly(std::size_t i) { models_[i]->MakeReadOnly(); }

  TrainJob Job(std::size_t i, TrainOptions options, std::uint64_t use = 0) {
    return {.node = NodeId{static_cast<std::uint32_t>(i)},
            .model = model(i),
            .state = state(i),
            .data = data_.PartOf(i),
            .key = MakeKey(1, Purpose::kTrain, i, use),
            .options = options};
  }
  EvaluateJob Evaluation(std::size_t i) { return {.model = model(i), .data = data_.PartOf(i)}; }

  /// Trains the nodes in one call, in this order.
  std::vector<TrainResult> Train(const std::vector<std::size_t>& order, TrainOptions options,
                                 std::uint64_t use = 0) {
    std::vector<TrainJob> jobs;
    for (const std::size_t i : order) jobs.push_back(Job(i, options, use));
    return learner_.Train(jobs);
  }

  /// All rows as bits: model and state of each node in turn.
  std::vector<std::vector<std::uint32_t>> Bits() {
    std::vector<std::vector<std::uint32_t>> bits;
    for (std::size_t i = 0; i < models_.size(); ++i)
      for (const auto row : {model(i), state(i)}) {
        bits.emplace_back(row.size());
        std::ranges::transform(row, bits.back().begin(),
                               [](float x) { return std::bit_cast<std::uint32_t>(x); });
      }
    return bits;
  }

 private:
  Learner& learner_;
  const ConformanceData& data_;
  std::vector<std::unique_ptr<GuardedRow>> models_, states_;
};

class LearnerConformance : public testing::TestWithParam<LearnerUnderTest> {
 protected:
  std::unique_ptr<Learner> Make(Workers& workers) const {
    return std::move(GetParam().make(GetParam().scenario, data_.dataset, workers)).value();
  }
  /// What the scenario says, with short epochs.
  TrainOptions Options() const {
    const TrainingOptions& training = GetParam().scenario.training;
    return {.epochs = 2,
            .batch_size = 32,
            .learning_rate = training.lr,
            .momentum = training.momentum,
            .weight_decay = training.weight_decay};
  }

  const ConformanceData data_;
};

}  // namespace delstep
