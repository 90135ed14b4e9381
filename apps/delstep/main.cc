#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <vector>

#include "apps/delstep/app.h"
#include "apps/delstep/arguments.h"
#include "apps/delstep/bash_completion.h"
#include "apps/delstep/doctor.h"
#include "apps/delstep/man_page.h"
#include "apps/delstep/setup.h"
#include "apps/delstep/signature.h"
#include "apps/delstep/version.h"
#include "base/hash.h"
#include "console/commands/reference.h"
#include "console/session/session.h"
#include "console/terminal/signals.h"
#include "delstep/registry.h"
#include "scenario/keys.h"
#include "user_models/own_aggregator.h"
#include "user_models/user_models.h"

namespace delstep {
namespace {

int Fail(const Error& error) {
  std::fputs(ErrorText(error).c_str(), stderr);
  return static_cast<int>(error.code);
}

int Print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
  if (std::fflush(stdout) == 0 || errno == EPIPE) return 0;
  return Fail(BadFile("cannot write standard output"));
}

int Doctor(const Arguments& arguments) {
  const Registry registry = MakeRegistry(UsualDataFolders());
  const auto config = LoadConfig(arguments, registry);
  if (!config) return Fail(config.error());
  const Diagnosis diagnosis = Diagnose(*config, registry);
  const int printed = Print(diagnosis.text);
  return diagnosis.healthy ? printed : static_cast<int>(ErrorCode::kUnavailable);
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

int PrintSignature(const Arguments& arguments) {
  const auto signature = Signature(arguments.overrides, MakeRegistry(UsualDataFolders()));
  return signature ? Print(HexHash(*signature) + '\n') : Fail(signature.error());
}

int NewModule(const std::string& file) {
  if (const auto written = WriteModuleTemplate(file); !written) return Fail(written.error());
  return Print(fmt::format("wrote {}; now run: delstep {}\n", file, file));
}

int NewAggregator(const std::string& file) {
  if (const auto written = WriteAggregatorTemplate(file); !written) return Fail(written.error());
  return Print(fmt::format("wrote {}; now run: delstep aggregation.name={}\n", file, file));
}

/// Of the command line, or of a command of the console.
int PrintHelp(const std::string& command) {
  if (command.empty()) return Print(HelpText());
  const auto text = HelpText(command);
  return text ? Print(*text + '\n') : Fail(text.error());
}

std::string ReferencePage(const std::string& page) {
  if (page == "commands") return CommandReference();
  if (page == "completion") return BashCompletion(MakeRegistry(UsualDataFolders()));
  if (page == "man") return ManPage();
  return ConfigReference(MakeRegistry(UsualDataFolders()));
}

int Main(const std::vector<std::string>& words) {
  SignalWatch watch;  // before any other thread
  const auto arguments = ParseArguments(words);
  if (!arguments) return Fail(arguments.error());
  switch (arguments->verb) {
    case Arguments::Verb::kRun:
      return App(*arguments, watch).Run();
    case Arguments::Verb::kHelp:
      return PrintHelp(arguments->page);
    case Arguments::Verb::kVersion:
      return Print(VersionText(MakeRegistry(UsualDataFolders())));
    case Arguments::Verb::kDoctor:
      return Doctor(*arguments);
    case Arguments::Verb::kSignature:
      return PrintSignature(*arguments);
    case Arguments::Verb::kReference:
      return Print(ReferencePage(arguments->page));
    case Arguments::Verb::kNewModule:
      return NewModule(arguments->file);
    case Arguments::Verb::kNewAggregator:
      return NewAggregator(arguments->file);
  }
  return 0;
}

}  // namespace
}  // namespace delstep

int main(int argc, char** argv) {
  delstep::OpenMissingStreams();
  // Beyond the limit of `ulimit -f`, write() then fails as on a full disk, and the reason is told.
  std::signal(SIGXFSZ, SIG_IGN);
  // TensorFlow's library, if a model needs it, is to tell of errors alone. It is told so here, as
  // the environment may only be changed while there is one thread.
  setenv("TF_CPP_MIN_LOG_LEVEL", "3", /*overwrite=*/0);
  try {
    return delstep::Main({argv + 1, argv + argc});
  } catch (const std::bad_alloc&) {
    return delstep::Fail(delstep::Refused("out of memory", "fewer nodes, a smaller model"));
  }
}
