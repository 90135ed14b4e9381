#include "console/commands/log_entry.h"

#include <fmt/format.h>

namespace delstep {

std::string FormatLogEntry(const LogEntry& entry) {
  if (entry.is_result)
    return fmt::format("{}\tRESULT\t{}\t{}\t{:.4f}\t{:.4f}", entry.cycle, entry.node, entry.scope,
                       entry.loss, entry.accuracy);
  return fmt::format("{}\tCOMMAND\t{}\t[{}]", entry.cycle, entry.ok ? "OK" : "ER", entry.text);
}

}  // namespace delstep
