#include "apps/delstep/app.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <utility>

#include "apps/delstep/resume.h"
#include "apps/delstep/setup.h"
#include "apps/delstep/version.h"
#include "base/is_terminal.h"
#include "base/json.h"
#include "base/text.h"
#include "base/utf8.h"
#include "console/commands/label_report.h"
#include "console/commands/node_values.h"
#include "console/commands/start_notes.h"
#include "console/language/diagnostics.h"
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

bool IsSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

/// The file that has said how many nodes there are: that of a topology, else a trace.
const std::string& FileOfNodes(const Scenario& scenario) {
  const std::string& name = scenario.topology.name;
  return name == "file" || name == "contacts" ? scenario.topology.file : scenario.mobility.file;
}

bool WantsColor(Arguments::Color color) {
  if (color != Arguments::Color::kAuto) return color == Arguments::Color::kAlways;
  const char* terminal = std::getenv("TERM");
  const bool dumb = terminal == nullptr || std::strcmp(terminal, "dumb") == 0;
  return IsTerminal(STDOUT_FILENO) && !dumb && !IsSet("NO_COLOR");
}

bool ReadsTerminal(const Arguments& arguments) {
  return IsTerminal(STDIN_FILENO) && (arguments.stay || arguments.sources.empty());
}

/// A person will be asked: then errors end nothing, and the program ends with 0. With --json it is
/// a program that holds the other end of the terminal.
bool WillPrompt(const Arguments& arguments) { return ReadsTerminal(arguments) && !arguments.json; }

bool ReadsInput(const Arguments& arguments) {
  if (!arguments.checks.empty()) return false;
  return arguments.stay || arguments.sources.empty() ||
         std::ranges::any_of(arguments.sources, [](const CommandSource& source) {
           return source.kind == CommandSource::Kind::kInput;
         });
}

/// `delstep < folder`: nothing can be read of it, which would look like an empty script.
bool InputIsFolder() {
  struct stat status {};
  return fstat(STDIN_FILENO, &status) == 0 && S_ISDIR(status.st_mode);
}

/// Somebody has written to standard input already, or it is a file: requests, with --json.
bool InputWaits() {
  struct stat status {};
  if (fstat(STDIN_FILENO, &status) != 0 || IsTerminal(STDIN_FILENO)) return false;
  if (S_ISREG(status.st_mode)) return lseek(STDIN_FILENO, 0, SEEK_CUR) < status.st_size;
  int bytes = 0;
  return ioctl(STDIN_FILENO, FIONREAD, &bytes) == 0 && bytes > 0;
}

/// A program that drives another one stops a command, not the session, by SIGINT.
bool OutlivesInterrupt(const Arguments& arguments) {
  return arguments.json && (arguments.stay || arguments.keep_going);
}

