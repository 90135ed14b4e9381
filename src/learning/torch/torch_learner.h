#pragma once
/// Any model that LibTorch can train, as a learner.
///
/// Each worker has a net of its own, which is pointed at the rows of the node in hand; gradients
/// are views of one flat array, and the update is one pass over the row. What rows cannot hold,
/// what training draws from, and whether evaluation writes are found out when the learner is made,
/// by a step with two examples: docs/internals/torch.md has the rules.
///
/// Bits: a result depends on the processor's instruction set and on the versions of LibTorch and of
/// its BLAS, not on the workers.
#include <memory>

#include "delstep/learner.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "learning/torch/net.h"

namespace delstep {

/// A learner of the nets that `make` makes. `workers` outlives it; `data` is looked at, not kept.
/// Errors: those of `make`; kUsage for a model that does not fit the data or whose state has no
/// place in rows.
Result<std::unique_ptr<Learner>> MakeNetLearner(MakeNet make, const Scenario& scenario,
                                                const Dataset& data, Workers& workers);

/// The learner of `model.name`. Errors: also kUsage for a model that this learner does not have.
Result<std::unique_ptr<Learner>> MakeTorchLearner(const Scenario& scenario, const Dataset& data,
                                                  Workers& workers);

}  // namespace delstep
