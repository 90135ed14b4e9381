#include "console/session/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "base/text.h"
#include "base/utf8.h"
#include "console/commands/command_table.h"
#include "console/commands/node_values.h"
#include "console/commands/reply_parts.h"
#include "console/language/diagnostics.h"
#include "console/language/input_lines.h"
#include "console/session/answers.h"
#include "console/session/completion.h"
#include "console/session/plan_runner.h"
#include "console/session/render.h"
#include "console/session/stop.h"
#include "scenario/units.h"

namespace delstep {
namespace {

/// Longer lines are hard to read.
constexpr std::size_t kWidestText = 100;

/// What became of a statement.
struct CommandOutcome {
  const Command* command = nullptr;
  Reply reply;
  std::optional<Reply> network;  ///< of autonet
  std::vector<ResultEntry> results;
  std::optional<Error> error;
  Reply measured;              ///< beside the error, for programs
  std::string redo;            ///< the same, for the record: a whole command
  Reply breaks;                ///< that it has hit
  std::vector<BreakHit> hits;  ///< of them: those that have ended it
  bool exit = false;
  bool began = false;     ///< its words fitted, so that it may have done something
  std::size_t depth = 0;  ///< of the queue before it
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
        answers_(outputs_.json != nullptr ? *outputs_.json : own_stream_),
        history_(simulation, config) {
    if (Echoes()) queue_.TakeComments();  // from now on they are kept
    simulation_.KeepCycleStarts();        // for `stats mixing`; moments hold most of them anyway
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
    const int code = exit_code_;
    answers_.BeginRequest(std::move(id));
    in_request_ = true;
    ReadScript read = ParseScript(commands, kRequestName);
    if (read.unclosed) {
      FailToRead(commands, *read.unclosed, "");
    } else if (read.script->statements.empty()) {
      answers_.Add(AnswerOf(commands), {}, false);
    } else {
      queue_.Push(std::move(read.script), false);
      Run();
    }
    in_request_ = false;
    answers_.EndRequest();
    exit_code_ = code;
    return !exited_;
  }

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
      if (!options_.json) {
        outputs_.err(Explain(finding.error, finding.line, finding.loaded_from));
        continue;
      }
      JsonAnswer answer = AnswerOf("");
      answer.error = finding.error;
      answer.loaded_from = finding.loaded_from;
      answer.fatal = true;
      answers_.Add(std::move(answer), {}, false);
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
  Result<Bytes> WriteCheckpoint(const std::string& file) {
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

  bool FeedLine(std::string_view line) { return !input_.Add(line) || EndInput(); }

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
  void GiveUpLine() { RunAsRequest(); }
  void OutliveErrors() { outlives_errors_ = true; }
  void OutliveInterrupts() { outlives_interrupt_ = true; }
  void ForgetInterrupt() { stop_.Renew(); }
  Session::Place PlaceInRun() const {
    const std::lock_guard lock(place_mutex_);
    return place_;
  }
  const std::string& repeatable() const { return repeatable_; }
  const Simulation& simulation() const { return simulation_; }
  const Registry& registry() const { return registry_; }
  const std::vector<LogEntry>& log() const { return log_.entries(); }
  void ObserveCommands(CommandObserver observer) { observer_ = std::move(observer); }
  History& history() { return history_; }

 private:
  static constexpr const char* kInput = kInputName;

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
  Result<Bytes> Checkpoint(const std::string& file) {
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
      KeepPlace(queue_.PlaceInRun());
      if (Echoes()) EchoCommand(*statement);
      if (!RunOne(*statement)) {
        queue_.Clear();
        return false;
      }
    }
    if (Echoes()) EchoComments();
    return !stop_.code() || EndStopped(false);
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
    if (statements.size() > 1) outputs_.err("  nothing of this line was run\n");
    return false;
  }

  bool Echoes() const { return options_.echo && !options_.json && !options_.quiet; }

  /// A person sees what was typed.
  void EchoCommand(const Statement& statement) {
    if (options_.interactive && queue_.script().file == kInput) return;
    EchoComments();
    const std::string behind = statement.remark.empty() ? "" : "  " + statement.remark;
    outputs_.out("> " + Printable(queue_.Text() + behind) + '\n');
  }

  void EchoComments() {
    std::string text;
    for (const std::string& comment : queue_.TakeComments()) text += Printable(comment) + '\n';
    if (!text.empty()) outputs_.out(text);
  }

  void KeepPlace(const Session::Place& place) {
    const std::lock_guard lock(place_mutex_);
    place_ = place;
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
    if (dropped && !options_.json)
      outputs_.err(
          fmt::format("stopped{}{}\n", round, is_saved ? "" : "; what was queued is dropped"));
    exit_code_ = static_cast<int>(*stop_.code());
    return (options_.interactive || outlives_interrupt_) &&
           *stop_.code() == ErrorCode::kInterrupted;
  }

