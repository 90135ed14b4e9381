#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <string>
#include <vector>

#include "apps/delstep/app.h"
#include "apps/delstep/arguments.h"
#include "apps/delstep/bash_completion.h"
#include "apps/delstep/doctor.h"
#include "apps/delstep/fetch_data.h"
#include "apps/delstep/fish_completion.h"
#include "apps/delstep/man_page.h"
#include "apps/delstep/networks_page.h"
#include "apps/delstep/plot.h"
#include "apps/delstep/processes.h"
#include "apps/delstep/setup.h"
#include "apps/delstep/signature.h"
#include "apps/delstep/sweep.h"
#include "apps/delstep/version.h"
#include "apps/delstep/view.h"
#include "apps/delstep/zsh_completion.h"
#include "base/child_process.h"
#include "base/hash.h"
#include "base/is_terminal.h"
#include "base/shell_word.h"
#include "base/text.h"
#include "cluster/join.h"
#include "console/commands/help.h"
#include "console/commands/json_members.h"
#include "console/commands/reference.h"
#include "console/commands/scenario_view.h"
#include "console/session/json.h"
#include "console/session/render.h"
#include "console/session/session.h"
#include "console/terminal/outputs.h"
#include "console/terminal/signals.h"
#include "delstep/registry.h"
#include "math/chosen_kernels.h"
#include "scenario/catalogue.h"
#include "scenario/keys.h"
#include "user_models/own_aggregator.h"
#include "user_models/own_behaviour.h"
#include "user_models/user_models.h"

namespace delstep {
namespace {

/// What the program says where no run does: text, or with --json an object.
class Speaker {
 public:
  explicit Speaker(bool json)
      : json_(json), stream_([this](std::string_view line) { Put(line); }) {}

  int Fail(const Error& error) {
    if (json_ && !failed_)
      stream_.Put("", ErrorMembers(error, stream_.TimeMembers(), /*fatal=*/true));
    else
      std::fputs(ErrorText(error).c_str(), stderr);
    return static_cast<int>(error.code);
  }
  int Say(const std::string& text, std::string_view command, const Reply& reply, bool ok = true) {
    if (json_)
      stream_.Put("", ResultMembers(command, ok, reply));
    else
      Put(text);
    return failed_ ? Fail(BadFile("cannot write standard output")) : 0;
  }

 private:
  void Put(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    failed_ = std::fflush(stdout) != 0 && errno != EPIPE;
  }

  const bool json_;
  bool failed_ = false;
  JsonStream stream_;
};

Reply TextReply(const std::string& text) { return {.fields = {{"text", text}}}; }

int Doctor(const Arguments& arguments, Speaker& voice) {
  const Registry registry = MakeRegistry(UsualDataFolders());
  const auto config = LoadConfig(arguments, registry);
  if (!config) return voice.Fail(config.error());
  const Diagnosis diagnosis = Diagnose(*config, registry);
  Reply reply;
  reply.fields = {{"healthy", diagnosis.healthy}};
  Table table{.key = "findings", .columns = {{"state"}, {"subject"}, {"detail"}, {"to_do"}}};
  for (const Diagnosis::Line& line : diagnosis.lines)
    table.rows.push_back({line.state, line.subject, line.detail, line.to_do});
  reply.tables.push_back(std::move(table));
  const int said = voice.Say(diagnosis.text, "doctor", reply, diagnosis.healthy);
  return diagnosis.healthy ? said : static_cast<int>(ErrorCode::kUnavailable);
}

/// A program that is started with standard input, output or error closed would get their numbers
/// for its own files, and print into them.
void OpenMissingStreams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    // Opened the other way round, so that to read or write it still fails. open() takes the lowest
    // number that is free, which is this one.
    [[maybe_unused]] const int opened =
        open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
  }
}

int PrintSignature(const Arguments& arguments, Speaker& voice) {
  const auto signature = Signature(arguments.overrides, MakeRegistry(UsualDataFolders()));
  if (!signature) return voice.Fail(signature.error());
  const std::string hash = HexHash(*signature);
  return voice.Say(hash + '\n', "bench --signature", {.fields = {{"signature", hash}}});
}

/// Writes a C++ file to begin with. `use` stands before its name on the command line that runs it.
int WriteTemplate(Result<void> (*write)(const std::filesystem::path&), const std::string& file,
                  std::string_view command, std::string_view use, Speaker& voice) {
  if (const auto written = write(file); !written) return voice.Fail(written.error());
  return voice.Say(fmt::format("wrote {}; now run: delstep {}{}\n", file, use, ShellWord(file)),
                   command, {.fields = {{"file", file}}});
}

