#pragma once
/// Testing the models of nodes.
#include <span>
#include <stop_token>
#include <vector>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// One result per node, in the order of `nodes`, which are present and up. A model is tested once
/// on the same examples: the results are kept in the engine's cache. See Simulation::Evaluate.
///
/// The scopes, with what each node is tested on:
///   general  the data set's own test part if only the training part is dealt (data.pool =
///            "train"), else the same as global
///   local    what the node itself has held out; nodes that held nothing out are left out
///   global   what all present nodes together have held out
///   group    what the members of the group together have held out; the group must exist
///   sample   `sample` examples of what `general` is, drawn without repetition; all where there are
///            fewer. Every such test of a run draws alike, and a smaller sample is part of a larger
///            one, so that a curve shows the models and not the draw.
///
/// Errors: kRefused if there is nothing to test on or the learner failed at some node; kInterrupted
/// after `stop`. On an error no result is noted. Threads: one caller at a time.
Result<std::vector<Evaluated>> Evaluate(Run& run, std::span<const NodeId> nodes,
                                        const EvaluationScope& scope, std::stop_token stop);
/// The same tests, with what each node takes the examples of each class for. `look_only`: leaves no
/// trace: no event, and no result that others could ask for. Errors: as Evaluate; kRefused for data
/// of more than 1,000 classes.
Result<std::vector<ClassTest>> EvaluateByClass(Run& run, std::span<const NodeId> nodes,
                                               const EvaluationScope& scope, bool look_only,
                                               std::stop_token stop);

/// What Evaluate() would have to compute now, or (`by_class`) EvaluateByClass(). Changes nothing.
/// Errors: as theirs, where there is nothing to test on.
Result<TestCost> CostOfTest(const Run& run, std::span<const NodeId> nodes,
                            const EvaluationScope& scope, bool by_class);

}  // namespace delstep
