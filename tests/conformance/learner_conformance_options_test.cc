// Local steps, the proximal term and clipping: promises of TrainOptions.
#include <cmath>
#include <cstdint>

#include "tests/conformance/learner_conformance.h"

namespace delstep {
namespace {

TEST_P(LearnerConformance, LocalStepsCountMiniBatchesOverTheBordersOfEpochs) {
  PoolWorkers workers(1);
  const auto learner = Make(workers);
  TrainOptions options = Options();  // 40 examples in batches of 32 are 2 an epoch
  Population by_epochs(*learner, data_, 1), by_steps(*learner, data_, 1);
  const auto expected = by_epochs.Train({0}, options)[0];
  options.local_steps = 4;
  options.epochs = 7;
  const auto got = by_steps.Train({0}, options)[0];
  EXPECT_EQ(got.steps, 4);
  EXPECT_EQ(got.loss, expected.loss);
  EXPECT_EQ(by_steps.Bits(), by_epochs.Bits()) << "four steps are two epochs";
  for (const std::int64_t steps : {1, 3, 5}) {
    Population nodes(*learner, data_, 1);
    options.local_steps = steps;
    const auto result = nodes.Train({0}, options)[0];
    EXPECT_EQ(result.error, "");
    EXPECT_EQ(result.steps, steps);
    EXPECT_NE(nodes.Bits()[0], by_epochs.Bits()[0]);
  }
}

TEST_P(LearnerConformance, TheLossOfAnEpochCutShortIsTheMeanOverTheExamplesItCameTo) {
  PoolWorkers workers(1);
  const auto learner = Make(workers);
  Population nodes(*learner, data_, 1);
  TrainOptions options = Options();
  options.batch_size = 8;
  options.learning_rate = 1e-9;  // so every batch has about the same loss, near ln 4
  options.local_steps = 5;
  const double whole = nodes.Train({0}, options)[0].loss;
  options.local_steps = 6;  // a fifth of the second epoch
  const double part = nodes.Train({0}, options)[0].loss;
  EXPECT_GT(part, whole / 2);
  EXPECT_LT(part, whole * 2);
}

/// The distance of two rows over the tensors that training moves.
double Distance(const RowLayout& layout, std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (const TensorSpec& tensor : layout.tensors)
    if (tensor.role == TensorSpec::Role::kParameter)
      for (std::size_t i = tensor.offset; i < tensor.offset + tensor.floats; ++i)
        sum += (static_cast<double>(a[i]) - b[i]) * (static_cast<double>(a[i]) - b[i]);
  return std::sqrt(sum);
}

TEST_P(LearnerConformance, TheProximalTermPullsToAnAnchorThatJobsShareAndNobodyWrites) {
  PoolWorkers workers(2);
  const auto learner = Make(workers);
  const RowLayout& layout = learner->layout().model;
  TrainOptions options = Options();
  options.learning_rate = 1e-3;
  Population free(*learner, data_, 3), pulled(*learner, data_, 3);
  free.Train({0, 1}, options);
  pulled.MakeModelReadOnly(2);
  options.proximal_mu = 10;
  std::vector<TrainJob> jobs = {pulled.Job(0, options), pulled.Job(1, options)};
  for (TrainJob& job : jobs) job.anchor = pulled.model(2);
  for (const TrainResult& result : learner->Train(jobs)) EXPECT_EQ(result.error, "");
  const std::span<const float> anchor = pulled.model(2);
  for (std::size_t i : {0u, 1u})
    EXPECT_LT(Distance(layout, pulled.model(i), anchor), Distance(layout, free.model(i), anchor));
}

TEST_P(LearnerConformance, AModelThatIsItsOwnAnchorIsNotPulledInTheFirstStep) {
  PoolWorkers workers(1);
  const auto learner = Make(workers);
  const RowLayout& layout = learner->layout().model;
  TrainOptions options = Options();
  options.local_steps = 1;
  Population free(*learner, data_, 1), pulled(*learner, data_, 1), anchor(*learner, data_, 1);
  free.Train({0}, options);
  options.proximal_mu = 10;
  TrainJob job = pulled.Job(0, options);
  job.anchor = anchor.model(0);
  learner->Train(std::span(&job, 1));
  EXPECT_EQ(Distance(layout, pulled.model(0), free.model(0)), 0);
}

TEST_P(LearnerConformance, ClippingBoundsTheGradientOfOneStep) {
  PoolWorkers workers(1);
  const auto learner = Make(workers);
  const RowLayout& layout = learner->layout().model;
  TrainOptions options = Options();
  options.local_steps = 1;
  options.weight_decay = 0;  // which comes after clipping
  Population before(*learner, data_, 1);
  const auto update = [&](double clip_norm) {
    Population nodes(*learner, data_, 1);
    options.clip_norm = clip_norm;
    EXPECT_EQ(nodes.Train({0}, options)[0].error, "");
    return Distance(layout, nodes.model(0), before.model(0)) / options.learning_rate;
  };
  const double free = update(0);
  EXPECT_EQ(update(1e9), free) << "no gradient is that long";
  EXPECT_LT(update(1e-12), 1e-3 * free) << "for Adam and RMSprop epsilon is far above that";
  if (GetParam().scenario.training.optimizer == "sgd") {
    ASSERT_GT(free, 0.11) << "or clipping to 0.1 would show nothing";
    EXPECT_NEAR(update(0.1), 0.1, 1e-5) << "the first step of momentum is that of plain SGD";
  }
}

}  // namespace
}  // namespace delstep