/// What people are told beside results: progress, and what went wrong in parts.
void Tell(const Arguments& arguments, std::string_view text) {
  if (!arguments.quiet && !arguments.json) fmt::print(stderr, "{}", text);
}

int DrawPlot(const Arguments& arguments, Speaker& voice) {
  const auto plot = Plot(arguments.plot, arguments.out);
  if (!plot) return voice.Fail(plot.error());
  if (!plot->note.empty()) Tell(arguments, fmt::format("delstep: note: {}\n", plot->note));
  if (arguments.plot.data) return voice.Say(plot->table, "plot", TextReply(plot->table));
  return voice.Say(fmt::format("wrote {}\n", Join(plot->files, ", ")), "plot",
                   {.fields = {{"files", plot->files}}});
}

int RunSweep(const Arguments& arguments, SignalWatch& watch, FellowProcesses& fellows,
             Speaker& voice) {
  const Registry registry = MakeRegistry(UsualDataFolders());
  const auto sweep = Sweep(arguments, registry, watch, fellows,
                           [&](std::string_view line) { Tell(arguments, line); });
  if (!sweep) return voice.Fail(sweep.error());
  Table table{.key = "runs", .columns = {{"folder"}, {"code"}, {"skipped"}}};
  std::size_t done = 0, skipped = 0, failed = 0;
  for (const SweepRun& run : sweep->runs) {
    done += run.done() ? 1 : 0;
    skipped += run.skipped ? 1 : 0;
    failed += run.failed() ? 1 : 0;
    table.rows.push_back(
        {run.folder.string(), std::int64_t{run.skipped ? 0 : run.code}, run.skipped});
  }
  std::string text = fmt::format("{} of {} done", done, Count(sweep->runs.size(), "run"));
  if (skipped > 0) text += fmt::format(", {} of them before", skipped);
  if (failed > 0) text += fmt::format("; {} failed, see output.txt in their folders", failed);
  if (const std::size_t left = sweep->runs.size() - done - failed; sweep->stopped && left > 0)
    text += fmt::format("; stopped with {} to do: the same command{} goes on", left,
                        arguments.sweep.again ? " without --again" : "");
  if (!sweep->table.empty()) text += fmt::format("; metrics of all: {}", sweep->table);
  Reply reply;
  reply.fields = {{"table", sweep->table}, {"code", std::int64_t{sweep->code}}};
  reply.tables.push_back(std::move(table));
  const int said = voice.Say(text + '\n', "sweep", reply, sweep->code == 0);
  return sweep->code != 0 ? sweep->code : said;
}

/// The list, or one of them, as the commands of the console say it.
int PrintScenarios(const std::string& name, Speaker& voice) {
  auto reply = name.empty() ? Result<Reply>(ScenarioList()) : ScenarioText(name);
  if (!reply) return voice.Fail(reply.error());
  const std::string command = name.empty() ? "scenario list" : "scenario show " + name;
  const std::size_t width = IsTerminal(STDOUT_FILENO) ? OutputWidth() : kWhole;
  return voice.Say(RenderReply(*reply, width, Detail::kAll), command, *reply);
}

/// Of the command line, of one of its verbs, or of a command of the console.
int PrintHelp(const std::string& command, Speaker& voice) {
  if (command.empty()) return voice.Say(HelpText(), "--help", TextReply(HelpText()));
  if (command == "plot" || command == "sweep") {
    const std::string text = command == "plot" ? HelpOfPlot() : HelpOfSweep();
    return voice.Say(text, "help " + command, TextReply(text));
  }
  const Registry registry = MakeRegistry(UsualDataFolders());
  const auto lines = HelpLines(command, {.registry = registry, .scenario = Scenario()});
  if (!lines) return voice.Fail(lines.error());
  const std::string text = Join(*lines, "\n") + '\n';
  return voice.Say(text, "help " + command, TextReply(text));
}

std::string ReferencePage(const std::string& page) {
  if (page == "commands") return CommandReference();
  if (page == "json") return JsonReference();
  if (page == "networks") return NetworksReference();
  if (page.starts_with("completion ")) {
    const CompletionWords words = WordsToComplete(MakeRegistry(UsualDataFolders()));
    return page.ends_with("zsh")    ? ZshCompletion(words)
           : page.ends_with("fish") ? FishCompletion(words)
                                    : BashCompletion(words);
  }
  if (page == "man") return ManPage();
  return ConfigReference(MakeRegistry(UsualDataFolders()));
}

