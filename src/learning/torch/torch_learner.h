#pragma once
/// Any model that LibTorch can train, as a learner.
///
/// Each worker has a net of its own, which is pointed at the rows of the node in hand; gradients
/// are views of one flat array, and the update is one pass over the row. What rows cannot hold,
/// what training draws from, and whether evaluation writes are found out when the learner is made,
/// by a step with two examples: docs/internals/torch.md has the rules.
///
/// On a device a block of jobs is copied there, runs on the workers, each with a stream of its own,
/// and is copied back.
///
/// Bits: a result depends on the processor's instruction set and on the versions of LibTorch and of
/// its BLAS, not on the workers.
#include <memory>

#include "delstep/learner.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "learning/torch/net.h"
#include "learning/torch/placement.h"

namespace delstep {

/// A learner of the nets that `make` makes, which compute where the placement says. `workers`
/// outlives it; `data` is looked at, not kept. On a device the features of the data of jobs are known
/// by their address: they stay as they are as long as the learner lives. Errors: those of `make`;
/// kUsage for a model that does not fit the data or whose state has no place in rows.
Result<std::unique_ptr<Learner>> MakeNetLearner(MakeNet make, const Scenario& scenario,
                                                const Dataset& data, Workers& workers,
                                                const Placement& placement = {});

/// The learner of `model.name`. Errors: also kUsage for a model that this learner does not have.
Result<std::unique_ptr<Learner>> MakeTorchLearnerOn(const Placement& placement,
                                                    const Scenario& scenario, const Dataset& data,
                                                    Workers& workers);
/// On what `training.device` names. Errors: also those of ChoosePlacement().
Result<std::unique_ptr<Learner>> MakeTorchLearner(const Scenario& scenario, const Dataset& data,
                                                  Workers& workers);

}  // namespace delstep
