// Jobs that fail or are stopped.
#include <chrono>
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

/// The conformance data with features, all 0, in memory of which the system gives no page before
/// somebody looks at it. So it can be seen, without a word from the learner, that training has
/// begun.
class WatchedData {
 public:
  explicit WatchedData(const Dataset& like) : dataset(like), size_(like.bytes.size()) {
    memory_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert(memory_ != MAP_FAILED);
    dataset.bytes = {static_cast<const std::uint8_t*>(memory_), size_};
  }
  ~WatchedData() { munmap(memory_, size_); }
  WatchedData(const WatchedData&) = delete;
  WatchedData& operator=(const WatchedData&) = delete;

  /// Whether an example of the first page has been read.
  bool WasRead() const {
    unsigned char resident = 0;
    return mincore(memory_, 1, &resident) == 0 && (resident & 1) != 0;
  }

  Dataset dataset;

 private:
  std::size_t size_;
  void* memory_ = nullptr;
};

TEST_P(LearnerConformance, AStopEndsAJobBetweenTwoEpochs) {
  PoolWorkers workers(1);
  const auto learner = Make(workers);
  Population nodes(*learner, data_, 1);
  WatchedData watched(data_.dataset);
  TrainOptions options = Options();
  options.epochs = std::numeric_limits<int>::max();  // hours, were the stop not heeded
  options.learning_rate = 1e-9;
  TrainJob job = nodes.Job(0, options);
  job.data.dataset = &watched.dataset;
  ASSERT_FALSE(watched.WasRead()) << "else it is not certain that the stop comes after the start";
  std::stop_source stop;
  const std::jthread other([&](const std::stop_token& over) {
    while (!watched.WasRead() && !over.stop_requested())
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    stop.request_stop();
  });
  EXPECT_EQ(learner->Train(std::span(&job, 1), stop.get_token())[0].failure, JobFailure::kStopped);
  EXPECT_TRUE(watched.WasRead());
}

}  // namespace
}  // namespace delstep
