#include "console/session/session.h"

#include <utility>

#include "console/commands/command_table.h"
#include "console/commands/node_values.h"
#include "console/language/diagnostics.h"
#include "console/language/input_lines.h"
#include "console/session/end_rules.h"
#include "console/session/json_voice.h"
#include "console/session/point_keeper.h"
#include "console/session/prompt.h"
#include "console/session/queue_runner.h"
#include "console/session/session_point.h"
#include "console/session/stop.h"
#include "console/session/text_voice.h"
#include "console/session/workspace.h"

namespace delstep {

/// Gets what is to run into the queue, wherever it comes from; the parts do the rest.
struct Session::Impl {
  Impl(Simulation& simulation, Config& config, const Registry& registry, SessionOptions given,
       Outputs to)
      : options(given), outputs(std::move(to)), work(simulation, config, registry) {
    work.history().AskForOwnCode(outputs.is_own_code);
    work.AskForFailedCode(outputs.own_code_failed);
    if (voice->echoes()) runner.queue().TakeComments();  // from now on they are kept
  }

  Result<void> TakeOver(std::string_view bytes, const SavedHistory& history) {
    DELSTEP_ASSIGN(saved, LoadSession(bytes, work.log()));
    DELSTEP_TRY(work.breaks().Load(saved.breaks));
    work.history().Resume(history);
    runner.queue() = saved.queue;
    following = saved.following;
    recorder.Resume(saved.commands);
    ends.SetExitCode(saved.exit_code);
    options.keep_going |= saved.keep_going;
    return {};
  }

  SessionPoint PointNow() {
    return {.queue = runner.queue(),
            .following = following,
            .logged = work.log().added(),
            .commands = recorder.commands(),
            .exit_code = ends.exit_code(),
            .keep_going = options.keep_going,
            .from_input = from_input,
            .from_request = ends.in_request(),
            .breaks = work.breaks().Save()};
  }

  bool RunText(std::string text, const std::string& origin, std::uint32_t first_line) {
    ReadScript read = ParseScript(std::move(text), origin, first_line);
    if (read.unclosed) {
      const auto place = ParsePlace(read.unclosed->where);
      return FailToRead("", *read.unclosed, place ? read.script->Line(place->line) : "");
    }
    if (origin == kInputName && options.interactive && !CheckLine(*read.script)) return true;
    runner.queue().Push(std::move(read.script), false);
    return runner.Run();
  }

  bool RunSource(const ScriptSource& source) {
    ReadScript read = ParseScript(source.text, source.origin);
    if (read.unclosed) return FailToRead("load " + source.origin, *read.unclosed, {});
    runner.queue().Push(std::move(read.script), source.is_file);
    return runner.Run();
  }

  /// An error ends them and not the session. Returns its code, or 0.
  int RunCommands(std::string commands) {
    const int before = ends.exit_code();
    ends.SetExitCode(0);
    ends.BeginRequest();
    ReadScript read = ParseScript(std::move(commands), kRequestName);
    if (read.unclosed) {
      FailToRead(read.script->text, *read.unclosed, "");
    } else if (read.script->statements.empty()) {
      runner.Answer(runner.ResultOf(read.script->text), {});
    } else {
      runner.queue().Push(std::move(read.script), false);
      runner.Run();
    }
    ends.EndRequest();
    const int code = ends.exit_code();
    ends.SetExitCode(before);
    return code;
  }

  /// What was fed, without an id.
  void RunAsRequest() {
    const int code = ends.exit_code();
    ends.BeginRequest();
    RunText(input.Take(), kInputName, input.first_line());
    ends.EndRequest();
    ends.SetExitCode(code);
  }

  bool CheckAhead(std::span<const ScriptSource> sources) {
    const std::vector<Finding> findings =
        CheckBeforeRun(sources, work.simulation(), work.config(), work.registry());
    for (const Finding& finding : findings) {
      CommandResult result = runner.ResultOf("");
      result.error = finding.error;
      result.error_line = finding.line;
      result.loaded_from = finding.loaded_from;
      result.fatal = true;
      voice->Refuse(result);
    }
    if (!findings.empty()) runner.Fail(findings.front().error);
    return findings.empty();
  }

