#pragma once
/// What the tests of the LibTorch learner share.
#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "delstep/registry.h"
#include "learning/pool_workers.h"
#include "math/aligned_floats.h"

namespace delstep {

/// Random bytes under random labels.
struct Pictures {
  explicit Pictures(std::vector<std::int64_t> shape, std::int32_t classes = 10,
                    std::size_t count = 24) {
    data.example_shape = shape;
    data.example_size = 1;
    for (const std::int64_t extent : shape) data.example_size *= static_cast<std::size_t>(extent);
    Random random({4, 2});
    bytes.resize(count * data.example_size);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.Below(256));
    for (std::size_t i = 0; i < count; ++i)
      labels.push_back(static_cast<std::int32_t>(i) % classes);
    examples.resize(count);
    std::iota(examples.begin(), examples.end(), 0u);
    data.bytes = bytes;
    data.labels = labels;
    data.classes = classes;
  }
  DataView view() const { return {&data, examples}; }

  std::vector<std::uint8_t> bytes;
  std::vector<std::int32_t> labels;
  std::vector<std::uint32_t> examples;
  Dataset data;
};

inline Scenario Model(std::string name, std::string optimizer = "adam") {
  Scenario scenario;
  scenario.model.name = std::move(name);
  scenario.training.optimizer = std::move(optimizer);
  return scenario;
}

/// A learner and one node.
struct Node {
  Node(const MakeLearner& make, const Scenario& scenario, const Dataset& data)
      : learner(std::move(make(scenario, data, workers)).value()),
        model(learner->layout().model.floats),
        state(learner->layout().state.floats) {
    EXPECT_TRUE(learner->Initialise(row(), state_row(), MakeKey(1, Purpose::kInitialise)));
  }
  std::span<float> row() { return {model.data(), model.size()}; }
  std::span<float> state_row() { return {state.data(), state.size()}; }
  TrainResult Train(DataView data, TrainOptions options, std::span<const float> anchor = {}) {
    const TrainJob job{.model = row(),
                       .state = state_row(),
                       .data = data,
                       .anchor = anchor,
                       .key = {1, 2},
                       .options = options};
    return learner->Train(std::span(&job, 1))[0];
  }

  PoolWorkers workers{1};
  std::unique_ptr<Learner> learner;
  AlignedFloats model, state;
};

}  // namespace delstep
