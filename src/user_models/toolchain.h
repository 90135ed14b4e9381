#pragma once
/// The compiler that this program was built with, to compile a user's C++ file in the same way.
/// There are three kinds of such files: learning modules, which need LibTorch and its headers, and
/// rules of aggregation and behaviours, which need the headers of this program alone.
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
  bool needs_libtorch = true;
  std::string kind = "learning module";         ///< for messages: what is compiled
  std::string to_begin = "delstep new module";  ///< the command that writes one to begin with
};

/// Of this build: for learning modules.
const Toolchain& BuildToolchain();
/// Of this build: for rules of aggregation.
const Toolchain& AggregatorToolchain();
/// Of this build: for behaviours.
const Toolchain& BehaviourToolchain();

/// Errors: kUnavailable, with what to install, where the compiler or a header is missing, or
/// LibTorch is needed and the program was built without.
Result<void> CheckToolchain(const Toolchain& toolchain);

}  // namespace delstep
