#pragma once
/// For learners that have no way to another device.
#include <string_view>

#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// Errors: kUsage where `training.device` is another than the CPU. It names the learner, and says what
/// to do: `instead` is a way to compute the model on the device, which cpu is added to.
Result<void> RequireCpu(const Scenario& scenario, std::string_view learner,
                        std::string_view instead);

}  // namespace delstep
