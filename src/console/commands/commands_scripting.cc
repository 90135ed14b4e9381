#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/text.h"
#include "console/commands/command_rows.h"
#include "console/commands/dry_run.h"
#include "console/commands/expectation.h"

namespace delstep {
namespace {

Result<Reply> Load(CommandContext& context) {
  DELSTEP_ASSIGN(const std::string path,
                 context.queue.Load(context.arguments.WordOf("SCRIPT"), context.stop));
  Reply reply;
  reply.fields = {{"file", path}};
  return reply;
}

/// What can be read only once, a pipe or a terminal, is left to the run.
Result<void> FollowLoad(DryRun& dry_run) {
  const Word& file = dry_run.arguments.WordOf("SCRIPT");
  std::error_code failed;
  const std::string path = dry_run.queue.PathOf(file);
  const auto kind = std::filesystem::status(path, failed).type();
  using Kind = std::filesystem::file_type;
  if (kind == Kind::fifo || kind == Kind::character || kind == Kind::socket) return {};
  if (dry_run.forms_only && !dry_run.loaded.insert(path).second) return {};
  DELSTEP_TRY(dry_run.queue.Load(file));
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
  dry_run.ended = true;
  return {};
}

/// Times are nanoseconds for programs, as everywhere; conditions are written in seconds.
Cell CellOf(const MetricComparison& comparison, double value) {
  constexpr double kMostSeconds = 9e9;
  const bool counts = comparison.statistic != nullptr && comparison.statistic->name == "count";
  if (!comparison.metric->seconds || counts || !(std::abs(value) < kMostSeconds)) return value;
  return Duration(std::llround(value * 1e9));
}

/// Programs get every value that decided, with what it was compared with.
Table ConditionsOf(const Verdict& verdict) {
  Table table{.key = "conditions",
              .columns = {{"condition"}, {"metric"}, {"value"}, {"bound"}, {"holds"}},
              .shown = 0};
  for (const Measured& m : verdict.measured)
    table.rows.push_back({m.comparison.text, m.what, CellOf(m.comparison, m.value),
                          CellOf(m.comparison, m.comparison.bound), m.holds});
  return table;
}

/// Whoever compares an accuracy with 90 means per cent.
std::string HintOn(const Verdict& verdict) {
  for (const Measured& m : verdict.measured)
    if (m.comparison.metric->name == "test_acc" && m.comparison.bound > 1)
      return fmt::format("test_acc is a share, from 0 to 1: write {0}% for {0} per cent",
                         ShortestReal(m.comparison.bound));
  return {};
}

/// The same when the expectation holds and when it does not.
Reply FactsOf(const Verdict& verdict) {
  const Measured& last = verdict.measured.back();
  Reply reply;
  reply.fields = {{"metric", last.what}, {"value", CellOf(last.comparison, last.value)}};
  reply.tables.push_back(ConditionsOf(verdict));
  return reply;
}

Result<Reply> Expect(CommandContext& context) {
  const Word& first = *context.arguments.First("CONDITION")->word;
  DELSTEP_ASSIGN(const Expectation expectation,
                 ParseExpectation(context.arguments.TextOf("CONDITION")));
  auto verdict = Judge(expectation, context.simulation, context.ages);
  if (!verdict) return At(first, std::move(verdict).error());
  Reply reply = FactsOf(*verdict);
  if (!verdict->holds) {
    context.measured = std::move(reply);
    return Error{.code = ErrorCode::kExpectation,
                 .message = fmt::format("expected {}, but {}", expectation.text, TextOf(*verdict)),
                 .where = {},
                 .hint = HintOn(*verdict)};
  }
  reply.text.push_back(TextOf(*verdict) + ", as expected");
  return reply;
}

Result<void> FollowExpect(DryRun& dry_run) {
  DELSTEP_ASSIGN(const Expectation expectation,
                 ParseExpectation(dry_run.arguments.TextOf("CONDITION")));
  if (auto known = CheckNames(expectation, dry_run.directory); !known)
    return At(*dry_run.arguments.First("CONDITION")->word, std::move(known).error());
  return {};
}

/// The words with a blank between; in quotes all stays as it is.
Result<Reply> Echo(CommandContext& context) {
  Reply reply;
  const std::string said = context.arguments.TextOf("TEXT");
  for (const std::string_view line : Split(said, '\n')) reply.text.emplace_back(line);
  reply.fields = {{"text", said}};
  return reply;
}

/// A stop ends the wait, and all that is queued with it.
Result<Reply> Pause(CommandContext& context) {
  if (context.wait) context.wait(context.arguments.TextOf("TEXT"), context.stop);
  return Reply();
}

constexpr Command kScripting[] = {
    {.scope = CommandScope::kScripting,
     .usage = "load FILE",
     .form = "load SCRIPT",
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
     .sentence = "fail with exit code 5 unless measured values are as said; see `help metrics`",
     .example = "expect test_acc:global(mean) > 0.9 and lost == 0",
     .always = true,
     .run = Expect,
     .follow = FollowExpect},
    {.scope = CommandScope::kScripting,
     .usage = "echo [TEXT...]",
     .sentence = "say a text, in a script for example what comes next",
     .example = "echo Round two: now with losses",
     .shows = true,
     .run = Echo},
    {.scope = CommandScope::kScripting,
     .usage = "pause [TEXT...]",
     .sentence = "say a text and wait for Enter at a terminal; elsewhere do nothing",
     .example = "pause Look at the losses",
     .run = Pause},
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
