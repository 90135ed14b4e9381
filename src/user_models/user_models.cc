#include "user_models/user_models.h"

#include "base/text.h"
#include "user_models/module_library.h"

namespace delstep {

Result<const LearningModuleEntry*> LoadLearningModule(const std::string& file, const Say& say) {
  if (file.empty())
    return UsageError("model.file = \"\": a learning module needs its C++ file",
                      "name it: model.file=learning_module.cpp")
        .About("model.file");
  const Toolchain& toolchain = BuildToolchain();
  if (Lower(file).ends_with(".so")) return OpenModule(file, file, toolchain.libtorch);
  DELSTEP_TRY(CheckKindOfSource(file, toolchain.kind));
  DELSTEP_ASSIGN(const auto library, CompileModule(file, toolchain, ModuleCacheFolder(), say));
  return OpenModule(library, file, toolchain.libtorch);
}

}  // namespace delstep
