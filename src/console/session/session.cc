#include "console/session/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "base/current_stop.h"
#include "base/text.h"
#include "base/utf8.h"
#include "console/commands/command_table.h"
#include "console/commands/node_values.h"
#include "console/commands/reply_parts.h"
#include "console/language/diagnostics.h"
#include "console/language/input_lines.h"
#include "console/session/completion.h"
#include "console/session/json_voice.h"
#include "console/session/plan_runner.h"
#include "console/session/stop.h"
#include "console/session/text_voice.h"
#include "scenario/units.h"

namespace delstep {
namespace {

/// Longer lines are hard to read.
constexpr std::size_t kWidestText = 100;

/// What else became of a statement, beside its result.
struct CommandEnd {
  std::vector<ResultEntry> results{};
  std::string redo{};            ///< for the record: a whole command
  std::vector<BreakHit> hits{};  ///< breakpoints that have ended it
  bool exit = false;
  bool began = false;  ///< its words fitted, so that it may have done something
};

}  // namespace

class Session::Impl {
 public:
  Impl(Simulation& simulation, Config& config, const Registry& registry, SessionOptions options,
       Outputs outputs)
      : simulation_(simulation),
        config_(config),
        registry_(registry),
        options_(options),
        outlives_interrupt_(options.outlives_interrupt),
        outputs_(std::move(outputs)),
        own_stream_([this](std::string_view line) { outputs_.out(line); }),
        json_(outputs_.json != nullptr ? *outputs_.json : own_stream_),
        text_({.interactive = options_.interactive,
               .quiet = options_.quiet,
               .verbose = options_.verbose,
               .echo = options_.echo,
               .color = options_.color,
               .width = options_.width},
              {outputs_.out, outputs_.err, outputs_.page, WaitAlone()}),
        voice_(options_.json ? static_cast<Voice*>(&json_) : &text_),
        history_(simulation, config) {
    history_.AskForOwnCode(outputs_.own_code);
    if (voice_->echoes()) queue_.TakeComments();  // from now on they are kept
    simulation_.KeepCycleStarts();  // for `stats mixing`; moments hold most of them anyway
    simulation_.Observe([seen = seen_, breaks = breaks_, heard = heard_](const Event& event) {
      (std::holds_alternative<Evaluated>(event.what) ? seen->tests : seen->changes) = true;
      breaks->Learn(event);
      heard->Learn(event);
    });
    simulation_.OnPlansDue([this, alive = std::weak_ptr<const bool>(alive_)]() -> Result<void> {
      if (alive.expired()) return Refused("the session that has planned a command is gone");
      return plans_.RunDue();
    });
  }

  bool RunFile(const std::string& path) {
    if (auto loaded = queue_.LoadPath(path, stop_.token()); !loaded) {
      Error error = std::move(loaded).error();
      if (const auto stopped = stop_.code()) error.code = *stopped;
      return FailToRead("load " + path, error, {});
    }
    return Run();
  }

  bool RunRequest(std::string id, std::string commands) {
    json_.BeginRequest(std::move(id));
    RunCommands(std::move(commands));
    json_.EndRequest();
    return !exited_;
  }

  Result<void> Act(const std::string& text, const std::function<Result<void>()>& change) {
    const std::uint64_t cycle = simulation_.cycle();
    *seen_ = {};
    Result<void> done = change();
    log_.Add(CommandEntry{.cycle = cycle, .ok = done.ok(), .text = text});
    // Nothing tells what the change was made of: as if it had been read from a file.
    if (done) done = history_.Note({.text = text, .reads_files = true});
    CommandResult result{.command = text, .time = simulation_.now(), .cycle = cycle};
    if (!done) result.error = done.error();
    for (const auto& observer : result_observers_) observer(result);
    if (!observer_) return done;
    CommandRecord record;
    record.text = "# " + text;  // a script could not repeat it
    record.is_comment = true;
    observer_(record);
    return done;
  }
  int RunFor(Voice& voice, std::string commands) {
    Voice* const own = std::exchange(voice_, &voice);
    const int code = RunCommands(std::move(commands));
    voice_ = own;
    return code;
  }
  bool exits() const { return exited_; }
  void ForgetExit() { exited_ = false; }

