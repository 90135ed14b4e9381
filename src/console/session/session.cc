#include "console/session/session.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"
#include "console/commands/command_table.h"
#include "console/commands/reply_parts.h"
#include "console/language/diagnostics.h"
#include "console/language/input_lines.h"
#include "console/session/answers.h"
#include "console/session/completion.h"
#include "console/session/render.h"
#include "console/session/stop.h"
#include "scenario/units.h"

namespace delstep {
namespace {

/// Groups of the scenario, in the order written.
Result<void> CreateGroups(Simulation& simulation, const Config& config) {
  const SimulationDirectory directory(simulation);
  for (const auto& [name, selectors] : config.scenario().groups) {
    const Origin& origin = config.OriginOf("groups." + name);
    std::vector<Word> words(selectors.size());
    std::vector<Choice> choices;
    for (std::size_t i = 0; i < selectors.size(); ++i) {
      words[i].text = selectors[i];
      auto selector = ParseSelector(selectors[i]);
      if (!selector) return At(origin, std::move(selector).error());
      choices.push_back({*std::move(selector), &words[i]});
    }
    simulation.CreateGroup(name);
    if (choices.empty()) continue;
    auto set = Resolve(choices, directory, DownNodes::kAllow);
    if (!set) {
      Error error = std::move(set).error();
      error.message = fmt::format("groups.{}: {}", name, error.message);
      return At(origin, std::move(error));
    }
    simulation.AddToGroup(name, set->nodes);
  }
  return {};
}

/// What became of a statement.
struct CommandOutcome {
  const Command* command = nullptr;
  Reply reply;
  std::optional<Reply> network;  ///< of autonet
  std::vector<ResultEntry> results;
  std::optional<Error> error;
  bool exit = false;
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
        answers_(outputs_.json != nullptr ? *outputs_.json : own_stream_) {}

  bool RunFile(const std::string& path) {
    if (auto loaded = queue_.LoadPath(path); !loaded)
      return FailToRead("load " + path, std::move(loaded).error(), {});
    return Run();
  }

