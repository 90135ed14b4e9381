#include "learning/plugin/entry.h"

#include <fmt/format.h>
#include <torch/version.h>

#include "learning/torch/one_thread.h"
#include "learning/torch/placement.h"
#include "learning/torch/torch_learner.h"
#include "learning/torch/user_nets.h"

namespace delstep {
namespace {

LearnerEntry::About About() {
  const BlasDescription blas = DescribeBlas();
  const Devices devices = FindDevices();
  LearnerEntry::About about{.version = TORCH_VERSION,
                            .blas = blas.text,
                            .is_slow_blas = blas.is_reference,
                            .devices = {},
                            .no_devices = devices.absence.message};
  if (devices.count > 0)
    about.devices = fmt::format("{}, CUDA {}", NamesOf(devices), devices.version);
  return about;
}

Result<void> CheckDevice(const Scenario& scenario) {
  DELSTEP_TRY(ChoosePlacement(scenario, FindDevices()));
  return {};
}

}  // namespace
}  // namespace delstep

DELSTEP_LEARNER_ENTRY(&delstep::MakeTorchLearner, &delstep::LoadLearningModuleData, &delstep::About,
                      &delstep::CheckDevice);