/// Those of --check, and those that would run: nothing runs, so all of them are meant.
std::vector<ScriptSource> ScriptsToCheck(const Arguments& arguments) {
  std::vector<ScriptSource> scripts;
  const auto add_input = [&] {
    std::string text((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
    scripts.push_back({.is_file = false, .text = std::move(text), .origin = "stdin"});
  };
  for (const std::string& script : arguments.checks)
    if (script == "-")
      add_input();
    else
      scripts.push_back({.is_file = true, .text = script});
  for (const CommandSource& source : arguments.sources)
    if (source.kind == CommandSource::Kind::kInput)
      add_input();
    else
      scripts.push_back({.is_file = source.kind == CommandSource::Kind::kFile,
                         .text = source.text,
                         .origin = "-c"});
  return scripts;
}

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

}  // namespace

namespace {

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
      registry_(RegistryOf(std::move(cluster))) {
  // JSON is UTF-8 wherever it goes.
  if (!arguments.json && WantsAscii()) outputs_.UseAscii();
}

int App::Run() {
  if (ReadsInput(arguments_) && InputIsFolder())
    return Fail(BadFile("standard input is a folder, expected commands",
                        "name the script itself: delstep -f SCRIPT, or delstep < SCRIPT"));
  if (const auto ready = SetUp(); !ready) return Fail(ready.error());
  if (!arguments_.checks.empty()) return Check();
  if (const auto opened = OpenSession(); !opened) return Fail(opened.error());
  // Before the folder of --out is made: where nothing runs, nothing is left behind.
  const bool scripts_fit = arguments_.keep_going || CheckAhead();
  if (!scripts_fit && !interactive_) {
    outputs_.Flush();
    return session_->exit_code();
  }
  // Whoever has the page's address at once waits until all is connected.
  host_.emplace(*session_, *simulation_);
  Result<void> begun;
  host_->Work("start", [&] { begun = Begin(); });
  if (!begun) return Fail(begun.error());
  conversation_->Run(arguments_, scripts_fit);
  page_->Stop();
  SaveAtEnd();
  return ExitCode();
}

void App::Note(std::string_view note) {
  if (!arguments_.quiet) outputs_.Err(fmt::format("delstep: note: {}\n", note));
}

Result<void> App::BeginRun() {
  DELSTEP_ASSIGN(config_, LoadConfig(arguments_, registry_));
  // Under --quiet too: a warning says that the run may not be the one that was wanted.
  outputs_.Err(EnvironmentWarnings());
  DELSTEP_TRY(Prepare());
  auto simulation = Simulation::Create(config_.scenario(), registry_);
  if (!simulation) return AtItsKey(config_, std::move(simulation).error());
  simulation_ = *std::move(simulation);
  return {};
}

Result<void> App::ResumeRun() {
  const std::string& file = arguments_.resume;
  const bool many = registry_.cluster != nullptr;
  DELSTEP_ASSIGN(resumed_, ReadCheckpointFile(file, many ? StateReader::kMany : StateReader::kOne));
  // A script that goes on is a script, also at a terminal.
  const CheckpointFacts& facts = resumed_->texts.facts;
  if (!facts.next.empty() && !facts.from_input && !arguments_.stay) interactive_ = false;
  auto config = ConfigOf(*resumed_, arguments_, registry_);
  if (!config) return OfCheckpoint(file, std::move(config).error());
  config_ = *std::move(config);
  DELSTEP_TRY(Prepare());
  auto history = HistoryOf(*resumed_, config_, arguments_, registry_);
  if (!history) return OfCheckpoint(file, std::move(history).error());
  history_ = *std::move(history);
  auto simulation = ResumeSimulation(*resumed_, config_, registry_, *history_);
  if (!simulation) return OfCheckpoint(file, std::move(simulation).error());
  simulation_ = *std::move(simulation);
  resumed_->world.clear();
  resumed_->mapped.reset();
  for (const std::string& note : ResumeNotes(facts, config_.scenario().portable)) Note(note);
  for (const std::string& changed : FilesThatChanged(resumed_->texts.environment, *simulation_))
    outputs_.Err(fmt::format(
        "delstep: warning: {} is not what it was when {} was written: results may differ\n",
        changed, file));
  return {};
}

/// The user's own code is compiled, so that what takes time is told.
Result<void> App::Prepare() {
  const auto say = [this](std::string_view text) {
    if (!arguments_.quiet) outputs_.Err(text);
  };
  if (auto prepared = PrepareUserCode(arguments_, config_, registry_, say); !prepared)
    return AtItsKey(config_, std::move(prepared).error());
  return {};
}

Result<void> App::SetUp() {
  DELSTEP_TRY(arguments_.resume.empty() ? BeginRun() : ResumeRun());
  if (const std::size_t count = simulation_->Nodes().size();
      config_.scenario().nodes.count != count &&
      config_.OriginOf("nodes.count").layer != Origin::Layer::kDefault)
    Note(fmt::format("nodes.count = {}, as {} has (not {}, as {} says)", count,
                     FileOfNodes(config_.scenario()), config_.scenario().nodes.count,
                     config_.OriginOf("nodes.count").text));
  for (const std::string& file : FilesThatChangedSince(arguments_.scenario, *simulation_))
    outputs_.Err(fmt::format(
        "delstep: warning: {} is not what it was when {} was recorded: results may differ\n", file,
        arguments_.scenario));
  config_.FollowNodesCount(simulation_->scenario().nodes.count);
  for (const std::string& note : simulation_->Notes()) Note(note);
  const ModelFacts facts = simulation_->model_facts();
  if (!facts.optimizer.empty() && config_.scenario().training.chosen.contains("training.optimizer"))
    Note(fmt::format("training.optimizer does not count: the model brings its own {}",
                     facts.optimizer));
  if (arguments_.verbose)
    outputs_.Err(fmt::format("delstep: {}, {} of {} examples, {} parameters, {}\n",
                             Count(simulation_->Nodes().size(), "node"), simulation_->data().name,
                             simulation_->data().dataset.size(), simulation_->parameters(),
                             InstructionSet(config_.scenario().portable)));
  return {};
}

int App::Check() {
  // As a session begins: scripts name the scenario's groups, and those are judged too. A run that
  // goes on has them.
  if (!resumed_) {
    if (const auto made = CreateGroups(*simulation_, config_); !made) return Fail(made.error());
    if (const auto given = ApplyNodeValues(*simulation_, config_); !given)
      return Fail(given.error());
  }
  int code = 0;
  std::size_t errors = 0;
  std::vector<std::string> names;
  for (const ScriptSource& script : ScriptsToCheck(arguments_)) {
    names.push_back(script.is_file ? script.text : script.origin);
    for (const auto& [error, line, loaded_from] :
         CheckScript(script, *simulation_, config_, registry_)) {
      if (arguments_.json)
        Tell(error, /*fatal=*/false, "--check", loaded_from);
      else
        outputs_.Err(line.empty()
                         ? FormatErrorWithSource(error, loaded_from, WantsColor(arguments_.color))
                         : FormatError(error, line, loaded_from, WantsColor(arguments_.color)));
      ++errors;
      if (code == 0) code = static_cast<int>(error.code);
    }
  }
  if (arguments_.json) {
    Reply found;
    found.fields = {{"scripts", names}, {"errors", errors}, {"code", std::int64_t{code}}};
    json_.Put("", ResultMembers("--check", code == 0, found));
  }
  return code;
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
                                .instruction_set = InstructionSet(config_.scenario().portable),
                                .environment = EnvironmentJson(*simulation_)};
          }};
  if (!resumed_) {
    DELSTEP_ASSIGN(session_,
                   Session::Create(*simulation_, config_, registry_, options, std::move(outputs)));
    return {};
  }
  auto session = Session::Resume(*simulation_, config_, registry_, options, std::move(outputs),
                                 resumed_->texts.session, *history_);
  if (!session) return OfCheckpoint(arguments_.resume, std::move(session).error());
  session_ = *std::move(session);
  history_.reset();
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
  if (!arguments_.out.empty()) {
    RunFacts facts{.scenario = ScenarioName(arguments_.scenario),
                   .config = ConfigOfRecord(config_),
                   .environment = EnvironmentJson(*simulation_)};
    if (resumed_) {
      Config full = config_;
      full.NameFullPaths();
      facts.config = full.ToToml();
      facts.resumed =
          ResumedFrom{.checkpoint = arguments_.resume, .commands = session_->commands()};
    }
    DELSTEP_ASSIGN(auto folder, RunDirectory::Create(arguments_.out, facts, *simulation_));
    recording_.emplace(std::move(folder), [this](const Error& error) { TellSoon(error); });
  }
  DELSTEP_TRY(BeginAutosave());
  DELSTEP_TRY(BeginPage());
  Observe();
  if (IsTerminal(STDERR_FILENO) && !arguments_.quiet)
    progress_.emplace(*simulation_, *session_, outputs_);
  const bool is_iid = config_.scenario().partition.name == "iid";
  if (arguments_.verbose || (interactive_ && !arguments_.quiet && !is_iid))
    outputs_.Err(RenderReply(LabelReport(*simulation_), OutputWidth(), Detail::kAll));
  for (const std::string& note : UnusedKeyNotes(config_, registry_)) Note(note);
  for (const std::string& note : StartNotes(*simulation_)) Note(note);
  conversation_.emplace(*session_, *host_, *simulation_, outputs_, watch_,
                        Conversation::Options{.interactive = interactive_,
                                              .outlives_interrupt = OutlivesInterrupt(arguments_),
                                              .json = arguments_.json ? &json_ : nullptr,
                                              .serves = ReadsTerminal(arguments_),
                                              .with_saved = GoesOnWithQueue(),
                                              .after_work = [this] { TellLate(); },
                                              .has_others = [this] { return page_->serves(); }});
  return {};
}

