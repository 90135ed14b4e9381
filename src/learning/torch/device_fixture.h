#pragma once
/// What the tests of the way to a device share.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "learning/torch/fixture.h"
#include "learning/torch/torch_learner.h"

namespace delstep {

using Bits = std::vector<std::uint32_t>;

inline constexpr std::size_t kNodes = 3;

/// Three nodes, trained and tested by one learner on two workers.
class Nodes {
 public:
  Nodes(const MakeLearner& make, const Scenario& scenario, const Pictures& pictures)
      : pictures_(pictures), learner_(std::move(make(scenario, pictures.data, workers_)).value()) {
    for (std::size_t i = 0; i < kNodes; ++i) {
      models_.emplace_back(learner_->layout().model.floats);
      states_.emplace_back(learner_->layout().state.floats);
      EXPECT_TRUE(learner_->Initialise(model(i), state(i), MakeKey(1, Purpose::kInitialise, i)));
    }
    anchor_.assign(model(0).begin(), model(0).end());
  }

  std::vector<TrainResult> Train(TrainOptions options, std::uint64_t use = 0) {
    std::vector<TrainJob> jobs;
    for (std::size_t i = 0; i < kNodes; ++i) {
      jobs.push_back({.model = model(i),
                      .state = state(i),
                      .data = ViewOf(i),
                      .key = {use, i},
                      .options = options});
      if (options.proximal_mu != 0) jobs.back().anchor = Anchor();
    }
    return learner_->Train(jobs);
  }
  std::vector<EvaluateResult> Test() {
    std::vector<EvaluateJob> jobs;
    for (std::size_t i = 0; i < kNodes; ++i)
      jobs.push_back({.model = model(i), .data = ViewOf(i), .confusion = true});
    return learner_->Evaluate(jobs);
  }

  /// All rows.
  Bits AllBits() {
    Bits bits;
    for (std::size_t i = 0; i < kNodes; ++i)
      for (const auto row : {model(i), state(i)})
        for (const float word : row) bits.push_back(std::bit_cast<std::uint32_t>(word));
    return bits;
  }
  void CopyRowsFrom(Nodes& other) {
    for (std::size_t i = 0; i < kNodes; ++i) {
      std::ranges::copy(other.model(i), model(i).begin());
      std::ranges::copy(other.state(i), state(i).begin());
    }
  }
  double DistanceTo(Nodes& other) {
    double most = 0;
    for (std::size_t i = 0; i < kNodes; ++i)
      for (std::size_t w = 0; w < model(i).size(); ++w)
        most = std::max(most, std::abs(static_cast<double>(model(i)[w]) - other.model(i)[w]));
    return most;
  }

  std::span<float> model(std::size_t i) { return {models_[i].data(), models_[i].size()}; }
  std::span<float> state(std::size_t i) { return {states_[i].data(), states_[i].size()}; }
  Learner& learner() { return *learner_; }

 private:
  /// Rows begin at 64 bytes.
  std::span<const float> Anchor() {
    if (aligned_anchor_.size() == 0) aligned_anchor_ = AlignedFloats(anchor_.size());
    std::ranges::copy(anchor_, aligned_anchor_.data());
    return {aligned_anchor_.data(), aligned_anchor_.size()};
  }
  /// 20, 22 or 24 of the examples.
  DataView ViewOf(std::size_t i) const {
    return {&pictures_.data, std::span(pictures_.examples).first(20 + 2 * i)};
  }

  const Pictures& pictures_;
  PoolWorkers workers_{2};
  std::unique_ptr<Learner> learner_;
  std::vector<AlignedFloats> models_, states_;
  std::vector<float> anchor_;
  AlignedFloats aligned_anchor_;
};

inline MakeLearner On(Placement placement) {
  return [=](const Scenario& scenario, const Dataset& data, Workers& workers) {
    return MakeTorchLearnerOn(placement, scenario, data, workers);
  };
}

inline Scenario PerceptronBy(const std::string& optimizer, double momentum = 0) {
  Scenario scenario = Model("mlp", optimizer);
  scenario.model.hidden = {20, 32};
  scenario.model.dropout = 0.3;
  scenario.training.momentum = momentum;
  return scenario;
}

inline Scenario YourOwn(const char* model, const char* file) {
  Scenario scenario = Model(model);
  scenario.model.file = file;
  return scenario;
}

/// All that a step may have: batches of 7, the last one smaller, momentum as the scenario says.
inline TrainOptions Everything(const Scenario& scenario) {
  return {.epochs = 2,
          .batch_size = 7,
          .learning_rate = 0.01,
          .momentum = scenario.training.momentum,
          .weight_decay = 0.01,
          .proximal_mu = 0.1,
          .clip_norm = 0.5};
}

inline void ExpectEqual(const std::vector<TrainResult>& a, const std::vector<TrainResult>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].error, "");
    EXPECT_EQ(a[i].error, b[i].error);
    EXPECT_EQ(a[i].steps, b[i].steps);
    EXPECT_EQ(a[i].loss, b[i].loss);
  }
}
inline void ExpectEqual(const std::vector<EvaluateResult>& a,
                        const std::vector<EvaluateResult>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].error, b[i].error);
    EXPECT_EQ(a[i].correct, b[i].correct);
    EXPECT_EQ(a[i].loss, b[i].loss);
    EXPECT_EQ(a[i].confusion, b[i].confusion);
  }
}

/// Logistic regression that refuses batches of one size.
class Refusing : public Net {
 public:
  explicit Refusing(std::int64_t refused) : refused_(refused) {}
  std::vector<NamedTensor> Parameters() override { return {{"weight", weight_}}; }
  std::vector<NamedTensor> Buffers() override { return {}; }
  torch::Tensor Forward(const torch::Tensor& x) override {
    if (x.size(0) == refused_) throw std::runtime_error("no batch of this size");
    return torch::linear(x.flatten(1), weight_);
  }
  void SetTraining(bool) override {}

 private:
  const std::int64_t refused_;
  torch::Tensor weight_ = torch::full({2, 4}, 0.25, torch::requires_grad());
};

inline MakeLearner RefusingOn(std::int64_t refused, Placement placement) {
  return [=](const Scenario& scenario, const Dataset& data, Workers& workers) {
    return MakeNetLearner(
        [=]() -> Result<std::unique_ptr<Net>> { return std::make_unique<Refusing>(refused); },
        scenario, data, workers, placement);
  };
}

}  // namespace delstep