  bool RunText(std::string text, const std::string& origin, std::uint32_t first_line) {
    ReadScript read = ParseScript(std::move(text), origin, first_line);
    if (read.unclosed) {
      const auto place = ParsePlace(read.unclosed->where);
      return FailToRead("", *read.unclosed, place ? read.script->Line(place->line) : "");
    }
    if (origin == kInput && options_.interactive && !CheckLine(*read.script)) return true;
    queue_.Push(std::move(read.script), false);
    return Run();
  }

  bool CheckAhead(std::span<const ScriptSource> sources) {
    const std::vector<Finding> findings = CheckBeforeRun(sources, simulation_, config_, registry_);
    for (const Finding& finding : findings) {
      CommandResult result = ResultOf("");
      result.error = finding.error;
      result.error_line = finding.line;
      result.loaded_from = finding.loaded_from;
      result.fatal = true;
      voice_->Refuse(result);
    }
    if (!findings.empty()) Fail(findings.front().error);
    return findings.empty();
  }

  Result<void> TakeOver(std::string_view saved, const SavedHistory& history) {
    DELSTEP_ASSIGN(SessionPoint point, LoadSession(saved, log_));
    DELSTEP_TRY(breaks_->Load(point.breaks));
    history_.Resume(history);
    queue_ = point.queue;
    following_ = point.following;
    commands_ = point.commands;
    exit_code_ = point.exit_code;
    options_.keep_going |= point.keep_going;
    saved_ = std::move(point);
    return {};
  }

  void SetFollowing(std::vector<ScriptSource> following) { following_ = std::move(following); }
  void SetFromInput() { from_input_ = true; }
  void KeepPoints(std::function<void()> between) {
    between_ = std::move(between);
    KeepPoint();
  }
  Result<WrittenState> WriteCheckpoint(const std::string& file) {
    if (!point_->moment && in_command_)
      return Refused("a command was stopped, and this network cannot go back to before it",
                     "the file that was written last is as it was");
    return WriteCheckpointOf(file, simulation_, *point_, log_, history_, About());
  }
  const SessionPoint& saved() const { return saved_; }
  std::string SavedAhead() const { return PointNow().Ahead(); }
  void DropSaved() {
    queue_.Clear();
    following_.clear();
  }
  bool RunSaved() {
    if (!Run()) return false;
    while (!following_.empty()) {
      const ScriptSource source = std::move(following_.front());
      following_.erase(following_.begin());
      const bool by_name = source.is_file && source.origin.empty();
      if (!(by_name ? RunFile(source.text) : RunSource(source))) return false;
    }
    return true;
  }
  std::uint64_t commands() const { return commands_; }

  bool FeedLine(std::string_view line, std::uint32_t number) {
    return !input_.Add(line, number) || EndInput();
  }

  bool EndInput() {
    if (input_.empty()) return true;
    if (!outlives_errors_ || options_.keep_going)
      return RunText(input_.Take(), kInput, input_.first_line());
    RunAsRequest();
    return !exited_;
  }

  bool NeedsMore() const { return !input_.empty(); }
  void DropLine() { input_.Take(); }
  int exit_code() const { return exit_code_; }
  void RequestStop(ErrorCode code) { stop_.Request(code); }
  void Cancel() { stop_.Cancel(); }
  bool cancelled() const { return stop_.cancelled(); }
  void GiveUpLine() { RunAsRequest(); }
  void OutliveErrors() { outlives_errors_ = true; }
  void OutliveInterrupts() { outlives_interrupt_ = true; }
  void ForgetInterrupt() { stop_.Renew(); }
  Session::Place PlaceInRun() const {
    const std::lock_guard lock(place_mutex_);
    return place_;
  }
  std::string CommandInRun() const {
    const std::lock_guard lock(place_mutex_);
    return running_;
  }
  const std::string& repeatable() const { return repeatable_; }
  const Simulation& simulation() const { return simulation_; }
  const Registry& registry() const { return registry_; }
  const std::vector<LogEntry>& log() const { return log_.entries(); }
  void ObserveCommands(CommandObserver observer) { observer_ = std::move(observer); }
  void ObserveResults(std::function<void(const CommandResult&)> observer) {
    result_observers_.push_back(std::move(observer));
  }
  History& history() { return history_; }

