#include "console/commands/command_log.h"

#include <algorithm>
#include <string>
#include <utility>

namespace delstep {
namespace {

constexpr std::uint64_t kCommand = 0, kResult = 1;

void Save(ByteWriter& writer, const LogEntry& entry) {
  if (const auto* command = std::get_if<CommandEntry>(&entry)) {
    writer.Add(kCommand);
    writer.Add(command->cycle);
    writer.Add(command->ok);
    writer.Add(std::string_view(command->text));
    return;
  }
  const auto& result = std::get<ResultEntry>(entry);
  writer.Add(kResult);
  writer.Add(result.cycle);
  writer.Add(std::string_view(result.node));
  writer.Add(std::string_view(result.scope));
  writer.Add(result.loss);
  writer.Add(result.accuracy);
}

LogEntry ReadEntry(ByteReader& reader) {
  const bool is_command = reader.NumberUpTo(kResult) == kCommand;
  const std::uint64_t cycle = reader.Number();
  if (is_command) {
    const bool ok = reader.Flag();
    return CommandEntry{.cycle = cycle, .ok = ok, .text = std::string(reader.Text())};
  }
  ResultEntry result;
  result.cycle = cycle;
  result.node = std::string(reader.Text());
  result.scope = std::string(reader.Text());
  result.loss = reader.Real();
  result.accuracy = reader.Real();
  return result;
}

}  // namespace

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

void CommandLog::Save(ByteWriter& writer, std::uint64_t added) const {
  const std::uint64_t newer = std::min<std::uint64_t>(this->added() - added, entries_.size());
  writer.Add(commands_.dropped);
  writer.Add(results_.dropped);
  writer.Add(std::uint64_t{entries_.size() - newer});
  for (std::size_t i = 0; i + newer < entries_.size(); ++i) delstep::Save(writer, entries_[i]);
}

void CommandLog::Load(ByteReader& reader) {
  entries_.clear();
  commands_.count = results_.count = 0;
  commands_.dropped = reader.Number();
  results_.dropped = reader.Number();
  for (std::size_t left = reader.Count(32); left > 0 && reader.ok(); --left) {
    entries_.push_back(ReadEntry(reader));
    ++(std::holds_alternative<CommandEntry>(entries_.back()) ? commands_ : results_).count;
  }
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
