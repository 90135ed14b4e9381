#include "apps/delstep/app.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <utility>

#include "apps/delstep/check_scripts.h"
#include "apps/delstep/other_ends.h"
#include "apps/delstep/resume.h"
#include "apps/delstep/setup.h"
#include "apps/delstep/version.h"
#include "base/is_terminal.h"
#include "base/json.h"
#include "base/utf8.h"
#include "console/commands/label_report.h"
#include "console/commands/node_values.h"
#include "console/commands/start_notes.h"
#include "console/session/checker.h"
#include "console/session/render.h"
#include "console/session/text_voice.h"
#include "console/terminal/ascii.h"
#include "console/terminal/pager.h"
#include "console/terminal/pause.h"
#include "recording/copied_files.h"
#include "recording/run_directory.h"

namespace delstep {
namespace {

SessionOptions OptionsOfSession(const Arguments& arguments, bool interactive) {
  SessionOptions options;
  options.interactive = interactive;
  options.keep_going = arguments.keep_going;
  options.json = arguments.json;
  options.outlives_interrupt = OutlivesInterrupt(arguments);
  options.quiet = arguments.quiet;
  options.echo = arguments.echo || arguments.verbose;
  options.color = WantsColor(arguments.color);
  options.verbose = arguments.verbose;
  options.width = IsTerminal(STDOUT_FILENO) ? OutputWidth() : kWhole;
  return options;
}

Registry RegistryOf(std::shared_ptr<Cluster> cluster) {
  Registry registry = MakeRegistry(UsualDataFolders());
  registry.cluster = std::move(cluster);
  return registry;
}

}  // namespace

App::App(const Arguments& arguments, SignalWatch& watch, std::shared_ptr<Cluster> cluster)
    : arguments_(arguments),
      watch_(watch),
      interactive_(WillPrompt(arguments)),
      json_([this](std::string_view line) {
        outputs_.Out(line);
        outputs_.Flush();  // the other end may wait for it
      }),
      teller_(arguments, outputs_, json_),
      registry_(RegistryOf(std::move(cluster))) {
  // JSON is UTF-8 wherever it goes.
  if (!arguments.json && WantsAscii()) outputs_.UseAscii();
}

int App::Run() {
  if (ReadsInput(arguments_) && InputIsFolder())
    return teller_.Fail(BadFile("standard input is a folder, expected commands",
                                "name the script itself: delstep -f SCRIPT, or delstep < SCRIPT"));
  if (const auto ready = SetUp(); !ready) return teller_.Fail(ready.error());
  if (!arguments_.checks.empty()) return Check();
  if (const auto opened = OpenSession(); !opened) return teller_.Fail(opened.error());
  // Before the folder of --out is made: where nothing runs, nothing is left behind.
  const bool scripts_fit = arguments_.keep_going || CheckAhead();
  if (!scripts_fit && !interactive_) {
    outputs_.Flush();
    return session_->exit_code();
  }
  // Whoever has the page's address at once waits until all is connected.
  host_.emplace(*session_, *run_.simulation);
  Result<void> begun;
  host_->Work("start", [&] { begun = Begin(); });
  if (!begun) return teller_.Fail(begun.error());
  conversation_->Run(arguments_, scripts_fit);
  page_->Stop();
  SaveAtEnd();
  return ExitCode();
}

Result<void> App::SetUp() {
  DELSTEP_TRY(MakeRun(arguments_, registry_, teller_, run_));
  if (!run_.resumed) return {};
  // A script that goes on is a script, also at a terminal.
  const CheckpointFacts& facts = run_.resumed->texts.facts;
  if (!facts.next.empty() && !facts.from_input && !arguments_.stay) interactive_ = false;
  return {};
}

int App::Check() {
  // As a session begins: scripts name the scenario's groups, and those are judged too. A run that
  // goes on has them.
  if (!run_.resumed) {
    if (const auto made = CreateGroups(*run_.simulation, run_.config); !made)
      return teller_.Fail(made.error());
    if (const auto given = ApplyNodeValues(*run_.simulation, run_.config); !given)
      return teller_.Fail(given.error());
  }
  return CheckScripts(arguments_, *run_.simulation, run_.config, registry_, teller_, json_);
}

Result<void> App::OpenSession() {
  const SessionOptions options = OptionsOfSession(arguments_, interactive_);
  Session::Outputs outputs{
      .out = [this](std::string_view text) { outputs_.Out(text); },
      .err = [this](std::string_view text) { outputs_.Err(text); },
      .page = [this](std::string_view text) { ShowPaged(text); },
      .wait = [this](std::string_view text,
                     std::stop_token stop) { return Ask(text, std::move(stop)); },
      .json = &json_,
      .page_server = [this](const PageRequest& request) { return page_->Obey(request); },
      .about =
          [this] {
            return ProgramFacts{.version = Version(),
                                .instruction_set = InstructionSet(run_.config.scenario().portable),
                                .environment = EnvironmentJson(*run_.simulation)};
          }};
  if (!run_.resumed) {
    DELSTEP_ASSIGN(session_, Session::Create(*run_.simulation, run_.config, registry_, options,
                                             std::move(outputs)));
    return {};
  }
  auto session = Session::Resume(*run_.simulation, run_.config, registry_, options,
                                 std::move(outputs), run_.resumed->texts.session, *run_.history);
  if (!session) return OfCheckpoint(arguments_.resume, std::move(session).error());
  session_ = *std::move(session);
  run_.history.reset();
  return {};
}

/// Standard input is left out: it runs as it comes.
bool App::CheckAhead() {
  std::vector<ScriptSource> scripts;
  for (const CommandSource& source : arguments_.sources)
    if (source.kind != CommandSource::Kind::kInput)
      scripts.push_back({.is_file = source.kind == CommandSource::Kind::kFile,
                         .text = source.text,
                         .origin = "-c"});
  return session_->CheckAhead(scripts);
}

Result<void> App::Begin() {
  if (!arguments_.checkpoint.empty() || !arguments_.out.empty()) watch_.FinishWhenTerminated();
  if (!arguments_.out.empty()) {
    RunFacts facts{.scenario = ScenarioName(arguments_.scenario),
                   .config = ConfigOfRecord(run_.config),
                   .environment = EnvironmentJson(*run_.simulation)};
    if (run_.resumed) {
      Config full = run_.config;
      full.NameFullPaths();
      facts.config = full.ToToml();
      facts.resumed =
          ResumedFrom{.checkpoint = arguments_.resume, .commands = session_->commands()};
    }
    DELSTEP_ASSIGN(auto folder, RunDirectory::Create(arguments_.out, facts, *run_.simulation));
    recording_.emplace(std::move(folder), registry_,
                       [this](const Error& error) { teller_.TellSoon(error); });
  }
  DELSTEP_TRY(BeginAutosave());
  DELSTEP_TRY(BeginPage());
  Observe();
  if (IsTerminal(STDERR_FILENO) && !arguments_.quiet)
    progress_.emplace(*run_.simulation, *session_, outputs_);
  const bool is_iid = run_.config.scenario().partition.name == "iid";
  if (arguments_.verbose || (interactive_ && !arguments_.quiet && !is_iid))
    outputs_.Err(RenderReply(LabelReport(*run_.simulation), OutputWidth(), Detail::kAll));
  for (const std::string& note : UnusedKeyNotes(run_.config, registry_)) teller_.Note(note);
  for (const std::string& note : StartNotes(*run_.simulation)) teller_.Note(note);
  conversation_.emplace(*session_, *host_, *run_.simulation, outputs_, watch_,
                        Conversation::Options{.interactive = interactive_,
                                              .outlives_interrupt = OutlivesInterrupt(arguments_),
                                              .json = arguments_.json ? &json_ : nullptr,
                                              .serves = ReadsTerminal(arguments_),
                                              .with_saved = GoesOnWithQueue(),
                                              .after_work = [this] { teller_.TellLate(); },
                                              .has_others = [this] { return page_->serves(); }});
  return {};
}

/// Before anything runs, so that its addresses are known and nothing is missed.
Result<void> App::BeginPage() {
  page_.emplace(ServedPage::Parts{.of = {.host = *host_,
                                         .session = *session_,
                                         .simulation = *run_.simulation,
                                         .registry = registry_},
                                  .scenario = ScenarioName(arguments_.scenario),
                                  .words = WordsOfSession(arguments_, run_.config),
                                  .bind = arguments_.page_bind,
                                  .say =
                                      [this](std::string_view line) {
                                        outputs_.Err(line);
                                        outputs_.Flush();
                                      },
                                  .exit = [this] { watch_.AskToEnd(); },
                                  .off = [this] { watch_.Wake(); }});
  host_->ObserveResults([this](std::string_view client, const CommandResult& result) {
    page_->NoteResult(client, result);
  });
  if (!arguments_.page_port) return {};
  return page_->Serve(*arguments_.page_port);
}

/// With other commands, or a program that sends requests, nobody waits for those of the checkpoint.
bool App::GoesOnWithQueue() {
  const std::string next = session_->SavedAhead();
  if (!next.empty()) {
    const bool others = !arguments_.sources.empty() || arguments_.stay ||
                        session_->SavedFromRequest() || (arguments_.json && InputWaits());
    if (!others) return true;
    teller_.Note(fmt::format("what {} has queued is dropped: it would go on with {}",
                             Printable(arguments_.resume), Printable(next)));
  }
  // Also a script that is at its end: else it would seem to have loaded what comes now.
  session_->DropSaved();
  return false;
}

Result<void> App::BeginAutosave() {
  if (arguments_.checkpoint.empty()) return {};
  // Better now than after an hour: a folder that is missing, a network that cannot be saved.
  if (const auto folder = std::filesystem::path(arguments_.checkpoint).parent_path();
      !folder.empty() && !std::filesystem::is_directory(folder))
    return BadFile(fmt::format("cannot write '{}': there is no folder '{}'",
                               Printable(arguments_.checkpoint), Printable(folder.string())),
                   "make it first: mkdir -p " + Printable(folder.string()));
  if (const auto saved = run_.simulation->SaveState(); !saved) return saved.error();
  autosave_.emplace(*session_, arguments_.checkpoint, arguments_.checkpoint_every,
                    [this](const Error& error) { teller_.TellSoon(error); });
  session_->KeepPoints([this] { autosave_->Between(); });
  return {};
}

/// Whoever ends the program in the middle may want to go on.
void App::SaveAtEnd() {
  if (!autosave_ || conversation_->signalled() != ErrorCode::kTerminated) return;
  if (autosave_->Write())
    teller_.Note(
        fmt::format("delstep --resume {} goes on from here", Printable(autosave_->file())));
  teller_.TellLate();
}

/// Without a person at standard input nobody would press Enter.
std::optional<std::string> App::Ask(std::string_view text, std::stop_token stop) {
  if (!IsTerminal(STDIN_FILENO)) return std::nullopt;
  outputs_.Err(fmt::format("{}{}[Enter] ", Printable(text), text.empty() ? "" : " "));
  auto line = AwaitLine(STDIN_FILENO, std::move(stop));
  if (!line) outputs_.Err("\n");
  return line;
}

void App::ShowPaged(std::string_view text) {
  const std::string pager = PagerCommand();
  if (pager.empty() || !IsLongerThanTerminal(text)) return outputs_.Out(text);
  outputs_.Flush();
  // Ctrl-C is the pager's while it shows; a request to end the program is not.
  watch_.EndWork();
  const bool shown = ShowInPager(pager, text);
  const auto pending = watch_.TakePending();
  watch_.BeginWork();
  if (pending == ErrorCode::kTerminated) kill(getpid(), SIGTERM);
  if (!shown) outputs_.Out(text);
}

void App::Observe() {
  run_.simulation->Observe([this](const Event& event) {
    if (recording_) recording_->Record(event);
    if (progress_) progress_->Note(event);
    page_->Note(event);
  });
  session_->ObserveMoments([this](const Event& event) {
    if (recording_) recording_->Record(event);
    page_->Note(event);
  });
  host_->ObserveResults([this](std::string_view client, const CommandResult& result) {
    if (client != conversation_->client()) TellOfOthers(client, result);
  });
  session_->ObserveCommands([this](const Session::CommandRecord& command) {
    if (progress_) progress_->EndCommand();
    if (recording_) recording_->EndCommand(command);
    if (!command.is_comment && !command.is_planned)
      page_->NoteCommand({.text = command.text, .code = command.code, .message = command.message});
    outputs_.Flush();
  });
}

/// What somebody else has done in the session, for a person at the prompt or a program that reads
/// answers. The output of a script is what the script says, and may be read by nobody.
void App::TellOfOthers(std::string_view client, const CommandResult& result) {
  if (arguments_.json) {
    json_.Put("", fmt::format("{},\"client\":{}", RenderJson(result), JsonString(client)));
    return;
  }
  if (!interactive_) return;
  std::string text =
      CutToWidth(fmt::format("[{}] {}", client, Printable(result.command)), OutputWidth()) + '\n';
  TextVoice voice({.quiet = arguments_.quiet, .width = OutputWidth()},
                  {.out = [&](std::string_view said) { text += said; },
                   .err = [&](std::string_view said) { text += said; }});
  voice.Tell(result);
  voice.Answer(result, {});
  if (WantsAscii()) text = AsciiText(text);
  conversation_->news().Add(text, session_->Prompt());
}

int App::ExitCode() {
  outputs_.Flush();
  if (conversation_->signalled()) return static_cast<int>(*conversation_->signalled());
  if (outputs_.failure()) return teller_.Fail(*outputs_.failure());
  const int code =
      interactive_ || outputs_.gone() || conversation_->served() ? 0 : session_->exit_code();
  const bool record_failed =
      (recording_ && recording_->failed()) || (autosave_ && autosave_->failed());
  return code == 0 && record_failed ? static_cast<int>(ErrorCode::kFile) : code;
}

}  // namespace delstep
