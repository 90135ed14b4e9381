#pragma once
/// The models that this learner has, by `model.name`.
#include "delstep/data.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "learning/torch/net.h"

namespace delstep {

/// TorchScript files are loaded onto the device; other nets are made in main memory. Errors: kUsage,
/// naming the keys, for a model that is not here or does not fit the data.
Result<MakeNet> ChooseNet(const Scenario& scenario, const Dataset& data, c10::Device device);

}  // namespace delstep
