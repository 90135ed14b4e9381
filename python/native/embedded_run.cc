#include "python/native/embedded_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "apps/delstep/arguments.h"
#include "apps/delstep/resume.h"
#include "apps/delstep/setup.h"
#include "apps/delstep/version.h"
#include "checkpoint/checkpoint_file.h"
#include "console/commands/start_notes.h"
#include "recording/copied_files.h"
#include "recording/run_directory.h"
#include "recording/start_events.h"

namespace delstep {
namespace {

Arguments ArgumentsOf(const EmbeddedOptions& options) {
  Arguments arguments;
  arguments.scenario = options.scenario;
  arguments.overrides = options.overrides;
  arguments.resume = options.resume;
  return arguments;
}

/// As a program that drives ours: commands end, the session stays.
SessionOptions OptionsOfSession() {
  SessionOptions options;
  options.json = true;
  options.outlives_interrupt = true;
  return options;
}

}  // namespace

EmbeddedRun::EmbeddedRun()
    : registry_(MakeRegistry(UsualDataFolders())),
      json_([this](std::string_view line) { objects_.emplace_back(line); }) {}

Result<std::unique_ptr<EmbeddedRun>> EmbeddedRun::Create(
    const EmbeddedOptions& options, const std::function<void(Registry&)>& add_parts) {
  std::unique_ptr<EmbeddedRun> run(new EmbeddedRun);
  run->rules_ = run->registry_.aggregators.Names();
  run->behaviours_ = run->registry_.behaviours.Names();
  if (add_parts) add_parts(run->registry_);
  run->keeps_ = options.keeps;
  run->scenario_ = ScenarioName(options.scenario);
  DELSTEP_TRY(options.resume.empty() ? run->Begin(options) : run->Resume(options));
  run->words_ = WordsOfSession(ArgumentsOf(options), run->config_);
  DELSTEP_TRY(run->Record(options.out));
  run->CollectNotes();
  run->Observe();
  return run;
}

/// See History::AskForOwnCode().
bool EmbeddedRun::IsOwnCode(std::string_view key, const std::string& name) const {
  const auto& built_in = key == "aggregation.name" ? rules_ : behaviours_;
  return std::ranges::find(built_in, name) == built_in.end();
}

Result<void> EmbeddedRun::Begin(const EmbeddedOptions& options) {
  const Arguments arguments = ArgumentsOf(options);
  DELSTEP_ASSIGN(config_, LoadConfig(arguments, registry_));
  if (auto prepared = PrepareUserCode(arguments, config_, registry_, {}); !prepared)
    return AtItsKey(config_, std::move(prepared).error());
  auto simulation = Simulation::Create(config_.scenario(), registry_);
  if (!simulation) return AtItsKey(config_, std::move(simulation).error());
  simulation_ = *std::move(simulation);
  config_.FollowNodesCount(simulation_->scenario().nodes.count);
  DELSTEP_ASSIGN(session_, Session::Create(*simulation_, config_, registry_, OptionsOfSession(),
                                           OutputsOfSession()));
  return {};
}

Result<void> EmbeddedRun::Resume(const EmbeddedOptions& options) {
  const std::string& file = options.resume;
  const Arguments arguments = ArgumentsOf(options);
  DELSTEP_ASSIGN(const ReadCheckpoint read, ReadCheckpointFile(file));
  auto config = ConfigOf(read, arguments, registry_);
  if (!config) return OfCheckpoint(file, std::move(config).error());
  config_ = *std::move(config);
  if (auto prepared = PrepareUserCode(arguments, config_, registry_, {}); !prepared)
    return AtItsKey(config_, std::move(prepared).error());
  auto history = HistoryOf(read, config_, arguments, registry_);
  if (!history) return OfCheckpoint(file, std::move(history).error());
  auto simulation = ResumeSimulation(read, config_, registry_, *history);
  if (!simulation) return OfCheckpoint(file, std::move(simulation).error());
  simulation_ = *std::move(simulation);
  notes_ = ResumeNotes(read.texts.facts, config_.scenario().portable);
  auto session = Session::Resume(*simulation_, config_, registry_, OptionsOfSession(),
                                 OutputsOfSession(), read.texts.session, *history);
  if (!session) return OfCheckpoint(file, std::move(session).error());
  session_ = *std::move(session);
  if (const std::string next = session_->SavedAhead(); !next.empty())
    notes_.push_back(
        fmt::format("what {} has queued is dropped: it would go on with {}", file, next));
  session_->DropSaved();
  return {};
}

Session::Outputs EmbeddedRun::OutputsOfSession() {
  return {.out = [](std::string_view) {},
          .err = [](std::string_view) {},
          .json = &json_,
          .page_server = [this](const PageRequest& request) { return ObeyPage(request); },
          .about =
              [this] {
                return ProgramFacts{.version = Version(),
                                    .instruction_set = InstructionSet(config_.scenario().portable),
                                    .environment = EnvironmentJson(*simulation_)};
              },
          .is_own_code = [this](std::string_view key,
                                const std::string& name) { return IsOwnCode(key, name); },
          .own_code_failed = [this] { return std::exchange(part_failed_, false); }};
}

Result<void> EmbeddedRun::Record(const std::string& out) {
  if (out.empty()) return {};
  const RunFacts facts{.scenario = scenario_,
                       .config = ConfigOfRecord(config_),
                       .environment = EnvironmentJson(*simulation_)};
  DELSTEP_ASSIGN(auto folder, RunDirectory::Create(out, facts, *simulation_));
  recording_.emplace(std::move(folder), registry_,
                     [this](const Error& error) { recording_failure_ = error; });
  return {};
}

void EmbeddedRun::CollectNotes() {
  const auto add = [this](std::vector<std::string> some) {
    notes_.insert(notes_.end(), some.begin(), some.end());
  };
  add(simulation_->Notes());
  add(UnusedKeyNotes(config_, registry_));
  add(StartNotes(*simulation_));
}

void EmbeddedRun::Observe() {
  events_.TakeAddresses(*simulation_);
  cycle_ = simulation_->cycle();
  host_ = std::make_unique<SessionHost>(*session_, *simulation_);
  BeginPage();
  const auto note = [this](const Event& event) {
    if (recording_) recording_->Record(event);
    page_->Note(event);
    if (!keeps_) return;
    events_.Add(event);
    metrics_.Learn(event);
    restored_ |= std::holds_alternative<Restored>(event.what);
  };
  if (keeps_)
    for (const Event& event : EventsOfStart(*simulation_)) events_.Add(event);
  simulation_->Observe(note);
  session_->ObserveMoments(note);
  session_->ObserveCommands([this](const Session::CommandRecord& command) { EndCommand(command); });
}

/// As RunDirectory does it, in memory.
void EmbeddedRun::EndCommand(const Session::CommandRecord& command) {
  if (recording_) recording_->EndCommand(command);
  if (!command.is_comment && !command.is_planned)
    page_->NoteCommand({.text = command.text, .code = command.code, .message = command.message});
  if (!keeps_ || command.is_comment) return;
  if (command.is_planned) {
    metrics_rows_ += metrics_.EndPart(*simulation_, command.cycle, events_.addresses());
    return;
  }
  if (std::exchange(restored_, false)) events_.TakeAddresses(*simulation_);
  events_.Add({.at = simulation_->now(),
               .cycle = cycle_,
               .what = CommandDone{
                   .text = command.text, .code = command.code, .message = command.message}});
  metrics_rows_ += metrics_.EndCommand(*simulation_, cycle_, events_.addresses());
  cycle_ = simulation_->cycle();
}

EmbeddedRun::Answers EmbeddedRun::Run(std::string commands) {
  Answers answers;
  answers.exits = !session_->RunRequest("", std::move(commands));
  answers.objects = std::exchange(objects_, {});
  return answers;
}

// ---- A page.

void EmbeddedRun::BeginPage() {
  // Whoever served it has asked for its addresses.
  const auto say = [](std::string_view) {};
  // `exit` in a page is no end of the caller's session, but of the page.
  const auto exit = [this] {
    host_->Work("page", [this] {
      session_->ForgetExit();
      EndPage();
    });
  };
  page_.emplace(ServedPage::Parts{.of = {.host = *host_,
                                         .session = *session_,
                                         .simulation = *simulation_,
                                         .registry = registry_},
                                  .scenario = scenario_,
                                  .words = words_,
                                  .bind = {},
                                  .say = say,
                                  .exit = exit,
                                  .off = [] {}});
  host_->ObserveResults([this](std::string_view client, const CommandResult& result) {
    page_->NoteResult(client, result);
  });
}

Result<PageAddresses> EmbeddedRun::ServePage(int port, std::string bind) {
  if (!page_->serves() || port != 0) {
    if (!page_->serves()) page_->SetBind(std::move(bind));
    DELSTEP_TRY(page_->Obey({.port = port}));
  }
  return *page_->addresses();
}

bool EmbeddedRun::EndPage() { return page_->Obey({.off = true}).ok(); }

/// The command `page`. Its answer reaches those who only look, so it cannot have the addresses.
Result<std::optional<PagePlace>> EmbeddedRun::ObeyPage(const PageRequest& request) {
  if (request.off || page_->serves()) return page_->Obey(request);
  return Refused("a command cannot tell the addresses of a page here", "call session.page()");
}

void EmbeddedRun::Stop() { session_->RequestStop(ErrorCode::kInterrupted); }

Result<void> EmbeddedRun::SetModel(NodeId node, std::span<const float> values) {
  return session_->Act("set_model " + simulation_->AddressOf(node),
                       [&] { return simulation_->SetModel(node, values); });
}

std::string EmbeddedRun::MetricsTable() const {
  return std::string(kMetricsHeader) + metrics_rows_;
}

}  // namespace delstep
