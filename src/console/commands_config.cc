#include <fmt/format.h>

#include "base/text.h"
#include "console/command_table.h"
#include "console/reply_parts.h"

namespace delstep {
namespace {

Result<Reply> ShowConfig(CommandContext& context) {
  const std::string prefix = context.arguments.TextOf("PREFIX");
  Table table{.key = "keys",
              .columns = {{"key", "key"}, {"value", "value"}, {"origin", "origin"}},
              .shown = 1000};
  for (const Config::Row& row : context.config.Show())
    if (row.key.starts_with(prefix)) table.rows.push_back({row.key, row.value, row.origin});
  Reply reply;
  reply.tables.push_back(std::move(table));
  return reply;
}

Result<Reply> SetKey(CommandContext& context) {
  const Word& key = context.arguments.WordOf("KEY");
  const std::string value = context.arguments.TextOf("VALUE");
  Config changed = context.config;
  if (auto set = changed.SetInRun(key.text, value); !set) return At(key, std::move(set).error());
  auto notes = context.simulation.Reconfigure(changed.scenario(), key.text, value);
  if (!notes) return At(key, std::move(notes).error());
  context.config = std::move(changed);
  Reply reply;
  reply.text.push_back(fmt::format("{} = {}", key.text, value));
  for (const std::string& note : *notes) reply.text.push_back(note);
  reply.fields = {{"key", key.text}, {"value", value}, {"notes", *std::move(notes)}};
  return reply;
}

}  // namespace

void AddConfigCommands(std::vector<Command>& table) {
  table.push_back({.scope = CommandScope::kInterface,
                   .usage = "config show [--origin] [PREFIX]",
                   .sentence = "list the values of all keys and where each came from",
                   .example = "config show training",
                   .run = ShowConfig});
  table.push_back({.scope = CommandScope::kInterface,
                   .usage = "set KEY VALUE...",
                   .sentence = "change a training, aggregation or network key in the run",
                   .example = "set training.lr 0.01",
                   .run = SetKey});
}

}  // namespace delstep
