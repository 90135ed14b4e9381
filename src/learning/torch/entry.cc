#include "learning/torch_loader/entry.h"

#include <torch/version.h>

#include "learning/torch/one_thread.h"
#include "learning/torch/own_nets.h"
#include "learning/torch/torch_learner.h"

namespace delstep {
namespace {

TorchEntry::About About() {
  const BlasDescription blas = DescribeBlas();
  return {TORCH_VERSION, blas.text, blas.is_reference};
}

}  // namespace
}  // namespace delstep

extern "C" __attribute__((visibility("default"))) const delstep::TorchEntry delstep_torch_entry;
const delstep::TorchEntry delstep_torch_entry = {delstep::ContractStamp(),
                                                 &delstep::MakeTorchLearner,
                                                 &delstep::LoadModuleData, &delstep::About};
