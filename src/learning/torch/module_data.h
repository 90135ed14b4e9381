#pragma once
/// The data set that a user's learning module brings by its LoadData().
#include <string>

#include "delstep/data.h"
#include "delstep/result.h"
#include "delstep/torch/learning_module.h"

namespace delstep {

/// About data.name, which is `module`.
Error BadModuleData(const std::string& what, std::string hint = {});

/// The tensors as a data set that keeps them, training part first: bytes where features are uint8
/// and no tokens, else floats. A user may have put anything into them, so what Dataset (data.h)
/// promises of features, labels and tokens is looked at here. Files are left to the caller.
///
/// Errors (kUsage): tensors that are missing, empty, no real numbers, or do not fit together;
/// features that are not finite; labels and ids of tokens that are no whole numbers, or out of
/// their range; no class, a negative number of tokens or more than floats can tell apart, names
/// that are not one per class.
Result<LoadedData> TakeModuleData(const TensorData& brought);

}  // namespace delstep
