#include "console/commands/log_entry.h"

#include <fmt/format.h>

namespace delstep {

std::string FormatLogEntry(const LogEntry& entry) {
  if (const auto* result = std::get_if<ResultEntry>(&entry)) return ResultLine(*result);
  const auto& command = std::get<CommandEntry>(entry);
  return fmt::format("{}\tCOMMAND\t{}\t[{}]", command.cycle, command.ok ? "OK" : "ER",
                     command.text);
}

}  // namespace delstep