/// Before the arguments are known: even what is wrong with them is said as JSON.
bool WantsJson(const std::vector<std::string>& words) {
  const auto end = std::find(words.begin(), words.end(), "--");
  return std::find(words.begin(), end, "--json") != end;
}

int Lead(const std::vector<std::string>& words, SignalWatch& watch, FellowProcesses& fellows,
         Speaker& voice) {
  LookForScenariosIn(ScenarioFolders());
  const auto arguments = ParseArguments(words);
  if (!arguments) return voice.Fail(arguments.error());
  if (const auto chosen = CheckChosenKernels(); !chosen) return voice.Fail(chosen.error());
  // Under --quiet too: it tells of a mistake that costs hours of many machines.
  if (arguments->verb == Arguments::Verb::kRun || arguments->verb == Arguments::Verb::kSweep)
    std::fputs(StarterWarning().c_str(), stderr);
  switch (arguments->verb) {
    case Arguments::Verb::kRun:
      return App(*arguments, watch, fellows.ShareRun()).Run();
    case Arguments::Verb::kHelp:
      return PrintHelp(arguments->page, voice);
    case Arguments::Verb::kVersion: {
      const Registry registry = MakeRegistry(UsualDataFolders());
      return voice.Say(VersionText(registry), "--version", VersionReply(registry));
    }
    case Arguments::Verb::kDoctor:
      return Doctor(*arguments, voice);
    case Arguments::Verb::kSignature:
      return PrintSignature(*arguments, voice);
    case Arguments::Verb::kReference: {
      const std::string page = ReferencePage(arguments->page);
      return voice.Say(page, "docs " + arguments->page, TextReply(page));
    }
    case Arguments::Verb::kNewModule:
      return WriteTemplate(WriteModuleTemplate, arguments->file, "new module", "", voice);
    case Arguments::Verb::kNewAggregator:
      return WriteTemplate(WriteAggregatorTemplate, arguments->file, "new aggregator",
                           "aggregation.name=", voice);
    case Arguments::Verb::kNewBehaviour:
      return WriteTemplate(WriteBehaviourTemplate, arguments->file, "new behaviour",
                           "behaviour.name=", voice);
    case Arguments::Verb::kPlot:
      return DrawPlot(*arguments, voice);
    case Arguments::Verb::kSweep:
      return RunSweep(*arguments, watch, fellows, voice);
    case Arguments::Verb::kView:
      return voice.Fail(ViewRun(*arguments));
    case Arguments::Verb::kSetup: {
      const auto folder = FetchData();
      if (!folder) return voice.Fail(folder.error());
      return voice.Say(fmt::format("the data sets are in {}\n", folder->string()), "setup",
                       {.fields = {{"folder", folder->string()}}});
    }
    case Arguments::Verb::kScenario:
      return PrintScenarios(arguments->page, voice);
  }
  return 0;
}

int Main(const std::vector<std::string>& words, Speaker& voice) {
  // A process that does not lead has no session, and no words of its own for signals.
  if (IsMember()) {
    const auto code = ServeOthers();
    return code ? *code : voice.Fail(code.error());
  }
  SignalWatch watch;  // before any other thread
  auto fellows = FellowProcesses::Find();
  if (!fellows) return voice.Fail(fellows.error());
  try {
    return Lead(words, watch, *fellows, voice);
  } catch (const std::bad_alloc&) {
    const int code = voice.Fail(OutOfMemory());
    if (fellows->any()) throw;  // ends the others, who may wait for something
    return code;
  }
}

}  // namespace
}  // namespace delstep

int main(int argc, char** argv) {
  delstep::EndWithParent();
  delstep::OpenMissingStreams();
  // Beyond the limit of `ulimit -f`, write() then fails as on a full disk, and the reason is told.
  std::signal(SIGXFSZ, SIG_IGN);
  // TensorFlow's library, if a model needs it, is to tell of errors alone. It is told so here, as
  // the environment may only be changed while there is one thread.
  setenv("TF_CPP_MIN_LOG_LEVEL", "3", /*overwrite=*/0);
  const std::vector<std::string> words(argv + 1, argv + argc);
  delstep::Speaker voice(delstep::WantsJson(words));
  try {
    return delstep::Main(words, voice);
  } catch (const std::bad_alloc&) {
    return voice.Fail(delstep::OutOfMemory());
  }
}
