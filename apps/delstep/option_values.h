#pragma once
/// Options of the command line that take a value, and whether each of them finds one.
#include <span>
#include <string>
#include <string_view>

#include "delstep/result.h"

namespace delstep {

struct ValueOption {
  std::string_view name;   ///< "--out"
  std::string_view value;  ///< completes "--out needs ...": "the name of a folder"
  std::string_view form;   ///< an example: "--out DIR"
};

std::span<const ValueOption> ValueOptions();

/// Each option with a value has it, behind a '=' or as the next word. CLI11 would take another
/// option for it: `--out --quiet` would be a folder named --quiet. What stands after "--" is not
/// looked at. Errors: kUsage.
Result<void> CheckOptionValues(std::span<const std::string> words);

}  // namespace delstep
