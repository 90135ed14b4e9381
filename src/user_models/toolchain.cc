#include "user_models/toolchain.h"

#include <fmt/format.h>
#include <unistd.h>

namespace delstep {

Result<void> CheckToolchain(const Toolchain& toolchain) {
  if (toolchain.needs_libtorch && toolchain.libtorch.empty())
    return Unavailable("learning modules in C++ need LibTorch, and this program was built without",
                       "install libtorch-dev and build the program again");
  if (access(toolchain.compiler.c_str(), X_OK) != 0)
    return Unavailable(fmt::format("a {} must be compiled, and the compiler {} that this program "
                                   "was built with is not there",
                                   toolchain.kind, toolchain.compiler),
                       "install it (g++) and try again");
  // Looked for beforehand: the compiler's own words for a missing header are long.
  for (const std::string& header : toolchain.headers)
    if (access(header.c_str(), R_OK) != 0)
      return Unavailable(
          fmt::format("a {} must be compiled, and the header {} is not there", toolchain.kind,
                      header),
          toolchain.needs_libtorch
              ? fmt::format("install the headers of LibTorch {} (libtorch-dev) and keep the source "
                            "tree of this program, or install it anew",
                            toolchain.libtorch)
              : "keep the source tree of this program, or install it anew");
  return {};
}

}  // namespace delstep