  bool RunOne(const Statement& statement) {
    const std::string text = queue_.Text();
    const bool alone = IsTypedAlone();
    const std::uint64_t cycle = simulation_.cycle();
    const std::size_t depth = queue_.size();
    plans_.Begin(depth);
    CommandOutcome outcome = Execute(statement);
    interrupted_ = outcome.error && stop_.code();
    outcome.depth = depth;
    EndMoment(text, statement, outcome);
    if (outcome.error && stop_.code()) outcome.error->code = *stop_.code();
    log_.Add(CommandEntry{.cycle = cycle, .ok = !outcome.error, .text = text});
    for (ResultEntry& result : outcome.results) log_.Add(std::move(result));
    // What was interrupted, or went wrong, is not to begin again by a stray Enter.
    if (stop_.code() || outcome.error)
      repeatable_.clear();
    else if (outcome.command && outcome.command->enter_repeats)
      repeatable_ = CommandText(statement.words);
    std::vector<std::string> loaded_from;
    if (outcome.error) loaded_from = queue_.ChainOf(*outcome.error);
    Report(outcome, alone);
    Record(text, outcome);
    exited_ |= outcome.exit;
    const bool goes_on = !outcome.exit && (!outcome.error || Fail(*outcome.error));
    outcome.breaks = StopAtBreaks(goes_on, outcome);
    if (options_.json) Answer(text, cycle, std::move(outcome), std::move(loaded_from), goes_on);
    return goes_on;
  }

  /// What has changed the world ends in a moment, also where it failed half-way.
  void EndMoment(const std::string& text, const Statement& statement, CommandOutcome& outcome) {
    const bool failed = outcome.error.has_value();
    const bool changes = outcome.command && (outcome.command->changes_world || outcome.network);
    const bool may_have = outcome.began && (outcome.command->changes_world || seen_->changes);
    if (failed ? may_have && history_.HasChanged(seen_->changes) : changes) {
      auto noted = history_.Note(
          {.text = text, .failed = failed, .reads_files = outcome.command->reads_files});
      if (!noted) outcome.error = At(statement.words.front(), std::move(noted).error());
    } else if (outcome.began && seen_->tests) {
      history_.Refresh();  // whoever comes back sees the tests
    }
  }

  /// Says which breakpoints the command has hit, and ends what they end: at a prompt the line and
  /// all that it has loaded, else what is innermost, a run or a repeat. Nothing is left to end where
  /// nothing goes on.
  Reply StopAtBreaks(bool goes_on, const CommandOutcome& outcome) {
    const bool ended_run = !outcome.hits.empty();
    const std::vector<BreakHit> hits = ended_run ? outcome.hits : breaks_->Take();
    if (hits.empty()) return {};
    std::string ends, how;
    if (ended_run) {
      ends = outcome.command->usage.substr(0, outcome.command->usage.find(' '));
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
      how = fmt::format("ends the repeat in round {} of {}", place->number, place->of);
    }
    Reply report = ReportOf(hits, ends, how);
    // Also with --quiet: a repeat that ends early without a word would mislead.
    if (!options_.json) outputs_.out(RenderReply(report, options_.width, Detail::kLines));
    return report;
  }

  JsonAnswer AnswerOf(std::string command) const {
    return {.command = std::move(command), .time = simulation_.now(), .cycle = simulation_.cycle()};
  }

  /// Whether an error ends the program, and not only a command or a request.
  bool IsFatal(bool goes_on) const {
    if (const auto stopped = stop_.code())
      return *stopped == ErrorCode::kTerminated ||
             !(options_.interactive || outlives_interrupt_ || in_request_);
    return !goes_on && !in_request_;
  }

  void Answer(const std::string& text, std::uint64_t cycle, CommandOutcome outcome,
              std::vector<std::string> loaded_from, bool goes_on) {
    const bool queued = outcome.command && outcome.command->inlined && !outcome.error;
    // What is dropped is not answered, but what it lies in is.
    if (!goes_on || (outcome.error && stop_.code())) queue_.Clear();
    const std::optional<Error> error = outcome.error;
    JsonAnswer answer = AnswerOf(text);
    answer.cycle = cycle;
    answer.reply = std::move(outcome.reply);
    answer.network = std::move(outcome.network);
    answer.error = std::move(outcome.error);
    answer.measured = std::move(outcome.measured);
    answer.breaks = std::move(outcome.breaks);
    if (plans_.parts() > 0) {
      answer.parts = plans_.parts();
      answer.reply.fields.emplace_back("failed", plans_.failed());
    }
    answer.loaded_from = std::move(loaded_from);
    const bool fatal = answer.fatal = error && IsFatal(goes_on);
    const std::size_t left = queue_.Prune();
    const bool failed_all = error && left == 0 && (!goes_on || stop_.code());
    answers_.Add(std::move(answer), {outcome.depth, left, failed_all ? &*error : nullptr, fatal},
                 queued);
  }

