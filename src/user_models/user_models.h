#pragma once
/// A user's learning module: from model.file to code in this process. Needs no LibTorch itself.
#include <string>

#include "delstep/result.h"
#include "delstep/torch/module_entry.h"
#include "user_models/module_cache.h"

namespace delstep {

/// Compiles `file` where it is a C++ source (and not yet in the cache), takes it as it is where it
/// ends in .so, and loads it. Loading the same file again is cheap and gives the same entry.
/// Errors: kUsage if `file` is empty; those of CompileModule() and OpenModule().
Result<const LearningModuleEntry*> LoadLearningModule(const std::string& file, const Say& say = {});

/// Writes a learning module to begin with, which trains on MNIST. Errors: kRefused if the file is
/// there already, kFile if it cannot be written.
Result<void> WriteModuleTemplate(const std::filesystem::path& file);

}  // namespace delstep
