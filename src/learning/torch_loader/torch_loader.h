#pragma once
/// Loads the module with LibTorch when it is first needed, so that runs without it start quickly.
#include <memory>

#include "delstep/learner.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "learning/torch_loader/entry.h"

namespace delstep {

/// Whether this program was built with the module, and what to do if it was not.
bool HasTorchModule();
inline constexpr const char* kNoTorchModule =
    "built without LibTorch; install libtorch-dev and libopenblas0-pthread, then configure and "
    "build again";

/// The module, from the folder of the program or from where it was built. It stays loaded. Errors:
/// kUnavailable, with what to install or to build.
Result<const TorchEntry*> LoadTorch();

/// LoadTorch()'s learner; a MakeLearner.
Result<std::unique_ptr<Learner>> MakeTorchLearnerFromModule(const Scenario& scenario,
                                                            const Dataset& data, Workers& workers);

/// The data set of the user's learning module; a LoadData.
Result<LoadedData> LoadModuleDataFromModule(const Scenario& scenario);

}  // namespace delstep