  /// The answer of the command that a stop kept from beginning, and of what it lies in.
  void AnswerStopped() {
    if (!options_.json) return;
    JsonAnswer answer = AnswerOf(queue_.Text());
    const Error error{*stop_.code(), "stopped before it began"};
    answer.error = error;
    const bool fatal = answer.fatal = IsFatal(false);
    answers_.Add(std::move(answer), {queue_.size(), 0, &error, fatal}, false);
  }

  /// Errors lie at the statement where they lie nowhere else.
  CommandOutcome Execute(const Statement& statement) {
    CommandOutcome outcome;
    if (statement.bad) {
      outcome.error = *statement.bad;
      return outcome;
    }
    if (auto ran = RunCommand(statement, outcome); !ran)
      outcome.error = At(statement.words.front(), std::move(ran).error());
    return outcome;
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
                           .json = options_.json,
                           .whole = options_.json || options_.width == kWhole,
                           .verbose = options_.verbose,
                           .width = std::min(options_.width, kWidestText)};
    context.stop = stop_.token();
    return context;
  }

  Result<void> RunCommand(const Statement& statement, CommandOutcome& outcome) {
    DELSTEP_ASSIGN(auto call, MatchCommand(statement.words));
    outcome.command = call.command;
    DELSTEP_ASSIGN(Targets targets, FindTargets(call, SimulationDirectory(simulation_)));
    CommandContext context = ContextOf(queue_);
    context.run_plan = [this] { return plans_.RunDue(); };
    context.stoppable = in_request_ || IsTyped();
    context.progress = [this](Duration passed, std::optional<Duration> of) {
      KeepPlaceInRun(passed, of);
    };
    if (!options_.json && !options_.quiet)
      context.say = [this](std::string_view line) {
        outputs_.out(Printable(std::string(line)) + '\n');
      };
    context.checkpoint = [this](const std::string& file) { return Checkpoint(file); };
    if (!options_.json && outputs_.wait)
      context.wait = [this](std::string_view text, std::stop_token stop) {
        KeepPlace({});  // else a line of progress would draw over the text
        outputs_.wait(text, std::move(stop));
      };
    context.arguments = std::move(call.arguments);
    context.targets = std::move(targets);
    // As it was before the command: `autonet` itself takes effect from the next one on.
    const bool autonet = call.command->autonet && simulation_.autonet();
    // Matched and resolved to nodes before anything happens: what fails so far has changed nothing.
    outcome.began = true;
    *seen_ = {};
    plans_.SetTransmits(call.command->transmits && !context.arguments.Has("NODE"));
    auto ran = call.command->run(context);
    if (!ran) outcome.measured = std::move(context.measured);
    outcome.redo = std::move(context.redo);
    outcome.hits = std::move(context.hits);
    DELSTEP_ASSIGN(outcome.reply, std::move(ran));
    outcome.results = std::move(context.results);
    outcome.exit = context.exit;
    if (!autonet) return {};
    plans_.SetTransmits(true);
    auto report = simulation_.NetworkStep({}, stop_.token());
    if (!report) return std::move(report).error();
    outcome.network = ReportOf(*report);
    return {};
  }

  /// A person typed the line that has led to this command.
  bool IsTyped() const { return options_.interactive && queue_.outermost().file == kInput; }

  /// A person typed this command and nothing else in the line. To be asked before it runs.
  bool IsTypedAlone() const {
    const Script& script = queue_.script();
    return options_.interactive && script.file == kInput && script.statements.size() == 1;
  }

  void Report(const CommandOutcome& outcome, bool alone) {
    if (options_.json) return;
    if (const std::string said = Text(outcome, alone); !said.empty()) {
      const bool pages = alone && outputs_.page && outcome.command && outcome.command->pages;
      (pages ? outputs_.page : outputs_.out)(said);
    }
    if (outcome.error) outputs_.err(Explain(*outcome.error, queue_.script()));
  }

  Detail DetailOf(const CommandOutcome& outcome, bool alone) const {
    const Command* command = outcome.command;
    // Who asks for help at a prompt wants to read it.
    const bool speaks = command && (command->always || (options_.interactive && command->pages));
    if (options_.quiet && !speaks) return Detail::kNothing;
    return alone || options_.verbose || (command && command->shows) ? Detail::kAll : Detail::kLines;
  }

