#pragma once
/// Lines of the log: each command that was run, and each result of a test.
#include <cstdint>
#include <string>
#include <variant>

#include "recording/results.h"

namespace delstep {

struct CommandEntry {
  std::uint64_t cycle = 0;  ///< in which it began
  bool ok = true;
  std::string text;  ///< as it was typed: "train 10.0.0.1"
};
using LogEntry = std::variant<CommandEntry, ResultEntry>;

/// Tab-separated: `0 COMMAND OK [train]`, `0 RESULT 10.0.0.2 local 0.3012 0.9123`.
std::string FormatLogEntry(const LogEntry& entry);

}  // namespace delstep
