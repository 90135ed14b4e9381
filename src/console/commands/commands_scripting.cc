#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/dry_run.h"
#include "console/commands/expectation.h"

namespace delstep {
namespace {

Result<Reply> Load(CommandContext& context) {
  DELSTEP_ASSIGN(const std::string path, context.queue.Load(context.arguments.WordOf("SCRIPT")));
  Reply reply;
  reply.fields = {{"file", path}};
  return reply;
}

Result<void> FollowLoad(DryRun& dry_run) {
  DELSTEP_TRY(dry_run.queue.Load(dry_run.arguments.WordOf("SCRIPT")));
  return {};
}

Result<Reply> Repeat(CommandContext& context) {
  const std::uint64_t times = *context.arguments.Get<std::uint64_t>("N");
  context.queue.Repeat(times);
  Reply reply;
  reply.fields = {{"times", times}};
  return reply;
}

bool ChangesDirectory(const Statement& statement) {
  const auto call = MatchCommand(statement.words);
  return call && call->command->changes_directory;
}

/// A body that changes nobody need not be followed twice.
Result<void> FollowRepeat(DryRun& dry_run) {
  const bool changes = std::ranges::any_of(dry_run.queue.Body(), ChangesDirectory);
  const std::uint64_t times = *dry_run.arguments.Get<std::uint64_t>("N");
  dry_run.queue.Repeat(std::min<std::uint64_t>(times, changes ? dry_run.most_rounds : 1));
  return {};
}

Result<Reply> Exit(CommandContext& context) {
  // The session ends the program: the reply and the record come first.
  context.exit = true;
  return Reply();
}

Result<void> FollowExit(DryRun& dry_run) {
  dry_run.queue.Clear();
  return {};
}

Result<Reply> Expect(CommandContext& context) {
  DELSTEP_ASSIGN(const Expectation expectation,
                 ParseExpectation(context.arguments.TextOf("CONDITION")));
  DELSTEP_ASSIGN(const double measured, Measure(expectation, context.simulation));
  const std::string said = fmt::format("{} is {}", expectation.what, ShortestReal(measured));
  if (!Holds(expectation, measured))
    return Error{ErrorCode::kExpectation,
                 fmt::format("expected {}, but {}", expectation.text, said)};
  Reply reply;
  reply.text.push_back(said + ", as expected");
  reply.fields = {{"metric", expectation.what}, {"value", measured}};
  return reply;
}

constexpr Command kScripting[] = {
    {.scope = CommandScope::kScripting,
     .usage = "load SCRIPT",
     .sentence = "run the commands of a file before what is queued",
     .example = "load warm-up.del",
     .changes_directory = true,
     .inlined = true,
     .run = Load,
     .follow = FollowLoad},
    {.scope = CommandScope::kScripting,
     .usage = "repeat N COMMAND | repeat N { ... }",
     .form = "repeat N",
     .sentence = "run a command or a block N times; blocks may nest and span lines",
     .example = "repeat 3 { train; flood; nstep; ag }",
     .inlined = true,
     .run = Repeat,
     .follow = FollowRepeat},
    {.scope = CommandScope::kScripting,
     .usage = "expect CONDITION...",
     .sentence = "fail with exit code 5 unless a measured value is as said",
     .example = "expect test_acc(mean) > 0.9",
     .run = Expect},
    {.scope = CommandScope::kScripting,
     .usage = "exit",
     .sentence = "end the program and drop what is queued",
     .example = "exit",
     .run = Exit,
     .follow = FollowExit},
};

}  // namespace

std::span<const Command> ScriptingCommands() { return kScripting; }

}  // namespace delstep
