#pragma once
/// A compiled learning module in this process.
#include <filesystem>
#include <string>

#include "delstep/result.h"
#include "delstep/torch/module_entry.h"

namespace delstep {

/// Loads the library (for good: its code stays until the program ends) and finds its entry. `name`
/// is the file that messages are about. Errors: kFile if it cannot be loaded, has no entry, or was
/// compiled for another interface or another LibTorch than `libtorch`.
Result<const LearningModuleEntry*> OpenModule(const std::filesystem::path& library,
                                              const std::string& name, const std::string& libtorch);

}  // namespace delstep
