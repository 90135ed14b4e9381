#include "modules/module_library.h"

#include <dlfcn.h>
#include <fmt/format.h>

namespace delstep {

Result<const LearningModuleEntry*> OpenModule(const std::filesystem::path& library,
                                              const std::string& name,
                                              const std::string& libtorch) {
  // An absolute path: dlopen looks for a bare name elsewhere.
  std::error_code failed;
  void* const handle =
      dlopen(std::filesystem::absolute(library, failed).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr)
    return BadFile(fmt::format("cannot load the learning module '{}': {}", name, dlerror()));
  const auto* entry =
      static_cast<const LearningModuleEntry*>(dlsym(handle, "delstep_learning_module"));
  if (entry == nullptr)
    return BadFile(fmt::format("'{}' exports no learning module", name), {},
                   "end the file with DELSTEP_LEARNING_MODULE(NameOfYourClass)");
  if (entry->interface != kLearningModuleInterface || entry->libtorch != libtorch)
    return BadFile(
        fmt::format("the learning module '{}' was compiled for interface {} and LibTorch {}, and "
                    "this program has interface {} and LibTorch {}",
                    name, entry->interface, entry->libtorch, kLearningModuleInterface, libtorch),
        {}, "name its .cpp file by model.file: it is then compiled for this program");
  return entry;
}

}  // namespace delstep
