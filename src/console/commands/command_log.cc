#include "console/commands/command_log.h"

#include <utility>

namespace delstep {

void CommandLog::Add(CommandEntry entry) {
  entries_.emplace_back(std::move(entry));
  ++commands_.count;
  if (commands_.IsFull()) DropOldest();
}

void CommandLog::Add(ResultEntry entry) {
  entries_.emplace_back(std::move(entry));
  ++results_.count;
  if (results_.IsFull()) DropOldest();
}

void CommandLog::DropOldest() {
  // One pass for a quarter of the limit: what is dropped costs about as much as what is added.
  const auto kind_of = [&](const LogEntry& entry) -> Kind& {
    return std::holds_alternative<CommandEntry>(entry) ? commands_ : results_;
  };
  std::erase_if(entries_, [&](const LogEntry& entry) {
    Kind& kind = kind_of(entry);
    if (kind.count <= kind.most) return false;
    --kind.count;
    ++kind.dropped;
    return true;
  });
}

}  // namespace delstep
