#pragma once
/// Lines of the log.
#include <cstdint>
#include <string>

namespace delstep {

/// One line of the log; `save results` writes the results among them.
struct LogEntry {
  std::uint64_t cycle = 0;
  bool is_result = false;
  bool ok = true;           ///< of a command
  std::string text;         ///< of a command
  std::string node, scope;  ///< of a result: address, "local"
  double loss = 0, accuracy = 0;
};
/// Tab-separated: `0 COMMAND OK [train]`, `0 RESULT 10.0.0.2 local 0.3012 0.9123`.
std::string FormatLogEntry(const LogEntry& entry);

}  // namespace delstep
