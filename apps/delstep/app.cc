#include "apps/delstep/app.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <utility>

#include "apps/delstep/setup.h"
#include "apps/delstep/version.h"
#include "base/text.h"
#include "console/commands/label_report.h"
#include "console/language/diagnostics.h"
#include "console/session/checker.h"
#include "console/session/render.h"
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

SessionOptions OptionsOfSession(const Arguments& arguments, bool interactive) {
  SessionOptions options;
  options.interactive = interactive;
  options.keep_going = arguments.keep_going;
  options.json = arguments.json;
  options.quiet = arguments.quiet;
  options.color = WantsColor(arguments.color);
  options.width = OutputWidth();
  return options;
}

}  // namespace

App::App(const Arguments& arguments, SignalWatch& watch)
    : arguments_(arguments),
      watch_(watch),
      interactive_(WillPrompt(arguments)),
      registry_(MakeRegistry(UsualDataFolders())) {}

int App::Run() {
  if (const auto ready = SetUp(); !ready) return Fail(ready.error());
  if (!arguments_.checks.empty()) return Check();
  if (const auto begun = Begin(); !begun) return Fail(begun.error());
  conversation_->Run(arguments_);
  return ExitCode();
}

Result<void> App::SetUp() {
  DELSTEP_ASSIGN(config_, LoadConfig(arguments_, registry_));
  const auto say = [this](std::string_view text) {
    if (!arguments_.quiet) outputs_.Err(text);
  };
  if (auto prepared = PrepareModule(arguments_, config_, say); !prepared)
    return AtItsKey(config_, std::move(prepared).error());
  auto simulation = Simulation::Create(config_.scenario(), registry_);
  if (!simulation) return AtItsKey(config_, std::move(simulation).error());
  simulation_ = *std::move(simulation);
  if (const std::size_t count = simulation_->Nodes().size();
      config_.scenario().nodes.count != count &&
      config_.OriginOf("nodes.count").layer != Origin::Layer::kDefault)
    say(fmt::format("note: nodes.count = {}, as {} has (not {}, as {} says)\n", count,
                    config_.scenario().topology.file, config_.scenario().nodes.count,
                    config_.OriginOf("nodes.count").text));
  config_.FollowNodesCount(simulation_->scenario().nodes.count);
  for (const std::string& note : simulation_->Notes()) say(fmt::format("note: {}\n", note));
  if (arguments_.verbose)
    outputs_.Err(fmt::format("delstep: {}, {} of {} examples, {} parameters, {}\n",
                             Count(simulation_->Nodes().size(), "node"), simulation_->data().name,
                             simulation_->data().dataset.size(), simulation_->parameters(),
                             InstructionSet(config_.scenario().portable)));
  return {};
}

int App::Check() {
  int code = 0;
  for (const std::string& script : arguments_.checks)
    for (const Error& error : CheckScript(script, *simulation_, config_, registry_)) {
      outputs_.Err(FormatErrorWithSource(error, WantsColor(arguments_.color)));
      if (code == 0) code = static_cast<int>(error.code);
    }
  return code;
}

Result<void> App::Begin() {
  DELSTEP_ASSIGN(
      session_,
      Session::Create(*simulation_, config_, registry_, OptionsOfSession(arguments_, interactive_),
                      {[this](std::string_view text) { outputs_.Out(text); },
                       [this](std::string_view text) { outputs_.Err(text); }}));
  if (!arguments_.out.empty()) {
    DELSTEP_ASSIGN(auto folder, RunDirectory::Create(arguments_.out,
                                                     {.config = ConfigOfRecord(config_),
                                                      .environment = EnvironmentJson(*simulation_)},
                                                     *simulation_));
    recording_.emplace(std::move(folder), outputs_);
  }
  Observe();
  if (isatty(STDERR_FILENO) != 0 && !arguments_.quiet) progress_.emplace(*simulation_, outputs_);
  const bool is_iid = config_.scenario().partition.name == "iid";
  if (arguments_.verbose || (interactive_ && !arguments_.quiet && !is_iid))
    outputs_.Err(RenderReply(LabelReport(*simulation_), OutputWidth(), false));
  conversation_.emplace(*session_, *simulation_, outputs_, watch_, interactive_);
  return {};
}

void App::Observe() {
  simulation_->Observe([this](const Event& event) {
    if (recording_) recording_->Record(event);
    if (progress_) progress_->Note(event);
  });
  session_->ObserveCommands([this](const Session::CommandRecord& command) {
    if (progress_) progress_->EndCommand();
    if (recording_) recording_->EndCommand(command);
    outputs_.Flush();
  });
}

int App::ExitCode() {
  outputs_.Flush();
  if (conversation_->signalled()) return static_cast<int>(*conversation_->signalled());
  if (outputs_.failure()) return Fail(*outputs_.failure());
  const int code = interactive_ || outputs_.gone() ? 0 : session_->exit_code();
  const bool record_failed = recording_ && recording_->failed();
  return code == 0 && record_failed ? static_cast<int>(ErrorCode::kFile) : code;
}

int App::Fail(const Error& error) {
  outputs_.Err(ErrorText(error));
  return static_cast<int>(error.code);
}

}  // namespace delstep
