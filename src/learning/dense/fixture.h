#pragma once
/// What the tests of the dense learner share.
#include <gtest/gtest.h>

#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "learning/dense/dense_learner.h"
#include "learning/pool_workers.h"
#include "math/aligned_floats.h"

namespace delstep {

/// Points around a centre per class, as floats.
struct Blobs {
  Blobs(std::size_t count, std::size_t features, std::int32_t classes, double spread = 1) {
    Random random(MakeKey(3, Purpose::kData));
    std::vector<double> centres(features * static_cast<std::size_t>(classes));
    for (double& c : centres) c = random.Normal();
    for (std::size_t e = 0; e < count; ++e) {
      labels.push_back(static_cast<std::int32_t>(e) % classes);
      for (std::size_t i = 0; i < features; ++i)
        floats.push_back(
            static_cast<float>(centres[static_cast<std::size_t>(labels[e]) * features + i] +
                               spread * random.Normal()));
    }
    examples.resize(count);
    std::iota(examples.begin(), examples.end(), 0u);
    data.example_shape = {static_cast<std::int64_t>(features)};
    data.example_size = features;
    data.floats = floats;
    data.labels = labels;
    data.classes = classes;
  }
  DataView view() const { return {&data, examples}; }

  std::vector<float> floats;
  std::vector<std::int32_t> labels;
  std::vector<std::uint32_t> examples;
  Dataset data;
};

inline Scenario ScenarioOf(std::vector<std::size_t> hidden, std::string activation = "relu",
                           double dropout = 0, std::string optimizer = "sgd") {
  Scenario scenario;
  scenario.model.hidden = std::move(hidden);
  scenario.model.activation = std::move(activation);
  scenario.model.dropout = dropout;
  scenario.training.optimizer = std::move(optimizer);
  return scenario;
}

/// A learner and one node.
struct Node {
  Node(const Scenario& scenario, const Dataset& data)
      : learner(MakeDenseLearner(scenario, data, workers).value()),
        model(learner->layout().model.floats),
        state(learner->layout().state.floats) {
    EXPECT_TRUE(learner->Initialise(row(), state_row(), MakeKey(1, Purpose::kInitialise)));
  }
  std::span<float> row() { return {model.data(), model.size()}; }
  std::span<float> state_row() { return {state.data(), state.size()}; }
  std::vector<float> Copy() const { return {model.data(), model.data() + model.size()}; }
  TrainResult Train(DataView data, const TrainOptions& options, RandomKey key = {1, 2}) {
    const TrainJob job{
        .model = row(), .state = state_row(), .data = data, .key = key, .options = options};
    return learner->Train(std::span(&job, 1))[0];
  }
  EvaluateResult Evaluate(DataView data) {
    const EvaluateJob job{.model = row(), .data = data};
    return learner->Evaluate(std::span(&job, 1))[0];
  }

  PoolWorkers workers{1};
  std::unique_ptr<Learner> learner;
  AlignedFloats model, state;
};

}  // namespace delstep
