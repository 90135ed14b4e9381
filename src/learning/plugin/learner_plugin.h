#pragma once
/// Learner plug-ins: a learner with a large library lies in a shared library of its own, which is
/// loaded when a model first needs it. So runs without it start quickly.
///
/// A plug-in is part of this program and of the same build. What a user writes and the LibTorch
/// learner then loads is a learning module (user_models/user_models.h).
#include <string>

#include "delstep/registry.h"
#include "delstep/result.h"
#include "learning/plugin/entry.h"

namespace delstep {

/// A shared library beside the program, or that this build lacks it.
struct LearnerPlugin {
  std::string library;        ///< "LibTorch"
  std::string to_install;     ///< completes "built without LibTorch; ..."
  std::string to_add;         ///< what to do where an installation lacks the plug-in
  std::string file;           ///< where it was built; empty: this program was built without it
  bool has_openblas = false;  ///< what it loads may include OpenBLAS (openblas.h)

  bool built() const { return !file.empty(); }
  /// Why it is not there, and what to do.
  std::string absence() const;
  /// The plug-in, from where BesideProgram() says it is. It stays loaded. `portable`: that of the
  /// scenario which needs it; what follows from it, the kernels of a library, stands from the first
  /// time on.
  /// Errors: kUnavailable, with what to install or to build.
  Result<const LearnerEntry*> Load(bool portable) const;
};

const LearnerPlugin& TorchPlugin();
const LearnerPlugin& TensorflowPlugin();

/// Load the plug-in when they are called; it outlives what they return. LearningModuleDataOf() is
/// for plug-ins whose entry has load_data.
MakeLearner LearnerOf(const LearnerPlugin& plugin);
LoadData LearningModuleDataOf(const LearnerPlugin& plugin);

}  // namespace delstep
