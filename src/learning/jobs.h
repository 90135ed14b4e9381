#pragma once
/// How a learner runs its jobs on the workers, whatever library it computes with.
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/flush_denormals.h"
#include "delstep/learner.h"
#include "delstep/result.h"

namespace delstep {

/// A result that says why there is none. Outcome: TrainResult, EvaluateResult or GroupOutcome.
template <class Outcome>
Outcome Failed(JobFailure failure, std::string error) {
  Outcome outcome;
  outcome.failure = failure;
  outcome.error = std::move(error);
  return outcome;
}

template <class Outcome>
Outcome Stopped() {
  return Failed<Outcome>(JobFailure::kStopped, "stopped");
}

/// Failures that every learner may have, in the same words. `epoch` counts from 0.
TrainResult Diverged(std::int64_t epoch, double learning_rate);
EvaluateResult LossIsNotFinite();
/// Why what a user's model says of so many examples is no number of right ones; empty: it is one.
/// `counter` is what said it: "CountCorrect() of the model".
std::string WhyNoCount(const std::string& counter, std::int64_t correct, std::size_t examples);
/// A job asks for momentum, and the state row has no place for it.
TrainResult NoRoomForMomentum();

/// Runs jobs, each with the scratch of the worker that it runs on: buffers, a net, a session.
///
/// A worker's scratch is made when its first job begins, on its thread. It is kept from job to job,
/// also after one that returned a failure: such a job has ended in order, and the next one
/// overwrites what it left. An exception may have left anything behind, so the scratch is dropped
/// then, and the worker's next job makes a new one.
///
/// Jobs compute with denormal floats taken for 0 (FlushDenormals), so all learners do.
template <class Scratch>
class JobRunner {
 public:
  /// Is called by several workers at the same time. Exceptions are those of a job.
  using Make = std::function<Result<std::unique_ptr<Scratch>>()>;
  /// What a library's exception is for the user.
  using Explain = std::string (*)(const std::exception& exception);

  JobRunner(Workers& workers, Make make, Explain explain = &Text)
      : workers_(workers),
        make_(std::move(make)),
        explain_(explain),
        scratches_(static_cast<std::size_t>(workers.size())) {}

  std::size_t workers() const { return scratches_.size(); }

  /// run(job, scratch) for each job, which returns an Outcome; the outcomes in the order of jobs.
  /// After `stop`, jobs that have not begun fail as stopped.
  template <class Outcome, class Job, class Run>
  std::vector<Outcome> ForEach(std::span<const Job> jobs, const std::stop_token& stop, Run run) {
    std::vector<Outcome> outcomes(jobs.size());
    workers_.ForEach(jobs.size(), [&](int worker, std::size_t i) {
      if (stop.stop_requested())
        outcomes[i] = Stopped<Outcome>();
      else
        outcomes[i] = RunOne<Outcome>(static_cast<std::size_t>(worker), jobs[i], run);
    });
    return outcomes;
  }

  /// The scratch of a worker, made if it has none. Not while jobs run.
  Result<Scratch*> Of(std::size_t worker) {
    auto& scratch = scratches_[worker];
    if (!scratch) {
      DELSTEP_ASSIGN(scratch, make_());
    }
    return scratch.get();
  }
  /// Gives a worker the scratch that it goes on with; null: it makes a new one. Not while jobs run.
  void Replace(std::size_t worker, std::unique_ptr<Scratch> scratch) {
    scratches_[worker] = std::move(scratch);
  }

 private:
  template <class Outcome, class Job, class Run>
  Outcome RunOne(std::size_t worker, const Job& job, Run& run) {
    const FlushDenormals flushing;
    std::string error;
    try {
      const Result<Scratch*> scratch = Of(worker);
      if (!scratch) return Failed<Outcome>(JobFailure::kLearner, scratch.error().message);
      return run(job, **scratch);
    } catch (const std::bad_alloc&) {
      error = "out of memory; try a smaller training.batch_size or a smaller model";
    } catch (const std::exception& exception) {
      error = explain_(exception);
    }
    Replace(worker, nullptr);
    return Failed<Outcome>(JobFailure::kLearner, std::move(error));
  }

  static std::string Text(const std::exception& exception) { return exception.what(); }

  Workers& workers_;
  const Make make_;
  const Explain explain_;
  std::vector<std::unique_ptr<Scratch>> scratches_;  // by worker
};

}  // namespace delstep