  bool RunRequest(std::string id, std::string commands) {
    const int code = exit_code_;
    answers_.BeginRequest(std::move(id));
    in_request_ = true;
    ReadScript read = ParseScript(commands, "request");
    if (read.unclosed) {
      FailToRead(commands, *std::move(read.unclosed), read.script.get());
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
    if (read.unclosed) return FailToRead("", *std::move(read.unclosed), read.script.get());
    queue_.Push(std::move(read.script), false);
    return Run();
  }

  bool FeedLine(std::string_view line) { return !input_.Add(line) || EndInput(); }

  bool EndInput() { return input_.empty() || RunText(input_.Take(), kInput, input_.first_line()); }

  bool NeedsMore() const { return !input_.empty(); }
  void DropLine() { input_.Take(); }
  int exit_code() const { return exit_code_; }
  void RequestStop(ErrorCode code) { stop_.Request(code); }
  void GiveUpLine() {
    const int code = exit_code_;
    in_request_ = true;
    EndInput();
    in_request_ = false;
    exit_code_ = code;
  }
  void OutliveInterrupts() { outlives_interrupt_ = true; }
  void ForgetInterrupt() { stop_.Renew(); }
  const std::string& repeatable() const { return repeatable_; }
  const Simulation& simulation() const { return simulation_; }
  const Registry& registry() const { return registry_; }
  const std::vector<LogEntry>& log() const { return log_; }
  void ObserveCommands(CommandObserver observer) { observer_ = std::move(observer); }

 private:
  static constexpr const char* kInput = "stdin";

  bool Run() {
    while (const Statement* statement = queue_.Next()) {
      if (stop_.code()) {
        AnswerStopped();
        return EndStopped(true);
      }
      if (!RunOne(*statement)) {
        queue_.Clear();
        return false;
      }
    }
    return !stop_.code() || EndStopped(false);
  }

  bool EndStopped(bool dropped) {
    queue_.Clear();
    if (dropped && !options_.json) outputs_.err("stopped; what was queued is dropped\n");
    exit_code_ = static_cast<int>(*stop_.code());
    return (options_.interactive || outlives_interrupt_) &&
           *stop_.code() == ErrorCode::kInterrupted;
  }

  bool RunOne(const Statement& statement) {
    const std::string text = queue_.Text();
    const std::uint64_t cycle = simulation_.cycle();
    const std::size_t depth = queue_.size();
    CommandOutcome outcome = Execute(statement);
    outcome.depth = depth;
    if (outcome.error && stop_.code()) outcome.error->code = *stop_.code();
    log_.push_back(CommandEntry{.cycle = cycle, .ok = !outcome.error, .text = text});
    log_.insert(log_.end(), std::make_move_iterator(outcome.results.begin()),
                std::make_move_iterator(outcome.results.end()));
    std::vector<std::string> loaded_from;
    if (outcome.error) loaded_from = queue_.ChainOf(*outcome.error);
    Report(outcome);
    Record(text, outcome);
    exited_ |= outcome.exit;
    const bool goes_on = !outcome.exit && (!outcome.error || Fail(*outcome.error));
    if (options_.json) Answer(text, cycle, std::move(outcome), std::move(loaded_from), goes_on);
    return goes_on;
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

  Result<void> RunCommand(const Statement& statement, CommandOutcome& outcome) {
    DELSTEP_ASSIGN(auto call, MatchCommand(statement.words));
    outcome.command = call.command;
    if (call.command->enter_repeats) repeatable_ = CommandText(statement.words);
    DELSTEP_ASSIGN(Targets targets, FindTargets(call, SimulationDirectory(simulation_)));
    CommandContext context{.simulation = simulation_,
                           .config = config_,
                           .registry = registry_,
                           .queue = queue_,
                           .log = log_,
                           .json = options_.json};
    context.stop = stop_.token();
    context.arguments = std::move(call.arguments);
    context.targets = std::move(targets);
    const bool autonet = call.command->autonet && simulation_.autonet();
    DELSTEP_ASSIGN(outcome.reply, call.command->run(context));
    outcome.results = std::move(context.results);
    outcome.exit = context.exit;
    if (!autonet) return {};
    auto report = simulation_.NetworkStep();
    if (!report) return std::move(report).error();
    outcome.network = ReportOf(*report);
    return {};
  }

  void Report(const CommandOutcome& outcome) {
    if (options_.json) return;
    if (const std::string said = Text(outcome); !said.empty()) outputs_.out(said);
    if (outcome.error) outputs_.err(Explain(*outcome.error, &queue_.script()));
  }

  std::string Text(const CommandOutcome& outcome) const {
    if (outcome.error && outcome.results.empty()) return {};
    std::string text = RenderReply(outcome.reply, options_.width, options_.quiet);
    if (outcome.network && !options_.quiet)
      text += "autonet: " + RenderReply(*outcome.network, options_.width, false);
    return text;
  }

  /// `script`: where the error may lie, if it is at hand.
  std::string Explain(const Error& error, const Script* script) const {
    const auto place = ParsePlace(error.where);
    if (!place) return FormatError(error, {}, queue_.ChainOf(error), options_.color);
    const std::string line = script && script->file == place->file
                                 ? std::string(script->Line(place->line))
                                 : ReadSourceLine(*place);
    return FormatError(error, line, queue_.ChainOf(error), options_.color);
  }

  void Record(const std::string& text, const CommandOutcome& outcome) {
    if (!observer_) return;
    CommandRecord record;
    if (outcome.command) record.redo = outcome.command->redo;
    record.is_comment = outcome.command && outcome.command->inlined && !outcome.error;
    record.text = record.is_comment ? "# " + text : text;
    if (outcome.error) {
      record.code = static_cast<int>(outcome.error->code);
      record.message = outcome.error->message;
    }
    observer_(record);
  }

  /// False: the program should end.
  bool Fail(const Error& error) {
    if (exit_code_ == 0) exit_code_ = static_cast<int>(error.code);
    if (in_request_) return false;
    return options_.interactive || options_.keep_going || stop_.code();
  }

  bool FailToRead(const std::string& command, const Error& error, const Script* script) {
    const bool goes_on = Fail(error);
    if (options_.json) {
      JsonAnswer answer = AnswerOf(command);
      answer.error = error;
      answer.fatal = IsFatal(goes_on);
      answers_.Add(std::move(answer), {}, false);
    } else {
      outputs_.err(Explain(error, script));
    }
    return goes_on;
  }

  Simulation& simulation_;
  Config& config_;
  const Registry& registry_;
  const SessionOptions options_;
  bool outlives_interrupt_;
  const Outputs outputs_;
  CommandQueue queue_;
  Stop stop_;
  std::vector<LogEntry> log_;
  int exit_code_ = 0;
  std::string repeatable_;
  CommandObserver observer_;
  InputLines input_;
  JsonStream own_stream_;
  Answers answers_;
  bool in_request_ = false, exited_ = false;
};

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::Create(Simulation& simulation, Config& config,
                                                 const Registry& registry, SessionOptions options,
                                                 Outputs outputs) {
  DELSTEP_TRY(CreateGroups(simulation, config));
  return std::unique_ptr<Session>(new Session(
      std::make_unique<Impl>(simulation, config, registry, options, std::move(outputs))));
}

bool Session::RunFile(const std::string& path) { return impl_->RunFile(path); }
bool Session::RunText(std::string_view text, const std::string& origin) {
  return impl_->RunText(std::string(text), origin, 1);
}
bool Session::FeedLine(std::string_view line) { return impl_->FeedLine(line); }
void Session::GiveUpLine() { impl_->GiveUpLine(); }
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
std::string Session::RepeatableCommand() const { return impl_->repeatable(); }
const std::vector<LogEntry>& Session::log() const { return impl_->log(); }
void Session::ObserveCommands(CommandObserver observer) {
  impl_->ObserveCommands(std::move(observer));
}

std::string Session::Prompt() const {
  const Simulation& simulation = impl_->simulation();
  return fmt::format("[cycle {} · t={} · {} · {} queued]> ", simulation.cycle(),
                     FormatDuration(simulation.now().time_since_epoch()),
                     Count(simulation.Nodes().size(), "node"), simulation.queued());
}

Completion Session::Complete(std::string_view line) const {
  return CompleteLine(line, impl_->simulation(), impl_->registry());
}

std::string Session::Hint(std::string_view line) const { return HintForLine(line); }

}  // namespace delstep
