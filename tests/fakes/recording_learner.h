#pragma once
/// A learner around another one that remembers what it was asked to do.
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "delstep/registry.h"

namespace delstep::fakes {

/// The jobs that reached a learner, in order; what they point to is not kept. Of a run over several
/// processes all learners write here, in any order.
struct LearnerRecord {
  struct Training {
    NodeId node{};
    TrainOptions options;
    std::vector<float> anchor;
    std::vector<std::int32_t> labels;  ///< of the job's examples
  };
  std::vector<Training> trainings;
  std::vector<NodeId> evaluations;
  std::vector<std::vector<std::uint32_t>> evaluated_examples;  ///< of each of these
  ModelFacts facts{};  ///< in: what the learner says of its model
  std::mutex mutex;    ///< for the learners; who looks does so between two calls
};

class RecordingLearner final : public Learner {
 public:
  RecordingLearner(std::unique_ptr<Learner> inner, std::shared_ptr<LearnerRecord> record)
      : inner_(std::move(inner)), record_(std::move(record)) {}
  const ModelLayout& layout() const override { return inner_->layout(); }
  ModelFacts facts() const override { return record_->facts; }

 private:
  Result<void> DoInitialise(std::span<float> model, std::span<float> state,
                            RandomKey key) override {
    return inner_->Initialise(model, state, key);
  }
  std::vector<TrainResult> DoTrain(std::span<const TrainJob> jobs, std::stop_token stop) override {
    std::unique_lock lock(record_->mutex);
    for (const TrainJob& job : jobs) {
      LearnerRecord::Training& training = record_->trainings.emplace_back();
      training.node = job.node;
      training.options = job.options;
      training.anchor.assign(job.anchor.begin(), job.anchor.end());
      for (const std::uint32_t example : job.data.examples)
        training.labels.push_back(job.data.dataset->labels[example]);
    }
    lock.unlock();
    return inner_->Train(jobs, std::move(stop));
  }
  std::vector<EvaluateResult> DoEvaluate(std::span<const EvaluateJob> jobs,
                                         std::stop_token stop) override {
    std::unique_lock lock(record_->mutex);
    for (const EvaluateJob& job : jobs) {
      record_->evaluations.push_back(job.node);
      record_->evaluated_examples.emplace_back(job.data.examples.begin(), job.data.examples.end());
    }
    lock.unlock();
    return inner_->Evaluate(jobs, std::move(stop));
  }

  std::unique_ptr<Learner> inner_;
  std::shared_ptr<LearnerRecord> record_;
};

/// Adds the learner "recording", which wraps the one named `inner`.
inline void AddRecordingLearner(Registry& registry, std::string_view inner,
                                std::shared_ptr<LearnerRecord> record) {
  registry.learners.Add("recording", "",
                        [make = **registry.learners.Find(inner), record = std::move(record)](
                            const Scenario& scenario, const Dataset& data,
                            Workers& workers) -> Result<std::unique_ptr<Learner>> {
                          DELSTEP_ASSIGN(std::unique_ptr<Learner> learner,
                                         make(scenario, data, workers));
                          return std::unique_ptr<Learner>(
                              std::make_unique<RecordingLearner>(std::move(learner), record));
                        });
}

}  // namespace delstep::fakes
