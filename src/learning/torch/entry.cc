#include "learning/plugin/entry.h"

#include <torch/version.h>

#include "learning/torch/one_thread.h"
#include "learning/torch/torch_learner.h"
#include "learning/torch/user_nets.h"

namespace delstep {
namespace {

LearnerEntry::About About() {
  const BlasDescription blas = DescribeBlas();
  return {.version = TORCH_VERSION, .blas = blas.text, .is_slow_blas = blas.is_reference};
}

}  // namespace
}  // namespace delstep

DELSTEP_LEARNER_ENTRY(&delstep::MakeTorchLearner, &delstep::LoadLearningModuleData,
                      &delstep::About);
