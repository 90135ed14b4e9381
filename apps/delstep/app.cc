#include "apps/delstep/driver.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <memory>

#include "apps/delstep/setup.h"
#include "apps/delstep/version.h"
#include "base/text.h"
#include "console/commands/label_report.h"
#include "console/language/diagnostics.h"
#include "console/session/checker.h"
#include "console/session/render.h"
#include "console/session/session.h"
#include "console/terminal/outputs.h"
#include "console/terminal/progress.h"
#include "console/terminal/terminal.h"
#include "delstep/registry.h"
#include "recording/run_directory.h"

namespace delstep {
namespace {

bool IsSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool WantsColor(Arguments::Color color) {
  if (color != Arguments::Color::kAuto) return color == Arguments::Color::kAlways;
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal == nullptr || std::strcmp(terminal, "dumb") == 0;
  return isatty(STDOUT_FILENO) != 0 && !dumb && !IsSet("NO_COLOR");
}

/// A person will be asked: then errors end nothing, and the program ends with 0.
bool WillPrompt(const Arguments& arguments) {
  return isatty(STDIN_FILENO) != 0 && (arguments.stay || arguments.sources.empty());
}

class Driver {
 public:
  Driver(const Arguments& arguments, SignalWatch& watch)
      : arguments_(arguments),
        watch_(watch),
        interactive_(WillPrompt(arguments)),
        outputs_(
            [this] {
              if (bar_) bar_->Clear();
            },
            [this] {
              if (session_) session_->RequestStop(ErrorCode::kInterrupted);
            }) {}

  ~Driver() {
    watch_.SetStop({});
    bar_.reset();  // its thread asks the simulation
  }

  int Run() {
    if (const auto ready = SetUp(); !ready) {
      outputs_.Err(ErrorText(ready.error()));
      return static_cast<int>(ready.error().code);
    }
    if (!arguments_.checks.empty()) return Check();
    if (const auto begun = Begin(); !begun) {
      outputs_.Err(ErrorText(begun.error()));
      return static_cast<int>(begun.error().code);
    }
    Work();
    return Finish();
  }

 private:
  Result<void> SetUp() {
    DELSTEP_ASSIGN(config_, LoadConfig(arguments_));
    const auto say = [this](std::string_view text) {
      if (!arguments_.quiet) outputs_.Err(text);
    };
    if (auto prepared = PrepareModule(arguments_, config_, say); !prepared)
      return AtItsKey(config_, std::move(prepared).error());
    registry_ = MakeRegistry(DataFolder());
    auto simulation = Simulation::Create(config_.scenario(), registry_);
    if (!simulation) return AtItsKey(config_, std::move(simulation).error());
    simulation_ = *std::move(simulation);
    if (arguments_.verbose)
      outputs_.Err(fmt::format("delstep: {}, {} of {} examples, {} parameters, {}\n",
                               Count(simulation_->Nodes().size(), "node"), simulation_->data().name,
                               simulation_->data().dataset.size(), simulation_->parameters(),
                               InstructionSet(config_.scenario().portable)));
    return {};
  }

  int Check() {
    int code = 0;
    for (const std::string& script : arguments_.checks)
      for (const Error& error : CheckScript(script, *simulation_, config_, registry_)) {
        outputs_.Err(FormatErrorWithSource(error, WantsColor(arguments_.color)));
        if (code == 0) code = static_cast<int>(error.code);
      }
    return code;
  }

  Result<void> Begin() {
    SessionOptions options;
    options.interactive = interactive_;
    options.keep_going = arguments_.keep_going;
    options.json = arguments_.json;
    options.quiet = arguments_.quiet;
    options.color = WantsColor(arguments_.color);
    options.width = OutputWidth();
    DELSTEP_ASSIGN(session_,
                   Session::Create(*simulation_, config_, registry_, options,
                                   {[this](std::string_view text) { outputs_.Out(text); },
                                    [this](std::string_view text) { outputs_.Err(text); }}));
    if (!arguments_.out.empty()) {
      DELSTEP_ASSIGN(record_,
                     RunDirectory::Create(arguments_.out,
                                          {ConfigOfRecord(config_), EnvironmentJson(*simulation_)},
                                          *simulation_));
    }
    simulation_->Observe([this](const Event& event) { Note(event); });
    session_->ObserveCommands(
        [this](const Session::CommandRecord& command) { EndCommand(command); });
    if (isatty(STDERR_FILENO) != 0 && !arguments_.quiet)
      bar_ = std::make_unique<ProgressBar>([this] { return simulation_->CurrentProgress(); });
    if (arguments_.verbose || (interactive_ && !arguments_.quiet && !IsIid()))
      outputs_.Err(RenderReply(LabelReport(*simulation_), OutputWidth(), false));
    watch_.SetStop([this](ErrorCode code) { session_->RequestStop(code); });
    return {};
  }

  bool IsIid() const { return config_.scenario().partition.name == "iid"; }

