#include "learning/plugin/entry.h"

#include <tensorflow/c/c_api.h>

#include "learning/tensorflow/tensorflow_learner.h"

namespace delstep {
namespace {

LearnerEntry::About About() { return {TF_Version(), {}, false}; }

}  // namespace
}  // namespace delstep

DELSTEP_LEARNER_ENTRY(&delstep::MakeTensorflowLearner, nullptr, &delstep::About);
