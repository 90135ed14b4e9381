#include "user_models/module_library.h"

#include <dlfcn.h>
#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>

#include "base/files.h"
#include "base/text.h"
#include "base/user_code.h"

namespace delstep {
namespace {

/// Does the file end before a part that is mapped into memory? dlopen() does not notice, and the
/// program would end at the first touch of what is missing. Of files that are no 64-bit ELF: no.
bool IsCutOff(const std::filesystem::path& library) {
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(library, failed);
  std::ifstream file(library, std::ios::binary);
  Elf64_Ehdr header;
  if (failed || !file.read(reinterpret_cast<char*>(&header), sizeof header)) return false;
  const std::string_view magic(reinterpret_cast<const char*>(header.e_ident), SELFMAG);
  if (magic != ELFMAG || header.e_ident[EI_CLASS] != ELFCLASS64) return false;
  file.seekg(static_cast<std::streamoff>(header.e_phoff));
  for (int i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr part;
    if (!file.read(reinterpret_cast<char*>(&part), sizeof part)) return true;
    if (part.p_filesz > size || part.p_offset > size - part.p_filesz) return true;
  }
  return false;
}

struct SourceKind {
  std::string_view name, macro, use;
};
constexpr SourceKind kSourceKinds[] = {
    {"learning module", "DELSTEP_LEARNING_MODULE(", "delstep {0}, or model.file={0}"},
    {"rule of aggregation", "DELSTEP_AGGREGATOR(", "delstep aggregation.name={0}"},
    {"behaviour", "DELSTEP_BEHAVIOUR(", "delstep behaviour.name={0}"},
};

/// Whether a line begins with it: in comments it may be spoken of.
bool HasLineWith(std::string_view text, std::string_view macro) {
  const auto lines = Split(text, '\n');
  return std::ranges::any_of(lines,
                             [&](std::string_view line) { return Trim(line).starts_with(macro); });
}

}  // namespace

Result<void> CheckKindOfSource(const std::string& file, std::string_view kind) {
  // What stands in for the file is named here; a compiler would speak of its first word.
  std::error_code failed;
  const auto text = ReadText(file);
  if (!text && std::filesystem::is_regular_file(file, failed)) return text.error();
  if (!text) return {};
  const SourceKind* other = nullptr;
  for (const SourceKind& each : kSourceKinds) {
    if (!HasLineWith(*text, each.macro)) continue;
    if (each.name == kind) return {};
    other = &each;
  }
  if (other == nullptr) return {};
  return BadFile(fmt::format("'{}' is a {}, not a {}", file, other->name, kind),
                 "use it so: " + fmt::format(fmt::runtime(other->use), file));
}

Result<void*> OpenUserLibrary(const std::filesystem::path& library, const std::string& name,
                              std::string_view kind) {
  if (IsCutOff(library))
    return BadFile(
        fmt::format("the library '{}' of the {} '{}' is cut off", library.string(), kind, name),
        "remove it, and compile the file again");
  // An absolute path: dlopen looks for a bare name elsewhere.
  std::error_code failed;
  const UserCode running(name, "its global objects");
  void* const handle =
      dlopen(std::filesystem::absolute(library, failed).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr)
    return BadFile(fmt::format("cannot load the {} '{}': {}", kind, name, dlerror()));
  return handle;
}

Result<const LearningModuleEntry*> OpenModule(const std::filesystem::path& library,
                                              const std::string& name,
                                              const std::string& libtorch) {
  DELSTEP_ASSIGN(void* const handle, OpenUserLibrary(library, name, "learning module"));
  const auto* entry =
      static_cast<const LearningModuleEntry*>(dlsym(handle, "delstep_learning_module"));
  if (entry == nullptr)
    return BadFile(fmt::format("'{}' exports no learning module", name),
                   "end the file with DELSTEP_LEARNING_MODULE(NameOfYourClass)");
  if (entry->interface != kLearningModuleInterface || entry->libtorch != libtorch)
    return BadFile(
        fmt::format("the learning module '{}' was compiled for interface {} and LibTorch {}, and "
                    "this program has interface {} and LibTorch {}",
                    name, entry->interface, entry->libtorch, kLearningModuleInterface, libtorch),
        "name its .cpp file by model.file: it is then compiled for this program");
  return entry;
}

}  // namespace delstep
