#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "console/commands/break_condition.h"
#include "console/commands/breakpoints.h"
#include "console/commands/command_rows.h"
#include "console/commands/dry_run.h"

namespace delstep {
namespace {

Result<BreakCondition> ConditionOf(const CommandArguments& arguments, const Directory& directory) {
  DELSTEP_ASSIGN(BreakCondition condition, ParseBreakCondition(arguments.TextOf("EVENT")));
  if (auto known = CheckNames(condition, directory); !known)
    return At(*arguments.First("EVENT")->word, std::move(known).error());
  return condition;
}

Result<Reply> SetBreak(CommandContext& context) {
  DELSTEP_ASSIGN(BreakCondition condition,
                 ConditionOf(context.arguments, SimulationDirectory(context.simulation)));
  // Twice the same would say everything twice.
  const auto same = std::ranges::find_if(context.breaks.list(), [&](const Breakpoint& each) {
    return each.condition.text == condition.text;
  });
  if (same != context.breaks.list().end()) {
    Reply reply;
    reply.text.push_back(fmt::format("break {} is that already: {}", same->number, condition.text));
    reply.fields = {{"number", same->number}, {"condition", condition.text}, {"holds", same->held}};
    return reply;
  }
  const Breakpoint& added = context.breaks.Add(std::move(condition));
  Reply reply;
  reply.text.push_back(fmt::format("break {}: {}", added.number, added.condition.text));
  if (added.held) reply.text.push_back("it holds now, and stops when it becomes true again");
  reply.fields = {
      {"number", added.number}, {"condition", added.condition.text}, {"holds", added.held}};
  return reply;
}

Result<void> FollowSetBreak(DryRun& dry_run) {
  DELSTEP_TRY(ConditionOf(dry_run.arguments, dry_run.directory));
  return {};
}

Table BreakTable(const CommandContext& context) {
  Table table{.key = "breakpoints",
              .columns = {{"number", "break"}, {"condition", "condition"}, {"hits", "hits"}}};
  for (const Breakpoint& each : context.breaks.list())
    table.rows.push_back({each.number, each.condition.text, each.hits});
  return table;
}

Result<Reply> DeleteBreaks(CommandContext& context) {
  Reply reply;
  reply.tables.push_back(BreakTable(context));
  reply.tables.back().shown = 0;  // people know them
  std::vector<std::uint64_t> numbers;
  for (const Breakpoint& each : context.breaks.list()) numbers.push_back(each.number);
  for (const std::uint64_t number : numbers) context.breaks.Delete(number);
  reply.text.push_back(fmt::format("deleted {}", Count(numbers.size(), "breakpoint")));
  return reply;
}

Result<Reply> DeleteBreak(CommandContext& context) {
  const std::uint64_t number = *context.arguments.Get<std::uint64_t>("K");
  if (!context.breaks.Delete(number))
    return At(context.arguments.WordOf("K"),
              Refused(fmt::format("there is no breakpoint {}", number),
                      context.breaks.list().empty() ? "" : "list the breakpoints: break"));
  Reply reply;
  reply.text.push_back(fmt::format("break {} is deleted", number));
  reply.fields = {{"number", number}};
  return reply;
}

Result<Reply> ListBreaks(CommandContext& context) {
  Table table = BreakTable(context);
  Reply reply;
  if (table.rows.empty()) reply.text.push_back("no breakpoints; set one: break CONDITION");
  reply.tables.push_back(std::move(table));
  return reply;
}

constexpr Command kBreaks[] = {
    {.scope = CommandScope::kScripting,
     .usage = "break",
     .sentence = "list the breakpoints, with how often each was hit",
     .example = "break",
     .shows = true,
     .run = ListBreaks},
    {.scope = CommandScope::kScripting,
     .usage = "break delete K",
     .sentence = "remove a breakpoint",
     .example = "break delete 1",
     .run = DeleteBreak},
    {.scope = CommandScope::kScripting,
     .usage = "break delete all",
     .sentence = "remove all breakpoints",
     .example = "break delete all",
     .run = DeleteBreaks},
    {.scope = CommandScope::kScripting,
     .usage = "break CONDITION...",
     .form = "break EVENT...",
     .sentence = "stop what runs when something happens, or when a condition becomes true",
     .example = "break test_acc:global(mean) > 0.9",
     .more =
         "CONDITION is what `expect` takes, or a happening: deliver [NODE] (a message reaches the "
         "inbox of NODE), lost [NODE] (a message to or from NODE is lost), meet A B (they come "
         "into contact; where links do not come and go, one gets a message of the other), down "
         "NODE, train NODE. `lost`, `down` and `train` before "
         "an operator are metrics.\n"
         "Breakpoints are looked at after each command, and in `run` and `next` after each instant "
         "in which something has happened; they hit whoever has made it happen. At a prompt a hit "
         "gives the prompt back and drops the rest of the line. In a script it ends the innermost "
         "`run`, `next` or `repeat`, and the script goes on behind it; where none runs it is only "
         "reported.\n"
         "A happening hits each time. A condition hits when it becomes true, so one that holds "
         "already hits only after it has not held for a time. Breakpoints are not part of the "
         "world: going back leaves them, and their counts, as they are.",
     .run = SetBreak,
     .follow = FollowSetBreak},
};

}  // namespace

std::span<const Command> BreakCommands() { return kBreaks; }

}  // namespace delstep
