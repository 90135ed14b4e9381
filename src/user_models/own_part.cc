#include "user_models/own_part.h"

#include <dlfcn.h>

#include <filesystem>

#include "user_models/module_library.h"

namespace delstep {

Result<const void*> OpenOwnPart(const OwnPartKind& kind, const std::string& file, const Say& say) {
  const std::string& name = kind.toolchain.kind;
  std::filesystem::path library = file;
  if (!file.ends_with(".so")) {
    DELSTEP_TRY(CheckKindOfSource(file, name));
    DELSTEP_ASSIGN(library, CompileModule(file, kind.toolchain, ModuleCacheFolder(), say));
  }
  DELSTEP_ASSIGN(void* const handle, OpenUserLibrary(library, file, name));
  const void* entry = dlsym(handle, kind.symbol);
  if (entry == nullptr)
    return BadFile(fmt::format("'{}' holds no {}", file, name),
                   fmt::format("end the file with {}(NameOfYourClass)", kind.macro));
  const auto interface = *static_cast<const std::uint32_t*>(entry);
  if (interface != kind.interface)
    return BadFile(fmt::format("the {} '{}' was compiled for interface {}, and this program has "
                               "interface {}",
                               name, file, interface, kind.interface),
                   "name its .cpp file: it is then compiled for this program");
  return entry;
}

}  // namespace delstep