  /// Before anything of a typed line runs: what is wrong in its form keeps all of it from running.
  /// A command that stands alone is judged when it runs, unless it brings others.
  bool CheckLine(const Script& script) {
    const auto& statements = script.statements;
    const auto brings_others = [](const Statement& statement) {
      const auto call = MatchCommand(statement.words);
      return call && call->command->inlined;
    };
    if (options.keep_going || statements.empty()) return true;
    if (statements.size() == 1 && !brings_others(statements.front())) return true;
    const ScriptSource source{.is_file = false,
                              .text = script.text,
                              .origin = script.file,
                              .first_line = script.first_line};
    if (CheckAhead({&source, 1})) return true;
    if (statements.size() > 1) voice->Remark("  nothing of this line was run");
    return false;
  }

  bool FailToRead(const std::string& command, const Error& error, std::string_view line) {
    const bool goes_on = runner.Fail(error);
    CommandResult result = runner.ResultOf(command);
    result.error = error;
    result.error_line = line;
    result.loaded_from = runner.queue().ChainOf(error);
    result.fatal = ends.IsFatal(goes_on);
    voice->Refuse(result);
    recorder.Tell(result);
    return goes_on;
  }

  /// `pause`: a line of progress would draw over its text.
  Asking WaitAlone() {
    if (!outputs.wait) return {};
    return [this](std::string_view text, std::stop_token token) {
      now.Set({}, "pause");
      return outputs.wait(text, std::move(token));
    };
  }