 private:
  static constexpr const char* kInput = kInputName;

  /// An error ends them and not the session. Returns its code, or 0.
  int RunCommands(std::string commands) {
    const int before = std::exchange(exit_code_, 0);
    in_request_ = true;
    ReadScript read = ParseScript(std::move(commands), kRequestName);
    if (read.unclosed) {
      FailToRead(read.script->text, *read.unclosed, "");
    } else if (read.script->statements.empty()) {
      Answer(ResultOf(read.script->text), {});
    } else {
      queue_.Push(std::move(read.script), false);
      Run();
    }
    in_request_ = false;
    return std::exchange(exit_code_, before);
  }

  /// What was fed, without an id.
  void RunAsRequest() {
    const int code = exit_code_;
    in_request_ = true;
    RunText(input_.Take(), kInput, input_.first_line());
    in_request_ = false;
    exit_code_ = code;
  }

  bool Run() {
    interrupted_ = false;
    const bool go_on = RunQueued();
    KeepPlace({});
    return go_on;
  }

  bool RunSource(const ScriptSource& source) {
    ReadScript read = ParseScript(source.text, source.origin);
    if (read.unclosed) return FailToRead("load " + source.origin, *read.unclosed, {});
    queue_.Push(std::move(read.script), source.is_file);
    return Run();
  }

  SessionPoint PointNow() const {
    return {.queue = queue_,
            .following = following_,
            .logged = log_.added(),
            .commands = commands_,
            .exit_code = exit_code_,
            .keep_going = options_.keep_going,
            .from_input = from_input_,
            .from_request = in_request_,
            .breaks = breaks_->Save()};
  }

  /// Between two commands.
  void KeepPoint() {
    // What a command did before it was stopped is no state to go on from.
    if (!between_ || interrupted_) return;
    auto moment = simulation_.TakeSnapshot();
    // A network that cannot be copied may still be saved as it is.
    point_.emplace(RunPoint{PointNow(), config_, moment ? *std::move(moment) : Snapshot(),
                            history_.moments().point()});
    in_command_ = false;
    between_();
  }

  /// As the command that runs leaves everything: it has been logged and counted.
  Result<WrittenState> Checkpoint(const std::string& file) {
    CommandLog log = log_;
    log.Add(CommandEntry{.cycle = simulation_.cycle(), .ok = true, .text = queue_.Text()});
    RunPoint point{PointNow(), config_, Snapshot(), history_.moments().point()};
    point.session.logged = log.added();
    ++point.session.commands;
    return WriteCheckpointOf(file, simulation_, point, log, history_, About());
  }

  const ProgramFacts& About() {
    if (!about_) about_ = outputs_.about ? outputs_.about() : ProgramFacts();
    return *about_;
  }

  bool RunQueued() {
    for (;;) {
      KeepPoint();
      const Statement* statement = queue_.Next();
      if (statement == nullptr) break;
      in_command_ = true;
      if (stop_.code()) {
        AnswerStopped();
        return EndStopped(true);
      }
      KeepPlace(queue_.PlaceInRun(), queue_.Text());
      if (voice_->echoes()) EchoCommand(*statement);
      if (!RunOne(*statement)) {
        queue_.Clear();
        return false;
      }
    }
    if (voice_->echoes()) EchoComments();
    return !stop_.code() || EndStopped(std::exchange(dropped_, false));
  }