/// Before anything runs, so that its addresses are known and nothing is missed.
Result<void> App::BeginPage() {
  page_.emplace(ServedPage::Parts{.of = {.host = *host_,
                                         .session = *session_,
                                         .simulation = *simulation_,
                                         .registry = registry_},
                                  .scenario = ScenarioName(arguments_.scenario),
                                  .words = WordsOfSession(arguments_, config_),
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
  if (next.empty()) return false;
  const bool others = !arguments_.sources.empty() || arguments_.stay ||
                      session_->SavedFromRequest() || (arguments_.json && InputWaits());
  if (!others) return true;
  Note(fmt::format("what {} has queued is dropped: it would go on with {}",
                   Printable(arguments_.resume), Printable(next)));
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
  if (const auto saved = simulation_->SaveState(); !saved) return saved.error();
  autosave_.emplace(*session_, arguments_.checkpoint, arguments_.checkpoint_every,
                    [this](const Error& error) { TellSoon(error); });
  session_->KeepPoints([this] { autosave_->Between(); });
  return {};
}

/// Whoever ends the program in the middle may want to go on.
void App::SaveAtEnd() {
  if (!autosave_ || conversation_->signalled() != ErrorCode::kTerminated) return;
  if (autosave_->Write())
    Note(fmt::format("delstep --resume {} goes on from here", Printable(autosave_->file())));
  TellLate();
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
  simulation_->Observe([this](const Event& event) {
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
  if (outputs_.failure()) return Fail(*outputs_.failure());
  const int code =
      interactive_ || outputs_.gone() || conversation_->served() ? 0 : session_->exit_code();
  const bool record_failed =
      (recording_ && recording_->failed()) || (autosave_ && autosave_->failed());
  return code == 0 && record_failed ? static_cast<int>(ErrorCode::kFile) : code;
}

/// With --json an object would come among the parts of a command.
void App::TellSoon(const Error& error) {
  late_.push_back(error);
  if (!arguments_.json) TellLate();
}

/// What went wrong beside the commands.
void App::TellLate() {
  for (const Error& error : std::exchange(late_, {})) Tell(error, /*fatal=*/false);
}

int App::Fail(const Error& error) {
  Tell(error, /*fatal=*/true);
  return static_cast<int>(error.code);
}

/// As an object where results are objects, unless they cannot be written.
void App::Tell(const Error& error, bool fatal, const std::string& command,
               const std::vector<std::string>& loaded_from) {
  if (arguments_.json && !outputs_.gone())
    json_.Put("", ErrorMembers(error, json_.TimeMembers(), fatal, command, loaded_from));
  else
    outputs_.Err(ErrorText(error));
}

}  // namespace delstep
