#include "learning/evaluation_plan.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace delstep {
namespace {

constexpr std::size_t kModelsTogether = 8;  // unpacked, they should stay in the second cache

/// The distinct models on one data set, in the order of jobs.
struct Subject {
  DataView data;
  bool confusion = false;
  std::vector<std::span<const float>> models;
  std::map<const float*, std::size_t> known;
};

}  // namespace

EvaluationPlan PlanEvaluation(std::span<const EvaluateJob> jobs, std::size_t workers) {
  // Jobs on the same list of examples belong together, known by where the list lies.
  std::vector<Subject> subjects;
  std::map<std::tuple<const Dataset*, const std::uint32_t*, std::size_t, bool>, std::size_t> known;
  EvaluationPlan plan;
  for (const EvaluateJob& job : jobs) {
    const auto key = std::tuple(job.data.dataset, job.data.examples.data(),
                                job.data.examples.size(), job.confusion);
    const std::size_t number = known.try_emplace(key, subjects.size()).first->second;
    if (number == subjects.size())
      subjects.push_back({.data = job.data, .confusion = job.confusion, .models = {}, .known = {}});
    Subject& subject = subjects[number];
    // Nodes that share a row share the result.
    const auto [model, is_new] = subject.known.try_emplace(job.model.data(), subject.models.size());
    if (is_new) subject.models.push_back(job.model);
    plan.places.push_back({number, model->second});
  }

  std::vector<std::size_t> first(subjects.size()), size(subjects.size());
  for (std::size_t s = 0; s < subjects.size(); ++s) {
    const std::span models(subjects[s].models);
    first[s] = plan.groups.size();
    // Few models are spread over all workers first; only then several go to one.
    size[s] = std::clamp((models.size() + workers - 1) / workers, std::size_t{1}, kModelsTogether);
    for (std::size_t at = 0; at < models.size(); at += size[s]) {
      const auto part = models.subspan(at, std::min(size[s], models.size() - at));
      plan.groups.push_back({.data = subjects[s].data,
                             .models = {part.begin(), part.end()},
                             .confusion = subjects[s].confusion});
    }
  }
  // From (subject, number among its models) to (group, number in the group).
  for (EvaluationPlan::Place& place : plan.places) {
    const std::size_t subject = place.group;
    place.group = first[subject] + place.model / size[subject];
    place.model %= size[subject];
  }
  return plan;
}

std::vector<EvaluateResult> ResultsOf(const EvaluationPlan& plan,
                                      std::span<const GroupOutcome> outcomes) {
  std::vector<EvaluateResult> results;
  for (const auto [group, model] : plan.places) {
    const GroupOutcome& outcome = outcomes[group];
    // A group that failed fails all of its models.
    if (outcome.failure == JobFailure::kNone)
      results.push_back(outcome.results[model]);
    else
      results.push_back({.failure = outcome.failure, .error = outcome.error});
  }
  return results;
}

}  // namespace delstep
