#include "learning/plugin/entry.h"

#include <tensorflow/c/c_api.h>

#include "learning/tensorflow/tensorflow_learner.h"

namespace delstep {
namespace {

LearnerEntry::About About() {
  return {
      .version = TF_Version(), .blas = {}, .is_slow_blas = false, .devices = {}, .no_devices = {}};
}

}  // namespace
}  // namespace delstep

DELSTEP_LEARNER_ENTRY(&delstep::MakeTensorflowLearner, nullptr, &delstep::About, nullptr);
