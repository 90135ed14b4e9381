// Jobs that fail or are stopped.
#include <limits>
#include <thread>

#include "tests/conformance/learner_conformance.h"

namespace delstep {
namespace {

TEST_P(LearnerConformance, ARateThatIsNotFiniteFailsThatJobAlone) {
  PoolWorkers workers(1);
  const auto learner = Make(workers);
  Population nodes(*learner, data_, 3), alone(*learner, data_, 3);
  for (const double rate :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    std::vector<TrainJob> jobs;
    for (std::size_t i : {0u, 1u, 2u}) jobs.push_back(nodes.Job(i, Options()));
    jobs[1].options.learning_rate = rate;
    const auto results = learner->Train(jobs);
    EXPECT_EQ(results[0].error, "");
    EXPECT_NE(results[1].error, "");
    EXPECT_NE(results[1].failure, JobFailure::kStopped);
    EXPECT_EQ(results[2].error, "") << "the job after a failed one on the same worker";
    alone.Train({0, 2}, Options());
    EXPECT_EQ(nodes.Bits()[4], alone.Bits()[4]) << "the failed job left traces";
  }
}

TEST_P(LearnerConformance, EvaluationOfAModelThatIsNotFiniteIsAnError) {
  PoolWorkers workers(1);
  const auto learner = Make(workers);
  Population nodes(*learner, data_, 1);
  for (const TensorSpec& tensor : learner->layout().model.tensors)
    std::ranges::fill(nodes.model(0).subspan(tensor.offset, tensor.floats),
                      std::numeric_limits<float>::quiet_NaN());
  const EvaluateJob job = nodes.Evaluation(0);
  EXPECT_EQ(learner->Evaluate(std::span(&job, 1))[0].failure, JobFailure::kNotFinite);
}

TEST_P(LearnerConformance, AStopAskedForBeforehandStopsEveryJob) {
  PoolWorkers workers(2);
  const auto learner = Make(workers);
  Population nodes(*learner, data_, 2);
  std::stop_source stop;
  stop.request_stop();
  const std::vector<TrainJob> jobs = {nodes.Job(0, Options()), nodes.Job(1, Options())};
  for (const TrainResult& result : learner->Train(jobs, stop.get_token())) {
    EXPECT_EQ(result.failure, JobFailure::kStopped);
    EXPECT_NE(result.error, "");
  }
  const EvaluateJob evaluation = nodes.Evaluation(0);
  const auto result = learner->Evaluate(std::span(&evaluation, 1), stop.get_token())[0];
  EXPECT_EQ(result.failure, JobFailure::kStopped);
  EXPECT_NE(result.error, "");
}

/// One thread that asks for a stop when the first piece of work is done.
class StoppingWorkers final : public Workers {
 public:
  explicit StoppingWorkers(std::stop_source& stop) : stop_(stop) {}
  int size() const override { return 1; }
  using Workers::ForEach;
  void ForEach(std::size_t count, Work work, void* self) override {
    for (std::size_t i = 0; i < count; ++i) {
      work(self, 0, i);
      stop_.request_stop();
    }
  }

 private:
  std::stop_source& stop_;
};

TEST_P(LearnerConformance, AStopBetweenJobsKeepsWhatIsDone) {
  std::stop_source stop;
  StoppingWorkers workers(stop);
  const auto learner = Make(workers);
  Population nodes(*learner, data_, 2);
  const std::vector<TrainJob> jobs = {nodes.Job(0, Options()), nodes.Job(1, Options())};
  const auto results = learner->Train(jobs, stop.get_token());
  EXPECT_EQ(results[0].error, "");
  EXPECT_EQ(results[1].failure, JobFailure::kStopped);
}

TEST_P(LearnerConformance, AStopEndsAJobBetweenTwoEpochs) {
  PoolWorkers workers(1);
  const auto learner = Make(workers);
  Population nodes(*learner, data_, 1);
  TrainOptions options = Options();
  options.epochs = std::numeric_limits<int>::max();  // hours, were the stop not heeded
  options.learning_rate = 1e-9;
  const TrainJob job = nodes.Job(0, options);
  std::stop_source stop;
  const std::jthread other([&] { stop.request_stop(); });
  EXPECT_EQ(learner->Train(std::span(&job, 1), stop.get_token())[0].failure, JobFailure::kStopped);
}

}  // namespace
}  // namespace delstep