  /// Before anything of a typed line runs: what is wrong in its form keeps all of it from running.
  /// A command that stands alone is judged when it runs, unless it brings others.
  bool CheckLine(const Script& script) {
    const auto& statements = script.statements;
    const auto brings_others = [](const Statement& statement) {
      const auto call = MatchCommand(statement.words);
      return call && call->command->inlined;
    };
    if (options_.keep_going || statements.empty()) return true;
    if (statements.size() == 1 && !brings_others(statements.front())) return true;
    const ScriptSource source{.is_file = false,
                              .text = script.text,
                              .origin = script.file,
                              .first_line = script.first_line};
    if (CheckAhead({&source, 1})) return true;
    if (statements.size() > 1) voice_->Remark("  nothing of this line was run");
    return false;
  }

  /// A person sees what was typed.
  void EchoCommand(const Statement& statement) {
    if (options_.interactive && queue_.script().file == kInput) return;
    EchoComments();
    const std::string behind = statement.remark.empty() ? "" : "  " + statement.remark;
    voice_->Echo("> " + queue_.Text() + behind);
  }

  void EchoComments() {
    for (const std::string& comment : queue_.TakeComments()) voice_->Echo(comment);
  }

  void KeepPlace(const Session::Place& place, std::string command = {}) {
    const std::lock_guard lock(place_mutex_);
    place_ = place;
    running_ = std::move(command);
  }

  /// A repeat around it tells more.
  void KeepPlaceInRun(Duration passed, std::optional<Duration> of) {
    const std::lock_guard lock(place_mutex_);
    if (place_.in_repeat) return;
    place_ = {.in_run = true,
              .number = static_cast<std::uint64_t>(passed.count()),
              .of = static_cast<std::uint64_t>(of.value_or(Duration::max()).count())};
  }

  bool EndStopped(bool dropped) {
    queue_.Clear();
    repeatable_.clear();
    // The round is that of the last command which began.
    const Session::Place place = PlaceInRun();
    const std::string round =
        place.in_repeat ? fmt::format(" in round {} of {}", place.number, place.of) : "";
    // A checkpoint that is written at the end has what was queued.
    const bool is_saved = between_ && *stop_.code() == ErrorCode::kTerminated;
    if (dropped)
      voice_->Remark(
          fmt::format("stopped{}{}", round, is_saved ? "" : "; what was queued is dropped"));
    exit_code_ = static_cast<int>(*stop_.code());
    return OutlivesStop();
  }

  /// Whether the session goes on after the stop that was asked for.
  bool OutlivesStop() const {
    return *stop_.code() == ErrorCode::kInterrupted &&
           (options_.interactive || outlives_interrupt_ || stop_.cancelled());
  }

  bool RunOne(const Statement& statement) {
    CommandResult result = ResultOf(queue_.Text());
    result.alone = IsTypedAlone();
    const std::size_t depth = queue_.size();
    plans_.Begin(depth);
    CommandEnd end = Execute(statement, result);
    interrupted_ = result.error && stop_.code();
    EndMoment(statement, end, result);
    result.time = simulation_.now();
    if (result.error) LocateError(result);
    log_.Add(CommandEntry{.cycle = result.cycle, .ok = !result.error, .text = result.command});
    for (ResultEntry& entry : end.results) log_.Add(std::move(entry));
    // What was interrupted, or went wrong, is not to begin again by a stray Enter.
    if (stop_.code() || result.error)
      repeatable_.clear();
    else if (result.row && result.row->enter_repeats)
      repeatable_ = CommandText(statement.words);
    voice_->Tell(result);
    Record(result, end.redo);
    exited_ |= end.exit;
    const bool goes_on = !end.exit && (!result.error || Fail(*result.error));
    std::uint64_t ended_round = 0;
    result.breaks = StopAtBreaks(goes_on, result, end, ended_round);
    Settle(std::move(result), depth, goes_on, ended_round);
    return goes_on;
  }

  /// Where it lies, for whoever shows it.
  void LocateError(CommandResult& result) {
    result.stopped = stop_.code().has_value();
    if (result.stopped) result.error->code = *stop_.code();
    const auto place = ParsePlace(result.error->where);
    if (place && queue_.script().file == place->file)
      result.error_line = queue_.script().Line(place->line);
    result.loaded_from = queue_.ChainOf(*result.error);
  }