  SessionOptions options;
  const Outputs outputs;
  Workspace work;
  Stop stop;
  NowRunning now;
  EndRules ends{options, stop};
  CommandRecorder recorder;
  PointKeeper points{{.simulation = work.simulation(),
                      .config = work.config(),
                      .log = work.log(),
                      .history = work.history(),
                      .session = [this] { return PointNow(); },
                      .about = outputs.about}};
  JsonStream own_stream{[this](std::string_view line) { outputs.out(line); }};
  JsonVoice json_voice{outputs.json != nullptr ? *outputs.json : own_stream};
  TextVoice text_voice{{.interactive = options.interactive,
                        .quiet = options.quiet,
                        .verbose = options.verbose,
                        .echo = options.echo,
                        .color = options.color,
                        .width = options.width},
                       {outputs.out, outputs.err, outputs.page, WaitAlone()}};
  /// Whoever is told now: one of these two, or that of a client.
  Voice* voice = options.json ? static_cast<Voice*>(&json_voice) : &text_voice;
  QueueRunner runner{{.work = work,
                      .options = options,
                      .stop = stop,
                      .ends = ends,
                      .recorder = recorder,
                      .points = points,
                      .now = now,
                      .voice = [this]() -> Voice& { return *voice; },
                      .page = outputs.page_server}};
  InputLines input;
  bool outlives_errors = false;
  std::vector<ScriptSource> following;
  bool from_input = false;
  SessionPoint saved;  // of a resumed session: as it was
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
  impl_->following = std::move(following);
}
void Session::SetFromInput() { impl_->from_input = true; }
void Session::KeepPoints(std::function<void()> between) { impl_->points.Start(std::move(between)); }
Result<WrittenState> Session::WriteCheckpoint(const std::string& file) {
  return impl_->points.WriteLast(file);
}
std::string Session::SavedAhead() const { return impl_->PointNow().Ahead(); }
bool Session::SavedFromInput() const { return impl_->saved.from_input; }
bool Session::SavedFromRequest() const { return impl_->saved.from_request; }
bool Session::RunSaved() {
  if (!impl_->runner.Run()) return false;
  while (!impl_->following.empty()) {
    const ScriptSource source = std::move(impl_->following.front());
    impl_->following.erase(impl_->following.begin());
    const bool by_name = source.is_file && source.origin.empty();
    if (!(by_name ? RunFile(source.text) : impl_->RunSource(source))) return false;
  }
  return true;
}
void Session::DropSaved() {
  impl_->runner.queue().Clear();
  impl_->following.clear();
}
std::uint64_t Session::commands() const { return impl_->recorder.commands(); }

bool Session::CheckAhead(std::span<const ScriptSource> sources) {
  return impl_->CheckAhead(sources);
}
bool Session::RunFile(const std::string& path) {
  if (auto loaded = impl_->runner.queue().LoadPath(path, impl_->stop.token()); !loaded) {
    Error error = std::move(loaded).error();
    if (const auto stopped = impl_->stop.code()) error.code = *stopped;
    return impl_->FailToRead("load " + path, error, {});
  }
  return impl_->runner.Run();
}
bool Session::RunText(std::string_view text, const std::string& origin) {
  return impl_->RunText(std::string(text), origin, 1);
}
bool Session::FeedLine(std::string_view line, std::uint32_t number) {
  return !impl_->input.Add(line, number) || EndInput();
}
bool Session::EndInput() {
  InputLines& input = impl_->input;
  if (input.empty()) return true;
  if (!impl_->outlives_errors || impl_->options.keep_going)
    return impl_->RunText(input.Take(), kInputName, input.first_line());
  impl_->RunAsRequest();
  return !exits();
}
void Session::GiveUpLine() { impl_->RunAsRequest(); }
bool Session::NeedsMore() const { return !impl_->input.empty(); }
void Session::DropLine() { impl_->input.Take(); }
void Session::OutliveErrors() { impl_->outlives_errors = true; }
void Session::OutliveInterrupts() { impl_->options.outlives_interrupt = true; }
bool Session::RunRequest(std::string id, std::string commands) {
  impl_->json_voice.BeginRequest(std::move(id));
  impl_->RunCommands(std::move(commands));
  impl_->json_voice.EndRequest();
  return !exits();
}
Result<void> Session::Act(const std::string& text, const std::function<Result<void>()>& change) {
  Workspace& work = impl_->work;
  const std::uint64_t cycle = work.simulation().cycle();
  work.BeginCommand();
  Result<void> done = change();
  work.log().Add(CommandEntry{.cycle = cycle, .ok = done.ok(), .text = text});
  // Nothing tells what the change was made of: as if it had been read from a file.
  if (done) done = work.history().Note({.text = text, .uncertain = true});
  CommandResult result{.command = text, .time = work.simulation().now(), .cycle = cycle};
  if (!done) result.error = done.error();
  impl_->recorder.Tell(result);
  impl_->recorder.RecordChange(text);
  return done;
}
int Session::RunFor(Voice& voice, std::string commands) {
  Voice* const own = std::exchange(impl_->voice, &voice);
  const int code = impl_->RunCommands(std::move(commands));
  impl_->voice = own;
  return code;
}
bool Session::exits() const { return impl_->runner.exited(); }
void Session::ForgetExit() { impl_->runner.ForgetExit(); }
int Session::exit_code() const { return impl_->ends.exit_code(); }
void Session::RequestStop(ErrorCode code) { impl_->stop.Request(code); }
void Session::Cancel() { impl_->stop.Cancel(); }
bool Session::cancelled() const { return impl_->stop.cancelled(); }
bool Session::ForgetCancel() { return impl_->stop.ForgetCancel(); }
void Session::ForgetInterrupt() { impl_->stop.Renew(); }
Session::Place Session::PlaceInRun() const { return impl_->now.place(); }
std::string Session::CommandInRun() const { return impl_->now.command(); }
std::string Session::RepeatableCommand() const { return impl_->runner.repeatable(); }
const std::vector<LogEntry>& Session::log() const { return impl_->work.log().entries(); }
void Session::ObserveCommands(CommandObserver observer) {
  impl_->recorder.ObserveRecords(std::move(observer));
}
void Session::ObserveResults(std::function<void(const CommandResult&)> observer) {
  impl_->recorder.ObserveResults(std::move(observer));
}
void Session::ObserveMoments(std::function<void(const Event&)> observer) {
  impl_->work.history().Observe(std::move(observer));
}
const History& Session::history() const { return impl_->work.history(); }
std::string Session::Prompt() const {
  return PromptOf(impl_->work.simulation(), history().moments());
}
Completion Session::Complete(std::string_view line) const {
  return CompleteLine(line, impl_->work.simulation(), impl_->work.registry(), history().moments());
}
std::string Session::Hint(std::string_view line) const { return HintForLine(line); }

}  // namespace delstep
