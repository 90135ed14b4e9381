// What `set` leaves of the state rows: the optimizer's memory, and what belongs to the model.
#include <algorithm>
#include <cstring>
#include <memory>

#include "tests/fakes/time_fixture.h"

namespace delstep {
namespace {

/// A model of one number, and an integer buffer that counts the trainings, as batch norm has one. With
/// momentum the optimizer has a tensor before it.
class CountingLearner final : public Learner {
 public:
  explicit CountingLearner(bool momentum) {
    layout_.model.Append("number", {1}, TensorSpec::Role::kParameter);
    if (momentum) layout_.state.Append("number.momentum", {1}, TensorSpec::Role::kMoment);
    layout_.state.Append("bn.calls", {}, TensorSpec::Role::kRaw);
  }
  const ModelLayout& layout() const override { return layout_; }

 private:
  Result<void> DoInitialise(std::span<float> model, std::span<float> state, RandomKey) override {
    std::ranges::fill(model, 0.0f);
    std::ranges::fill(state, 0.0f);
    return {};
  }
  std::vector<TrainResult> DoTrain(std::span<const TrainJob> jobs, std::stop_token) override {
    for (const TrainJob& job : jobs) {
      float* const place = &job.state[layout_.state.tensors.back().offset];
      std::int64_t calls = 0;
      std::memcpy(&calls, place, sizeof calls);
      ++calls;
      std::memcpy(place, &calls, sizeof calls);
    }
    TrainResult result;
    result.steps = 1;
    return std::vector<TrainResult>(jobs.size(), result);
  }
  std::vector<EvaluateResult> DoEvaluate(std::span<const EvaluateJob> jobs,
                                         std::stop_token) override {
    return std::vector<EvaluateResult>(jobs.size());
  }

  ModelLayout layout_;
};

class OptimizerState : public TimeTest {
 protected:
  OptimizerState() {
    fake_.registry.learners.Add(
        "counting", "", [](const Scenario& scenario, const Dataset&, Workers&) {
          return Result<std::unique_ptr<Learner>>(
              std::make_unique<CountingLearner>(scenario.training.momentum != 0));
        });
    fake_.registry.tensor_writers.Add(
        ".kept", "", [this](const std::filesystem::path&, std::span<const NamedArrayView> tensors) {
          for (const NamedArrayView& tensor : tensors)
            if (tensor.is_integer) std::memcpy(&calls_of_, tensor.content.data(), sizeof calls_of_);
          return Result<void>();
        });
  }
  Result<std::vector<std::string>> SetMomentum(double momentum) {
    Scenario scenario = sim().scenario();
    scenario.training.momentum = momentum;
    return sim().Reconfigure(scenario, "training.momentum", "");
  }
  /// How often the model of the node says that it was trained.
  std::int64_t CallsOf(NodeId node) {
    EXPECT_TRUE(sim().Export(node, "x.kept"));
    return calls_of_;
  }

  std::int64_t calls_of_ = -1;
};

// The buffers became those of a new model, as they lie in one row with what the optimizer keeps.
TEST_F(OptimizerState, IntegerBuffersOfTheModelOutliveTheMemoryOfTheOptimizer) {
  scenario_.model.learner = "counting";
  Begin();
  Train(kAll);
  Train({kB});
  for (const double momentum : {0.9, 0.0}) {
    SCOPED_TRACE(momentum);
    ASSERT_TRUE(SetMomentum(momentum));
    EXPECT_EQ(CallsOf(kA), 1);
    EXPECT_EQ(CallsOf(kB), 2);
  }
  Train({kB});
  EXPECT_EQ(CallsOf(kB), 3);
}

// It was thrown away under the training, which failed at its end.
TEST_F(OptimizerState, StaysWhereANodeIsInATraining) {
  scenario_.compute.ms_per_example = {.a = 10};
  scenario_.behaviour.name = "called";
  scenario_.training.momentum = 0.9;
  act_ = [](const std::string& what, Host& node) {
    if (what == "turn" && node.id() == kB) node.Train();
  };
  Begin();
  RunUntil(1s);  // b trains until 2 s: 20 examples, 5 epochs
  const auto refused = SetMomentum(0);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("10.0.0.2 is still training, until 2 s"));
  EXPECT_EQ(sim().scenario().training.momentum, 0.9);
  EXPECT_TRUE(SetMomentum(0.5)) << "needs no other state";
}

}  // namespace
}  // namespace delstep
