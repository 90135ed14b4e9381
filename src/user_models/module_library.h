#pragma once
/// A compiled file of the user's in this process.
#include <filesystem>
#include <string>
#include <string_view>

#include "delstep/result.h"
#include "delstep/torch/module_entry.h"

namespace delstep {

/// Each kind of file of the user's ends with a macro of its own. An error (kFile), with what to do
/// instead, where the text of this one ends with the macro of another kind; also where something
/// stands in for the file (a pointer of Git LFS), or it is no text. A file that is not there is for
/// others to complain of.
Result<void> CheckKindOfSource(const std::string& file, std::string_view kind);

/// Loads the library, for good: its code stays until the program ends. Returns what dlsym() takes.
/// `name` is the file that messages are about, `kind` says what it is: "learning module". Errors:
/// kFile if it cannot be loaded.
Result<void*> OpenUserLibrary(const std::filesystem::path& library, const std::string& name,
                              std::string_view kind);

/// Loads a learning module and finds its entry. Errors: kFile if it cannot be loaded, has no entry,
/// or was compiled for another interface or another LibTorch than `libtorch`.
Result<const LearningModuleEntry*> OpenModule(const std::filesystem::path& library,
                                              const std::string& name, const std::string& libtorch);

}  // namespace delstep
