#pragma once
/// Which evaluations are one: a batch is gathered once for several models, and the same model on
/// the same data is evaluated once.
#include <cstddef>
#include <span>
#include <vector>

#include "delstep/learner.h"

namespace delstep {

/// Different models on the same data; a piece of work for one worker.
struct EvaluationGroup {
  DataView data;
  std::vector<std::span<const float>> models;
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

}  // namespace delstep
