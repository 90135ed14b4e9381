#include "console/session/queue_runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/current_stop.h"
#include "console/commands/command_table.h"
#include "console/commands/reply_parts.h"
#include "console/language/diagnostics.h"

namespace delstep {
namespace {

/// Longer lines are hard to read.
constexpr std::size_t kWidestText = 100;

}  // namespace

/// What else became of a statement, beside its result.
struct QueueRunner::CommandEnd {
  std::vector<ResultEntry> results{};
  std::string redo{};            ///< for the record: a whole command
  std::vector<BreakHit> hits{};  ///< breakpoints that have ended it
  bool exit = false;
  bool began = false;  ///< its words fitted, so that it may have done something
};

QueueRunner::QueueRunner(Host host)
    : host_(std::move(host)),
      plans_({.simulation = host_.work.simulation(),
              .log = host_.work.log(),
              .options = host_.options,
              .stop = host_.stop,
              .voice = host_.voice,
              .context = [this](CommandQueue& queue) { return ContextOf(queue); },
              .note = [this](const Error& error) { host_.ends.Note(error); },
              .record =
                  [this](const CommandResult& result) { host_.recorder.RecordPlanned(result); }}) {
  // The simulation may live on.
  host_.work.simulation().OnPlansDue(
      [this, alive = std::weak_ptr<const bool>(alive_)]() -> Result<void> {
        if (alive.expired()) return Refused("the session that has planned a command is gone");
        return plans_.RunDue();
      });
}

bool QueueRunner::Run() {
  host_.points.BeginRun();
  const bool go_on = RunQueued();
  host_.now.Set();
  return go_on;
}

bool QueueRunner::RunQueued() {
  for (;;) {
    host_.points.Keep();
    const Statement* statement = queue_.Next();
    if (statement == nullptr) break;
    host_.points.BeginCommand();
    if (host_.stop.code()) {
      AnswerStopped();
      return EndStopped(true);
    }
    host_.now.Set(queue_.PlaceInRun(), queue_.Text());
    if (voice().echoes()) EchoCommand(*statement);
    if (!RunOne(*statement)) {
      queue_.Clear();
      return false;
    }
  }
  if (voice().echoes()) EchoComments();
  return !host_.stop.code() || EndStopped(std::exchange(dropped_, false));
}

bool QueueRunner::RunOne(const Statement& statement) {
  CommandResult result = ResultOf(queue_.Text());
  result.alone = IsTypedAlone();
  const std::size_t depth = queue_.size();
  plans_.Begin(depth);
  CommandEnd end = Execute(statement, result);
  host_.points.EndCommand(result.error && host_.stop.code());
  if (auto ended = host_.work.EndMoment(result, end.began); !ended)
    result.error = At(statement.words.front(), std::move(ended).error());
  result.time = host_.work.simulation().now();
  if (result.error) LocateError(result);
  CommandLog& log = host_.work.log();
  log.Add(CommandEntry{.cycle = result.cycle, .ok = !result.error, .text = result.command});
  for (ResultEntry& entry : end.results) log.Add(std::move(entry));
  // What was interrupted, or went wrong, is not to begin again by a stray Enter.
  if (host_.stop.code() || result.error)
    repeatable_.clear();
  else if (result.row && result.row->enter_repeats)
    repeatable_ = CommandText(statement.words);
  voice().Tell(result);
  host_.recorder.Record(result, end.redo);
  exited_ |= end.exit;
  const bool goes_on = !end.exit && (!result.error || Fail(*result.error));
  std::uint64_t ended_round = 0;
  result.breaks = StopAtBreaks(goes_on, result, end, ended_round);
  Settle(std::move(result), depth, goes_on, ended_round);
  return goes_on;
}

/// Errors lie at the statement where they lie nowhere else.
QueueRunner::CommandEnd QueueRunner::Execute(const Statement& statement, CommandResult& result) {
  CommandEnd end;
  if (statement.bad)
    result.error = *statement.bad;
  else if (auto ran = RunCommand(statement, result, end); !ran)
    result.error = At(statement.words.front(), std::move(ran).error());
  return end;
}

Result<void> QueueRunner::RunCommand(const Statement& statement, CommandResult& result,
                                     CommandEnd& end) {
  Simulation& simulation = host_.work.simulation();
  DELSTEP_ASSIGN(auto call, MatchCommand(statement.words));
  result.row = call.command;
  DELSTEP_ASSIGN(Targets targets, FindTargets(call, SimulationDirectory(simulation)));
  CommandContext context = ContextOf(queue_);
  context.run_plan = [this] { return plans_.RunDue(); };
  context.stoppable = host_.ends.in_request() || IsTyped();
  context.progress = [this](Duration passed, std::optional<Duration> of) {
    host_.now.SetPassed(passed, of);
  };
  if (voice().listens()) context.say = [this](std::string_view line) { voice().Say(line); };
  context.page = host_.page;
  context.checkpoint = [this](const std::string& file) {
    return host_.points.WriteAfter(queue_.Text(), file);
  };
  context.wait = voice().Waiter();
  context.arguments = std::move(call.arguments);
  context.targets = std::move(targets);
  // As it was before the command: `autonet` itself takes effect from the next one on.
  const bool autonet = call.command->autonet && simulation.autonet();
  // Matched and resolved to nodes before anything happens: what fails so far has changed nothing.
  end.began = true;
  host_.work.BeginCommand();
  plans_.SetTransmits(call.command->transmits && !context.arguments.Has("NODE"));
  const CurrentStop current_stop(context.stop);  // of a compiler, for instance
  auto ran = call.command->run(context);
  result.uncertain = call.command->reads_files || context.uncertain || plans_.uncertain();
  if (!ran) result.measured = std::move(context.measured);
  end.redo = std::move(context.redo);
  end.hits = std::move(context.hits);
  DELSTEP_ASSIGN(result.reply, std::move(ran));
  end.results = std::move(context.results);
  end.exit = context.exit;
  if (!autonet) return {};
  plans_.SetTransmits(true);
  auto report = simulation.NetworkStep({}, host_.stop.token());
  result.uncertain |= plans_.uncertain();
  if (!report) return std::move(report).error();
  result.network = ReportOf(*report);
  return {};
}

CommandContext QueueRunner::ContextOf(CommandQueue& queue) {
  CommandContext context = host_.work.ContextOf(queue);
  context.verbose = host_.options.verbose;
  context.width = std::min(host_.options.width, kWidestText);
  context.stop = host_.stop.token();
  return context;
}

/// Where it lies, for whoever shows it.
void QueueRunner::LocateError(CommandResult& result) const {
  result.stopped = host_.stop.code().has_value();
  if (result.stopped) result.error->code = *host_.stop.code();
  const auto place = ParsePlace(result.error->where);
  if (place && queue_.script().file == place->file)
    result.error_line = queue_.script().Line(place->line);
  result.loaded_from = queue_.ChainOf(*result.error);
}

/// Says which breakpoints the command has hit, and ends what they end: at a prompt the line and
/// all that it has loaded, else what is innermost, a run or a repeat. Nothing is left to end where
/// nothing goes on.
Reply QueueRunner::StopAtBreaks(bool goes_on, const CommandResult& result, const CommandEnd& end,
                                std::uint64_t& ended_round) {
  const bool ended_run = !end.hits.empty();
  const std::vector<BreakHit> hits = ended_run ? end.hits : host_.work.breaks().Take();
  if (hits.empty()) return {};
  std::string ends, how;
  if (ended_run) {
    ends = result.row->usage.substr(0, result.row->usage.find(' '));
    how = ends == "run" ? "ends the run" : "ends " + ends;
  }
  if (!queue_.idle() && IsTyped()) {
    if (!queue_.empty()) {
      if (!ended_run) ends = "line";
      how += how.empty() ? "" : "; ";
      how += "what was queued after it is dropped";
    }
    queue_.Clear();
  } else if (ended_run) {
    // The script goes on after it.
  } else if (const auto place = goes_on ? queue_.EndInnermostRepeat() : std::nullopt) {
    ends = "repeat";
    ended_round = place->number;
    how = fmt::format("ends the repeat in round {} of {}", place->number, place->of);
  }
  return ReportOf(hits, ends, how);
}

/// Tells it, and what is dropped by it.
void QueueRunner::Settle(CommandResult result, std::size_t depth, bool goes_on,
                         std::uint64_t ended_round) {
  const bool queued = result.row && result.row->inlined && !result.error;
  const bool ends_all = !goes_on || result.stopped;
  // What is dropped is not answered, but what it lies in is.
  if (ends_all) {
    dropped_ |= result.stopped && queue_.Depth() > 0;
    queue_.Clear();
  }
  if (plans_.parts() > 0) {
    result.parts = plans_.parts();
    result.reply.fields.emplace_back("failed", plans_.failed());
  }
  result.fatal = result.error && host_.ends.IsFatal(goes_on);
  const std::size_t left = queue_.Depth();
  const bool failed_all = result.error && left == 0 && ends_all;
  Answer(result, {.before = depth,
                  .after = left,
                  .why = failed_all ? &*result.error : nullptr,
                  .fatal = result.fatal,
                  .queued = queued,
                  .ended_round = ended_round});
}

void QueueRunner::Answer(const CommandResult& result, const AnswerPlace& place) {
  voice().Answer(result, place);
  host_.recorder.Tell(result);
}

CommandResult QueueRunner::ResultOf(std::string command) const {
  const Simulation& simulation = host_.work.simulation();
  return {.command = std::move(command), .time = simulation.now(), .cycle = simulation.cycle()};
}

bool QueueRunner::Fail(const Error& error) {
  const EndRules::Ends ends = host_.ends.EndByError(error);
  if (ends == EndRules::Ends::kLine && !queue_.empty()) {
    voice().Remark("  what was queued after it is dropped");
    queue_.Clear();
  }
  return ends != EndRules::Ends::kAll;
}

/// The answer of the command that a stop kept from beginning, and of what it lies in.
void QueueRunner::AnswerStopped() {
  CommandResult result = ResultOf(queue_.Text());
  result.error = Error{*host_.stop.code(), "stopped before it began"};
  result.fatal = host_.ends.IsFatal(false);
  voice().Answer(
      result, {.before = queue_.size(), .after = 0, .why = &*result.error, .fatal = result.fatal});
}

bool QueueRunner::EndStopped(bool dropped) {
  queue_.Clear();
  repeatable_.clear();
  // The round is that of the last command which began.
  const NowRunning::Place place = host_.now.place();
  const std::string round =
      place.in_repeat ? fmt::format(" in round {} of {}", place.number, place.of) : "";
  // A checkpoint that is written at the end has what was queued.
  const bool is_saved = host_.points.started() && *host_.stop.code() == ErrorCode::kTerminated;
  if (dropped)
    voice().Remark(
        fmt::format("stopped{}{}", round, is_saved ? "" : "; what was queued is dropped"));
  return host_.ends.EndByStop();
}

/// A person sees what was typed.
void QueueRunner::EchoCommand(const Statement& statement) {
  if (host_.options.interactive && queue_.script().file == kInputName) return;
  EchoComments();
  const std::string behind = statement.remark.empty() ? "" : "  " + statement.remark;
  voice().Echo("> " + queue_.Text() + behind);
}

void QueueRunner::EchoComments() {
  for (const std::string& comment : queue_.TakeComments()) voice().Echo(comment);
}

/// A person typed the line that has led to this command.
bool QueueRunner::IsTyped() const {
  return host_.options.interactive && queue_.outermost().file == kInputName;
}

/// A person typed this command and nothing else in the line. To be asked before it runs.
bool QueueRunner::IsTypedAlone() const {
  const Script& script = queue_.script();
  return host_.options.interactive && script.file == kInputName && script.statements.size() == 1;
}

}  // namespace delstep
