#pragma once
/// Nets that users bring: a TorchScript file, or a learning module in C++, which may bring data
/// too.
///
/// Errors name the key that they are about (Error::key): kUsage for a model that does not fit the
/// data or cannot be placed in rows, kFile for a file that cannot be read or does not compile,
/// kUnavailable where the compiler is missing.
#include "delstep/data.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "learning/torch/net.h"

namespace delstep {

/// `model.name = torchscript`: the file `model.file` as torch.jit.save() wrote it; every net starts
/// from the values in it. Refused: what escapes the rows (see script_graph.h), scores of another
/// shape than [batch, classes], a file without parameters to train, `model.init = per-node`.
/// Sets the executor of LibTorch to the one without profiling, which is deterministic. All tensors
/// of the file are put on the device, constants too.
Result<MakeNet> MakeScriptNets(const ModelOptions& model, const NetInput& input,
                               c10::Device device);

/// `model.name = module`: compiles `model.file` unless it is in the cache, and loads it.
Result<MakeNet> MakeLearningModuleNets(const ModelOptions& model, const NetInput& input);

/// `data.name = module`: the data set of the learning module that `model.file` names. LibTorch's
/// generator is seeded by the scenario's seed before.
Result<LoadedData> LoadLearningModuleData(const Scenario& scenario);

}  // namespace delstep