  /// What has changed the world ends in a moment, also where it failed half-way.
  void EndMoment(const Statement& statement, const CommandEnd& end, CommandResult& result) {
    const bool failed = result.error.has_value();
    const bool changes = result.row && (result.row->changes_world || result.network);
    const bool may_have = end.began && (result.row->changes_world || seen_->changes);
    if (failed ? may_have && history_.HasChanged(seen_->changes) : changes) {
      auto noted = history_.Note(
          {.text = result.command, .failed = failed, .reads_files = result.row->reads_files});
      if (!noted) result.error = At(statement.words.front(), std::move(noted).error());
    } else if (end.began && seen_->tests) {
      history_.Refresh();  // whoever comes back sees the tests
    }
  }

  /// Says which breakpoints the command has hit, and ends what they end: at a prompt the line and
  /// all that it has loaded, else what is innermost, a run or a repeat. Nothing is left to end where
  /// nothing goes on.
  Reply StopAtBreaks(bool goes_on, const CommandResult& result, const CommandEnd& end,
                     std::uint64_t& ended_round) {
    const bool ended_run = !end.hits.empty();
    const std::vector<BreakHit> hits = ended_run ? end.hits : breaks_->Take();
    if (hits.empty()) return {};
    std::string ends, how;
    if (ended_run) {
      ends = result.row->usage.substr(0, result.row->usage.find(' '));
      how = ends == "run" ? "ends the run" : "ends " + ends;
    }
    if (options_.interactive && !queue_.idle() && queue_.outermost().file == kInput) {
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

  CommandResult ResultOf(std::string command) const {
    return {.command = std::move(command), .time = simulation_.now(), .cycle = simulation_.cycle()};
  }

  /// Whether an error ends the program, and not only a command or a request.
  bool IsFatal(bool goes_on) const {
    if (const auto stopped = stop_.code())
      return *stopped == ErrorCode::kTerminated || !(in_request_ || OutlivesStop());
    return !goes_on && !in_request_;
  }

  /// Tells it, and what is dropped by it.
  void Settle(CommandResult result, std::size_t depth, bool goes_on, std::uint64_t ended_round) {
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
    result.fatal = result.error && IsFatal(goes_on);
    const std::size_t left = queue_.Depth();
    const bool failed_all = result.error && left == 0 && ends_all;
    Answer(result, {.before = depth,
                    .after = left,
                    .why = failed_all ? &*result.error : nullptr,
                    .fatal = result.fatal,
                    .queued = queued,
                    .ended_round = ended_round});
  }

  void Answer(const CommandResult& result, const AnswerPlace& place) {
    voice_->Answer(result, place);
    for (const auto& observer : result_observers_) observer(result);
  }

  /// The answer of the command that a stop kept from beginning, and of what it lies in.
  void AnswerStopped() {
    CommandResult result = ResultOf(queue_.Text());
    result.error = Error{*stop_.code(), "stopped before it began"};
    result.fatal = IsFatal(false);
    voice_->Answer(
        result,
        {.before = queue_.size(), .after = 0, .why = &*result.error, .fatal = result.fatal});
  }

  /// Errors lie at the statement where they lie nowhere else.
  CommandEnd Execute(const Statement& statement, CommandResult& result) {
    CommandEnd end;
    if (statement.bad)
      result.error = *statement.bad;
    else if (auto ran = RunCommand(statement, result, end); !ran)
      result.error = At(statement.words.front(), std::move(ran).error());
    return end;
  }

  /// What a command of the queue may use, whoever has queued it.
  CommandContext ContextOf(CommandQueue& queue) {
    CommandContext context{.simulation = simulation_,
                           .config = config_,
                           .registry = registry_,
                           .queue = queue,
                           .log = log_,
                           .history = history_,
                           .breaks = *breaks_,
                           .heard = *heard_,
                           .verbose = options_.verbose,
                           .width = std::min(options_.width, kWidestText)};
    context.stop = stop_.token();
    return context;
  }

  Result<void> RunCommand(const Statement& statement, CommandResult& result, CommandEnd& end) {
    DELSTEP_ASSIGN(auto call, MatchCommand(statement.words));
    result.row = call.command;
    DELSTEP_ASSIGN(Targets targets, FindTargets(call, SimulationDirectory(simulation_)));
    CommandContext context = ContextOf(queue_);
    context.run_plan = [this] { return plans_.RunDue(); };
    context.stoppable = in_request_ || IsTyped();
    context.progress = [this](Duration passed, std::optional<Duration> of) {
      KeepPlaceInRun(passed, of);
    };
    if (voice_->listens()) context.say = [this](std::string_view line) { voice_->Say(line); };
    context.page = outputs_.page_server;
    context.checkpoint = [this](const std::string& file) { return Checkpoint(file); };
    context.wait = voice_->Waiter();
    context.arguments = std::move(call.arguments);
    context.targets = std::move(targets);
    // As it was before the command: `autonet` itself takes effect from the next one on.
    const bool autonet = call.command->autonet && simulation_.autonet();
    // Matched and resolved to nodes before anything happens: what fails so far has changed nothing.
    end.began = true;
    *seen_ = {};
    plans_.SetTransmits(call.command->transmits && !context.arguments.Has("NODE"));
    const CurrentStop current_stop(context.stop);  // of a compiler, for instance
    auto ran = call.command->run(context);
    if (!ran) result.measured = std::move(context.measured);
    end.redo = std::move(context.redo);
    end.hits = std::move(context.hits);
    DELSTEP_ASSIGN(result.reply, std::move(ran));
    end.results = std::move(context.results);
    end.exit = context.exit;
    if (!autonet) return {};
    plans_.SetTransmits(true);
    auto report = simulation_.NetworkStep({}, stop_.token());
    if (!report) return std::move(report).error();
    result.network = ReportOf(*report);
    return {};
  }

  /// A person typed the line that has led to this command.
  bool IsTyped() const { return options_.interactive && queue_.outermost().file == kInput; }

  /// A person typed this command and nothing else in the line. To be asked before it runs.
  bool IsTypedAlone() const {
    const Script& script = queue_.script();
    return options_.interactive && script.file == kInput && script.statements.size() == 1;
  }

  void Record(const CommandResult& result, const std::string& redo) {
    CommandRecord record;
    record.redo_names_nodes = redo.empty();
    if (result.row) record.redo = redo.empty() ? std::string(result.row->redo) : redo;
    // In the record the commands of a loaded script stand in its place, so `load` itself is a
    // comment.
    record.is_comment = result.row && result.row->inlined && !result.error;
    if (!record.is_comment) ++commands_;
    if (!observer_) return;
    record.text = record.is_comment ? "# " + result.command : result.command;
    if (result.error) {
      record.code = static_cast<int>(result.error->code);
      record.message = result.error->message;
    }
    observer_(record);
  }

  void RecordPlanned(const CommandResult& result) {
    for (const auto& observer : result_observers_) observer(result);
    if (!observer_) return;
    CommandRecord record;
    record.text = result.command;
    record.is_planned = true;
    record.cycle = result.cycle;
    observer_(record);
  }

  /// The first failure counts, whatever follows under --keep-going.
  void NoteFailure(const Error& error) {
    if (exit_code_ == 0) exit_code_ = static_cast<int>(error.code);
  }

  /// False: the program should end. At a prompt the rest of the line, or of the scripts that it
  /// loads, is dropped.
  bool Fail(const Error& error) {
    NoteFailure(error);
    if (in_request_) return false;
    if (options_.keep_going || stop_.code()) return true;
    if (options_.interactive && !queue_.empty()) {
      voice_->Remark("  what was queued after it is dropped");
      queue_.Clear();
    }
    return options_.interactive;
  }

  bool FailToRead(const std::string& command, const Error& error, std::string_view line) {
    const bool goes_on = Fail(error);
    CommandResult result = ResultOf(command);
    result.error = error;
    result.error_line = line;
    result.loaded_from = queue_.ChainOf(error);
    result.fatal = IsFatal(goes_on);
    voice_->Refuse(result);
    for (const auto& observer : result_observers_) observer(result);
    return goes_on;
  }

  /// `pause`: a line of progress would draw over its text.
  Asking WaitAlone() {
    if (!outputs_.wait) return {};
    return [this](std::string_view text, std::stop_token stop) {
      KeepPlace({}, "pause");
      return outputs_.wait(text, std::move(stop));
    };
  }

  Simulation& simulation_;
  Config& config_;
  const Registry& registry_;
  SessionOptions options_;
  bool outlives_interrupt_;
  const Outputs outputs_;
  CommandQueue queue_;
  mutable std::mutex place_mutex_;
  Session::Place place_;  // guarded by it: a progress line is drawn from another thread
  std::string running_;   // likewise
  Stop stop_;
  CommandLog log_;
  /// What the present command's events are of. Of the observer too, which stays until the
  /// simulation goes.
  struct Seen {
    bool tests = false, changes = false;
  };
  std::shared_ptr<Seen> seen_ = std::make_shared<Seen>();
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
  std::shared_ptr<Heard> heard_ = std::make_shared<Heard>();
  std::shared_ptr<Breakpoints> breaks_ = std::make_shared<Breakpoints>(simulation_);
  int exit_code_ = 0;
  std::string repeatable_;
  CommandObserver observer_;
  InputLines input_;
  JsonStream own_stream_;
  JsonVoice json_;
  TextVoice text_;
  Voice* voice_;  // whoever is told now: one of these two, or that of a client
  std::vector<std::function<void(const CommandResult&)>> result_observers_;
  History history_;
  PlanRunner plans_{{.simulation = simulation_,
                     .log = log_,
                     .options = options_,
                     .stop = stop_,
                     .voice = [this]() -> Voice& { return *voice_; },
                     .context = [this](CommandQueue& queue) { return ContextOf(queue); },
                     .note = [this](const Error& error) { NoteFailure(error); },
                     .record = [this](const CommandResult& result) { RecordPlanned(result); }}};
  bool in_request_ = false, exited_ = false, outlives_errors_ = false;
  bool dropped_ = false;  // by a stop: what was queued
  // For checkpoints.
  std::vector<ScriptSource> following_;
  bool from_input_ = false;
  std::uint64_t commands_ = 0;
  std::function<void()> between_;
  std::optional<RunPoint> point_;  // the last one between two commands
  bool in_command_ = false;        // one has begun since
  bool interrupted_ = false;       // the last one was
  std::optional<ProgramFacts> about_;
  SessionPoint saved_;  // of a resumed session: as it was
};

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::Create(Simulation& simulation, Config& config,
                                                 const Registry& registry, SessionOptions options,
                                                 Outputs outputs) {
  DELSTEP_TRY(CreateGroups(simulation, config));
  DELSTEP_TRY(ApplyNodeValues(simulation, config));
  return std::unique_ptr<Session>(new Session(
      std::make_unique<Impl>(simulation, config, registry, options, std::move(outputs))));
}

Result<std::unique_ptr<Session>> Session::Resume(Simulation& simulation, Config& config,
                                                 const Registry& registry, SessionOptions options,
                                                 Outputs outputs, std::string_view saved,
                                                 const SavedHistory& history) {
  auto impl = std::make_unique<Impl>(simulation, config, registry, options, std::move(outputs));
  DELSTEP_TRY(impl->TakeOver(saved, history));
  return std::unique_ptr<Session>(new Session(std::move(impl)));
}

void Session::SetFollowing(std::vector<ScriptSource> following) {
  impl_->SetFollowing(std::move(following));
}
void Session::SetFromInput() { impl_->SetFromInput(); }
void Session::KeepPoints(std::function<void()> between) { impl_->KeepPoints(std::move(between)); }
Result<WrittenState> Session::WriteCheckpoint(const std::string& file) {
  return impl_->WriteCheckpoint(file);
}
std::string Session::SavedAhead() const { return impl_->SavedAhead(); }
bool Session::SavedFromInput() const { return impl_->saved().from_input; }
bool Session::SavedFromRequest() const { return impl_->saved().from_request; }
bool Session::RunSaved() { return impl_->RunSaved(); }
void Session::DropSaved() { impl_->DropSaved(); }
std::uint64_t Session::commands() const { return impl_->commands(); }

bool Session::CheckAhead(std::span<const ScriptSource> sources) {
  return impl_->CheckAhead(sources);
}
bool Session::RunFile(const std::string& path) { return impl_->RunFile(path); }
bool Session::RunText(std::string_view text, const std::string& origin) {
  return impl_->RunText(std::string(text), origin, 1);
}
bool Session::FeedLine(std::string_view line, std::uint32_t number) {
  return impl_->FeedLine(line, number);
}
void Session::GiveUpLine() { impl_->GiveUpLine(); }
void Session::OutliveErrors() { impl_->OutliveErrors(); }
void Session::OutliveInterrupts() { impl_->OutliveInterrupts(); }
bool Session::RunRequest(std::string id, std::string commands) {
  return impl_->RunRequest(std::move(id), std::move(commands));
}
Result<void> Session::Act(const std::string& text, const std::function<Result<void>()>& change) {
  return impl_->Act(text, change);
}
int Session::RunFor(Voice& voice, std::string commands) {
  return impl_->RunFor(voice, std::move(commands));
}
bool Session::exits() const { return impl_->exits(); }
void Session::ForgetExit() { impl_->ForgetExit(); }
bool Session::EndInput() { return impl_->EndInput(); }
bool Session::NeedsMore() const { return impl_->NeedsMore(); }
void Session::DropLine() { impl_->DropLine(); }
int Session::exit_code() const { return impl_->exit_code(); }
void Session::RequestStop(ErrorCode code) { impl_->RequestStop(code); }
void Session::Cancel() { impl_->Cancel(); }
bool Session::cancelled() const { return impl_->cancelled(); }
void Session::ForgetInterrupt() { impl_->ForgetInterrupt(); }
Session::Place Session::PlaceInRun() const { return impl_->PlaceInRun(); }
std::string Session::CommandInRun() const { return impl_->CommandInRun(); }
std::string Session::RepeatableCommand() const { return impl_->repeatable(); }
const std::vector<LogEntry>& Session::log() const { return impl_->log(); }
void Session::ObserveCommands(CommandObserver observer) {
  impl_->ObserveCommands(std::move(observer));
}
void Session::ObserveResults(std::function<void(const CommandResult&)> observer) {
  impl_->ObserveResults(std::move(observer));
}
void Session::ObserveMoments(std::function<void(const Event&)> observer) {
  impl_->history().Observe(std::move(observer));
}
const History& Session::history() const { return impl_->history(); }

std::string Session::Prompt() const {
  const Simulation& simulation = impl_->simulation();
  const Moments& moments = impl_->history().moments();
  // Where one would not expect to be: on another branch than the first one, or before its end.
  std::string where;
  if (moments.branch().last != moments.present().number)
    where = fmt::format(" · moment {} of {}", moments.present().number, moments.branch().name);
  else if (moments.branch().name != "main")
    where = fmt::format(" · branch {}", moments.branch().name);
  // Whoever works in real time should know: what is typed slowly arrives in the meantime.
  const bool real = !simulation.network_traits().simulated_time;
  return fmt::format("[cycle {} · t={}{} · {} · {} queued{}]> ", simulation.cycle(),
                     FormatDuration(simulation.now().time_since_epoch()), real ? " (wall)" : "",
                     Count(simulation.Nodes().size(), "node"), simulation.queued(), where);
}

Completion Session::Complete(std::string_view line) const {
  return CompleteLine(line, impl_->simulation(), impl_->registry(), impl_->history().moments());
}

std::string Session::Hint(std::string_view line) const { return HintForLine(line); }

}  // namespace delstep