  void Note(const Event& event) {
    if (record_) record_->Record(event);
    if (const auto* tested = std::get_if<Evaluated>(&event.what)) {
      accuracy_sum_ += tested->accuracy;
      ++accuracy_count_;
    }
  }

  void EndCommand(const Session::CommandRecord& command) {
    if (accuracy_count_ > 0 && bar_)
      bar_->SetMeanAccuracy(accuracy_sum_ / static_cast<double>(accuracy_count_));
    accuracy_sum_ = 0;
    accuracy_count_ = 0;
    if (record_) {
      if (command.is_comment)
        record_->Comment(command.text);
      else
        record_->EndCommand({command.text, command.code, command.message});
      if (record_->failure() && !std::exchange(record_failed_, true))
        outputs_.Err(ErrorText(*record_->failure()));
    }
    outputs_.Flush();
  }

  void Work() {
    for (const CommandSource& source : arguments_.sources)
      if (!RunSource(source)) return;
    if (arguments_.sources.empty() || arguments_.stay) {
      if (interactive_)
        Converse();
      else
        ReadInput();
    }
  }

  bool RunSource(const CommandSource& source) {
    switch (source.kind) {
      case CommandSource::Kind::kFile:
        return Do([&] { return session_->RunFile(source.text); });
      case CommandSource::Kind::kText:
        return Do([&] { return session_->RunText(source.text, "-c"); });
      case CommandSource::Kind::kInput:
        return ReadInput();
    }
    return false;
  }

  /// Runs commands. False: the program should end.
  template <class Commands>
  bool Do(Commands commands) {
    if (!watch_.BeginWork()) return Answer();
    const bool go_on = commands();
    watch_.EndWork();
    outputs_.Flush();
    if (const auto stopped = watch_.TakeStopped();
        stopped && (!interactive_ || *stopped == ErrorCode::kTerminated))
      signalled_ = *stopped;
    return go_on && !signalled_ && !outputs_.gone();
  }

  /// Answers to a signal that came between commands. False: the program should end.
  bool Answer() {
    const auto pending = watch_.TakePending();
    if (!pending) return true;
    if (interactive_ && pending->code == ErrorCode::kInterrupted && !pending->insisted) {
      session_->DropLine();
      return true;
    }
    signalled_ = pending->code;
    return false;
  }

  /// False: the program should end, with the end of the input or before it.
  bool ReadInput() {
    LineReader reader(STDIN_FILENO, watch_.wake_fd());
    for (;;) {
      const Input input = reader.Read();
      switch (input.kind) {
        case Input::Kind::kEnd:
          return Do([&] { return session_->EndInput(); });
        case Input::Kind::kWoken:
          if (!Answer()) return false;
          break;
        case Input::Kind::kLine:
          if (!Do([&] { return session_->FeedLine(input.line); })) return false;
      }
    }
  }

  void Converse() {
    if (!arguments_.quiet)
      outputs_.Err(fmt::format("DEL-Step {}: {}, {}. Type 'help' for help, 'exit' to leave.\n",
                               Version(), Count(simulation_->Nodes().size(), "node"),
                               simulation_->data().name));
    Terminal terminal({[this](std::string_view line) { return session_->Complete(line); },
                       [this](std::string_view line) { return session_->Hint(line); }},
                      watch_.wake_fd());
    for (;;) {
      Input input = terminal.Read(session_->NeedsMore() ? "...> " : session_->Prompt());
      switch (input.kind) {
        case Input::Kind::kEnd:
          Do([&] { return session_->EndInput(); });
          return;
        case Input::Kind::kWoken:
          if (!Answer()) return;
          break;
        case Input::Kind::kLine:
          if (Trim(input.line).empty() && !session_->NeedsMore())
            input.line = session_->RepeatableCommand();
          if (!Do([&] { return session_->FeedLine(input.line); })) return;
      }
    }
  }

  int Finish() {
    outputs_.Flush();
    if (signalled_) return static_cast<int>(*signalled_);
    if (outputs_.failure()) {
      outputs_.Err(ErrorText(*outputs_.failure()));
      return static_cast<int>(outputs_.failure()->code);
    }
    const int code = interactive_ || outputs_.gone() ? 0 : session_->exit_code();
    return code == 0 && record_failed_ ? static_cast<int>(ErrorCode::kFile) : code;
  }

  const Arguments& arguments_;
  SignalWatch& watch_;
  const bool interactive_;
  std::unique_ptr<ProgressBar> bar_;
  StandardOutputs outputs_;
  Config config_;
  Registry registry_;
  std::unique_ptr<Simulation> simulation_;
  std::unique_ptr<RunDirectory> record_;
  std::unique_ptr<Session> session_;
  bool record_failed_ = false;
  double accuracy_sum_ = 0;  // of the tests of the present command
  std::size_t accuracy_count_ = 0;
  std::optional<ErrorCode> signalled_;  // the program ends because of a signal
};

}  // namespace

int RunCommands(const Arguments& arguments, SignalWatch& watch) {
  return Driver(arguments, watch).Run();
}

}  // namespace delstep
