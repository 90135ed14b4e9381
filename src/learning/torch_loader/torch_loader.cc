#include "learning/torch_loader/torch_loader.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstring>
#include <filesystem>

namespace delstep {
namespace {

/// Beside the program, as installed; else where it was built.
std::filesystem::path FindModule() {
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  const std::filesystem::path built = DELSTEP_TORCH_MODULE;
  const auto beside = program.parent_path() / built.filename();
  return !failed && std::filesystem::exists(beside, failed) ? beside : built;
}

Result<const TorchEntry*> Load() {
  if (!HasTorchModule())
    return Unavailable(std::string("no learner for this model: ") + kNoTorchModule);
  const std::filesystem::path module = FindModule();
  std::error_code failed;
  if (!std::filesystem::exists(module, failed))
    return Unavailable(fmt::format("the module with LibTorch, {}, is not there", module.string()),
                       "build all targets, not the program alone");
  void* library = dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return Unavailable(fmt::format("the module with LibTorch cannot be loaded: {}", dlerror()),
                       "install libtorch-dev and libopenblas0-pthread of the version that it was "
                       "built with, or build again");
  const auto* entry = static_cast<const TorchEntry*>(dlsym(library, kTorchEntryName));
  if (!entry || std::strcmp(entry->stamp, ContractStamp()) != 0)
    return Unavailable(
        fmt::format("the module with LibTorch, {}, is of another build than this program",
                    module.string()),
        "build all targets again");
  return entry;
}

}  // namespace

bool HasTorchModule() { return DELSTEP_TORCH_MODULE[0] != '\0'; }

Result<const TorchEntry*> LoadTorch() {
  static const Result<const TorchEntry*> entry = Load();
  return entry;
}

Result<std::unique_ptr<Learner>> MakeTorchLearnerFromModule(const Scenario& scenario,
                                                            const Dataset& data, Workers& workers) {
  DELSTEP_ASSIGN(const TorchEntry* entry, LoadTorch());
  return entry->make_learner(scenario, data, workers);
}

Result<LoadedData> LoadModuleDataFromModule(const Scenario& scenario) {
  DELSTEP_ASSIGN(const TorchEntry* entry, LoadTorch());
  return entry->load_module_data(scenario);
}

}  // namespace delstep
