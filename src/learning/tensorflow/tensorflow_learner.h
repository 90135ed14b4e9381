#pragma once
/// The learning port through TensorFlow: nodes train a SavedModel that the user exported.
#include <memory>

#include "delstep/data.h"
#include "delstep/learner.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// Loads scenario.model.file, a folder that tf.saved_model.save wrote with the signatures that
/// exported_model.h lists. Each worker has a session of its own, single-threaded; a node's row is
/// set before its job and read back after.
///
/// The model's optimizer is its own: of scenario.training only lr (where `train` takes it),
/// batch_size, epochs and local_steps count. All nodes start from the weights in the file.
/// Errors: kBadFile, kUsage with the key that does not fit.
Result<std::unique_ptr<Learner>> MakeTensorflowLearner(const Scenario& scenario,
                                                       const Dataset& data, Workers& workers);

}  // namespace delstep
