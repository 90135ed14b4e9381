#include "learning/plugin/learner_plugin.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstring>
#include <filesystem>

#include "base/beside_program.h"
#include "learning/plugin/openblas.h"
#include "math/kernels.h"

namespace delstep {
std::string LearnerPlugin::absence() const {
  return fmt::format("built without {}; {}, then configure and build again", library, to_install);
}

Result<const LearnerEntry*> LearnerPlugin::Load(bool portable) const {
  if (!built()) return Unavailable("no learner for this model: " + absence());
  const std::filesystem::path plugin = BesideProgram(file);
  std::error_code failed;
  if (!std::filesystem::exists(plugin, failed))
    return Unavailable(
        fmt::format("the {} plug-in, {}, is not there", library, plugin.string()),
        InstalledUnder().empty() ? "build all targets, not the program alone" : to_add);
  constexpr int kMode = RTLD_NOW | RTLD_LOCAL;
  // Once it is there, its libraries have chosen, and the environment is left alone.
  void* handle = dlopen(plugin.c_str(), kMode | RTLD_NOLOAD);
  if (!handle) {
    const OpenBlasChoice choice(has_openblas ? OpenBlasKernels(BestKernels().name, portable)
                                             : std::string_view());
    handle = dlopen(plugin.c_str(), kMode);
  }
  if (!handle)
    return Unavailable(
        fmt::format("the {} plug-in cannot be loaded: {}", library, dlerror()),
        fmt::format("{} of the version that it was built with, or build again", to_install));
  const auto* entry = static_cast<const LearnerEntry*>(dlsym(handle, kLearnerEntryName));
  if (!entry || std::strcmp(entry->stamp, HeadersStamp()) != 0)
    return Unavailable(fmt::format("the {} plug-in, {}, is of another build than this program",
                                   library, plugin.string()),
                       "build all targets again");
  return entry;
}

const LearnerPlugin& TorchPlugin() {
  static const LearnerPlugin plugin{.library = "LibTorch",
                                    .to_install = "install libtorch-dev and libopenblas0-pthread",
                                    .to_add = "install the package delstep-torch",
                                    .file = DELSTEP_TORCH_PLUGIN,
                                    .has_openblas = true};
  return plugin;
}

const LearnerPlugin& TensorflowPlugin() {
  static const LearnerPlugin plugin{.library = "TensorFlow",
                                    .to_install = "install it with `./dev setup --tensorflow`",
                                    .to_add =
                                        "no package has it: build from the sources, and "
                                        "install by `cmake --install`",
                                    .file = DELSTEP_TENSORFLOW_PLUGIN};
  return plugin;
}

// Loading waits for the call: whoever only lists the learners pays nothing.
MakeLearner LearnerOf(const LearnerPlugin& plugin) {
  return [&plugin](const Scenario& scenario, const Dataset& data,
                   Workers& workers) -> Result<std::unique_ptr<Learner>> {
    DELSTEP_ASSIGN(const LearnerEntry* entry, plugin.Load(scenario.portable));
    return entry->make_learner(scenario, data, workers);
  };
}

LoadData LearningModuleDataOf(const LearnerPlugin& plugin) {
  return [&plugin](const Scenario& scenario) -> Result<LoadedData> {
    DELSTEP_ASSIGN(const LearnerEntry* entry, plugin.Load(scenario.portable));
    return entry->load_data(scenario);
  };
}

}  // namespace delstep
