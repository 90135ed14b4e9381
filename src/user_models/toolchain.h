#pragma once
/// The compiler that this program was built with, to compile a user's C++ file in the same way.
#include <filesystem>
#include <string>
#include <vector>

#include "delstep/result.h"

namespace delstep {

struct Toolchain {
  std::string compiler;                ///< absolute path
  std::vector<std::string> flags;      ///< between the compiler and the source file
  std::vector<std::string> libraries;  ///< after the source file
  std::vector<std::string> headers;    ///< absolute paths of what a module cannot do without
  std::string libtorch;                ///< version: "1.13.1"; empty: built without LibTorch
};

/// Of this build.
const Toolchain& BuildToolchain();

/// Errors: kUnavailable, with what to install, where the compiler or a header is missing or the
/// program was built without LibTorch.
Result<void> CheckToolchain(const Toolchain& toolchain);

}  // namespace delstep
