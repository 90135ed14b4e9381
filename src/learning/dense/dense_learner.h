#pragma once
/// Multilayer perceptrons and softmax regression in plain C++: the reference among the learners and
/// the fast path of the standard workload.
///
/// Models: `mlp` (hidden layers of the widths `model.hidden`, relu or tanh, inverted dropout after
/// each) and `logreg` (no hidden layer). Loss: cross-entropy of the softmax, mean over the batch.
/// Optimizers: `sgd`, `adam` and `rmsprop`, in the arithmetic of torch.optim; the state row of
/// `sgd` and `rmsprop` has a momentum buffer only where `training.momentum` is not 0 when the
/// learner is made, and a job with momentum for a learner without one fails. Weights and biases
/// start uniform in
/// [-1/sqrt(fan_in), 1/sqrt(fan_in)].
///
/// Bits: a result depends on the kernels (see math/kernels.h; `scenario.portable` takes the
/// portable ones), not on the workers.
#include <memory>

#include "delstep/learner.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// A learner for the examples and classes of `data`, which is not kept. `workers` outlives the
/// learner. Errors: kUsage, naming the key, for a model, width, activation, dropout or optimizer
/// that it cannot do, for a model of more than 2^30 floats, and for examples that are tokens.
Result<std::unique_ptr<Learner>> MakeDenseLearner(const Scenario& scenario, const Dataset& data,
                                                  Workers& workers);

}  // namespace delstep
