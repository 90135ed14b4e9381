#pragma once
/// Which evaluations are one: a batch is gathered once for several models, and the same model on
/// the same data is evaluated once.
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "delstep/learner.h"

namespace delstep {

/// Different models on the same data; a piece of work for one worker.
struct EvaluationGroup {
  DataView data;
  std::vector<std::span<const float>> models;
  bool confusion = false;  ///< all its jobs ask for it, or none
};

struct EvaluationPlan {
  struct Place {
    std::size_t group = 0, model = 0;
  };
  std::vector<EvaluationGroup> groups;
  std::vector<Place> places;  ///< of each job's result
};

/// The results do not depend on `workers`, only how the work is cut does. The spans of the plan are
/// those of the jobs.
EvaluationPlan PlanEvaluation(std::span<const EvaluateJob> jobs, std::size_t workers);

/// What became of a group: an error of all its models, or a result of each.
struct GroupOutcome {
  JobFailure failure = JobFailure::kNone;
  std::string error;
  std::vector<EvaluateResult> results;  ///< one per model, if there is no failure
};
/// Each job's result, in the order of jobs; `outcomes` are those of plan.groups.
std::vector<EvaluateResult> ResultsOf(const EvaluationPlan& plan,
                                      std::span<const GroupOutcome> outcomes);

}  // namespace delstep