  std::string Text(const CommandOutcome& outcome, bool alone) const {
    // How far it came before a Ctrl-C; of other errors only programs want to know.
    if (outcome.error && stop_.code())
      return RenderReply(outcome.measured, options_.width, DetailOf(outcome, alone));
    if (outcome.error && outcome.results.empty()) return {};
    std::string text = RenderReply(outcome.reply, options_.width, DetailOf(outcome, alone));
    if (outcome.network && !options_.quiet)
      text += "autonet: " + RenderReply(*outcome.network, options_.width, Detail::kLines);
    return text;
  }

  /// `script`: where the error may lie.
  std::string Explain(const Error& error, const Script& script) const {
    const auto place = ParsePlace(error.where);
    return Explain(error, place && script.file == place->file ? script.Line(place->line) : "",
                   queue_.ChainOf(error));
  }

  /// `line`: where the error lies; empty: in a file, or nowhere. What somebody has just typed
  /// stands right above, and needs no number of a line.
  std::string Explain(const Error& error, std::string_view line,
                      std::vector<std::string> chain) const {
    const auto place = ParsePlace(error.where);
    const bool typed = options_.interactive && place && place->file == kInput;
    const std::string read = place && line.empty() ? ReadSourceLine(*place) : std::string(line);
    if (options_.interactive)
      std::erase_if(chain, [](const std::string& load) {
        return load.starts_with(fmt::format("{}:", kInput));
      });
    return FormatError(error, read, chain, options_.color, !typed);
  }

  void Record(const std::string& text, const CommandOutcome& outcome) {
    CommandRecord record;
    record.redo_names_nodes = outcome.redo.empty();
    if (outcome.command)
      record.redo = outcome.redo.empty() ? std::string(outcome.command->redo) : outcome.redo;
    // In the record the commands of a loaded script stand in its place, so `load` itself is a
    // comment.
    record.is_comment = outcome.command && outcome.command->inlined && !outcome.error;
    if (!record.is_comment) ++commands_;
    if (!observer_) return;
    record.text = record.is_comment ? "# " + text : text;
    if (outcome.error) {
      record.code = static_cast<int>(outcome.error->code);
      record.message = outcome.error->message;
    }
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
      outputs_.err("  what was queued after it is dropped\n");
      queue_.Clear();
    }
    return options_.interactive;
  }

  bool FailToRead(const std::string& command, const Error& error, std::string_view line) {
    const bool goes_on = Fail(error);
    if (options_.json) {
      JsonAnswer answer = AnswerOf(command);
      answer.error = error;
      answer.fatal = IsFatal(goes_on);
      answers_.Add(std::move(answer), {}, false);
    } else {
      outputs_.err(Explain(error, line, queue_.ChainOf(error)));
    }
    return goes_on;
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
  Answers answers_;
  History history_;
  PlanRunner plans_{{.simulation = simulation_,
                     .log = log_,
                     .answers = answers_,
                     .options = options_,
                     .stop = stop_,
                     .context = [this](CommandQueue& queue) { return ContextOf(queue); },
                     .out = outputs_.out,
                     .err = outputs_.err,
                     .note = [this](const Error& error) { NoteFailure(error); },
                     .record =
                         [this](const std::string& text, std::uint64_t cycle) {
                           if (!observer_) return;
                           CommandRecord record;
                           record.text = text;
                           record.is_planned = true;
                           record.cycle = cycle;
                           observer_(record);
                         }}};
  bool in_request_ = false, exited_ = false, outlives_errors_ = false;
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
Result<Bytes> Session::WriteCheckpoint(const std::string& file) {
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
bool Session::FeedLine(std::string_view line) { return impl_->FeedLine(line); }
void Session::GiveUpLine() { impl_->GiveUpLine(); }
void Session::OutliveErrors() { impl_->OutliveErrors(); }
void Session::OutliveInterrupts() { impl_->OutliveInterrupts(); }
bool Session::RunRequest(std::string id, std::string commands) {
  return impl_->RunRequest(std::move(id), std::move(commands));
}
bool Session::EndInput() { return impl_->EndInput(); }
bool Session::NeedsMore() const { return impl_->NeedsMore(); }
void Session::DropLine() { impl_->DropLine(); }
int Session::exit_code() const { return impl_->exit_code(); }
void Session::RequestStop(ErrorCode code) { impl_->RequestStop(code); }
void Session::ForgetInterrupt() { impl_->ForgetInterrupt(); }
Session::Place Session::PlaceInRun() const { return impl_->PlaceInRun(); }
std::string Session::RepeatableCommand() const { return impl_->repeatable(); }
const std::vector<LogEntry>& Session::log() const { return impl_->log(); }
void Session::ObserveCommands(CommandObserver observer) {
  impl_->ObserveCommands(std::move(observer));
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
