#include "delstep/learner.h"

#include <algorithm>
#include <cassert>

namespace delstep {
namespace {

[[maybe_unused]] bool IsAligned(std::span<const float> row) {
  return reinterpret_cast<std::uintptr_t>(row.data()) % 64 == 0;
}

/// A failure and the words for it come together.
template <class Outcome>
[[maybe_unused]] bool IsExplained(const Outcome& outcome) {
  return outcome.error.empty() == (outcome.failure == JobFailure::kNone);
}

/// There is a matrix of the right size where one was asked for, and nowhere else.
[[maybe_unused]] bool HasWhatWasAsked(const EvaluateJob& job, const EvaluateResult& result) {
  if (!job.confusion || result.failure != JobFailure::kNone) return result.confusion.empty();
  const auto classes = static_cast<std::size_t>(job.data.dataset->classes);
  return result.confusion.size() == classes * classes;
}

}  // namespace

void RowLayout::Append(std::string name, std::vector<std::int64_t> shape, TensorSpec::Role role) {
  // A raw integer of 64 bits takes two float words.
  std::size_t words = role == TensorSpec::Role::kRaw ? 2 : 1;
  for (const std::int64_t extent : shape) words *= static_cast<std::size_t>(extent);
  tensors.push_back({.name = std::move(name),
                     .shape = std::move(shape),
                     .role = role,
                     .offset = floats,
                     .floats = words});
  // The next tensor begins at a multiple of 16 floats, a line of the cache.
  floats = (floats + words + 15) / 16 * 16;
  payload += words;
}

Result<void> Learner::Initialise(std::span<float> model, std::span<float> state, RandomKey key) {
  assert(model.size() == layout().model.floats && state.size() == layout().state.floats);
  assert(IsAligned(model) && IsAligned(state));
  return DoInitialise(model, state, key);
}

std::vector<TrainResult> Learner::Train(std::span<const TrainJob> jobs, std::stop_token stop) {
  for ([[maybe_unused]] const TrainJob& job : jobs) {
    assert(job.model.size() == layout().model.floats && IsAligned(job.model));
    assert(job.state.size() == layout().state.floats && IsAligned(job.state));
    assert(job.data.dataset && !job.data.examples.empty());
    assert(job.options.epochs >= 1 && job.options.batch_size >= 1);
    assert(job.options.proximal_mu == 0 || job.anchor.size() == layout().model.floats);
  }
  // Lengths and alignment are checked here once for all learners; theirs is the arithmetic.
  auto results = DoTrain(jobs, std::move(stop));
  assert(results.size() == jobs.size());
  assert(std::ranges::all_of(results, IsExplained<TrainResult>));
  return results;
}

std::vector<EvaluateResult> Learner::Evaluate(std::span<const EvaluateJob> jobs,
                                              std::stop_token stop) {
  for ([[maybe_unused]] const EvaluateJob& job : jobs) {
    assert(job.model.size() == layout().model.floats && IsAligned(job.model));
    assert(job.data.dataset && !job.data.examples.empty());
  }
  auto results = DoEvaluate(jobs, std::move(stop));
  assert(results.size() == jobs.size());
  assert(std::ranges::all_of(results, IsExplained<EvaluateResult>));
  assert(std::ranges::equal(jobs, results, HasWhatWasAsked));
  return results;
}

}  // namespace delstep
