#pragma once
/// Loads modules with learners when they are first needed, so that runs without them start quickly.
#include <string>

#include "delstep/registry.h"
#include "delstep/result.h"
#include "learning/plugin/entry.h"

namespace delstep {

/// A learner with a large library, in a module beside the program.
struct LearnerPlugin {
  std::string library;     ///< "LibTorch"
  std::string to_install;  ///< completes "built without LibTorch; ..."
  std::string file;        ///< where it was built; empty: this program was built without it

  bool built() const { return !file.empty(); }
  /// Why it is not there, and what to do.
  std::string absence() const;
  /// The module, from the folder of the program or from where it was built. It stays loaded.
  /// Errors: kUnavailable, with what to install or to build.
  Result<const LearnerEntry*> Load() const;
};

const LearnerPlugin& TorchPlugin();
const LearnerPlugin& TensorflowPlugin();

/// The module's learner and, for those that have it, the data set of the user's learning module.
MakeLearner LearnerOf(const LearnerPlugin& module);
LoadData PluginDataOf(const LearnerPlugin& module);

}  // namespace delstep
