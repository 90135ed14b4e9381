#pragma once
/// The command line of the program.
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "apps/delstep/verb_options.h"
#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

/// What -f, -c or standard input bring.
struct CommandSource {
  enum class Kind { kFile, kText, kInput };
  Kind kind = Kind::kFile;
  std::string text{};  ///< path, or commands
  friend bool operator==(const CommandSource&, const CommandSource&) = default;
};

/// When a checkpoint is due: after so much time of the wall clock, or so many commands. One of the
/// two is above 0.
struct CheckpointInterval {
  Duration time{0};
  std::uint64_t commands = 0;
};

struct Arguments {
  enum class Verb {
    kRun,
    kHelp,
    kVersion,
    kDoctor,
    kSignature,
    kReference,
    kNewModule,
    kNewAggregator,
    kNewBehaviour,
    kPlot,
    kSweep,
    kScenario,
    kSetup,
    kView
  };
  enum class Color { kAuto, kAlways, kNever };

  Verb verb = Verb::kRun;
  /// kHelp: a command of the console, or empty; kReference: "commands", "config", "json",
  /// "networks", "completion bash" (or zsh, fish) or "man"; kScenario: the scenario to show, or empty to list all
  std::string page;
  std::string file;      ///< kNewModule, kNewAggregator, kNewBehaviour: to write; kView: the folder
  std::string scenario;  ///< name or file; empty: the default
  std::vector<std::string>
      overrides;  ///< key=value in the order given; --seed and --portable are among them
  std::vector<CommandSource> sources;  ///< in the order given
  std::vector<std::string> checks;     ///< scripts to check instead of a run
  std::string out;                     ///< folder of the run or sweep, file of a plot; empty: none
  bool stay = false;                   ///< -i
  std::string resume;                  ///< checkpoint to go on from; empty: a run begins
  std::string checkpoint;              ///< file to write by itself; empty: none
  std::optional<CheckpointInterval> checkpoint_every;
  std::optional<int> page_port;  ///< --page, kView: 0 is any free one; nothing: no page
  std::string page_bind;         ///< the address that it listens on; empty: 127.0.0.1
  bool keep_going = false, json = false, quiet = false, verbose = false, echo = false;
  Color color = Color::kAuto;
  PlotOptions plot;    ///< kPlot
  SweepOptions sweep;  ///< kSweep; its grid is in `overrides`
};

/// `words` without the program's name. Errors: kUsage.
Result<Arguments> ParseArguments(std::span<const std::string> words);

/// Keys that may be given beside --resume: the machine's, not the run's.
std::span<const std::string_view> KeysBesideResume();

/// For suggestions and completion: all options, and the words that stand first and are no scenario.
const std::vector<std::string>& OptionNames();
const std::vector<std::string>& ShellWords();
/// What `delstep docs` prints: its words.
const std::vector<std::string>& ReferencePages();

/// What --help prints: at most 80 columns and 24 lines.
std::string HelpText();
/// What `help plot` and `help sweep` print.
std::string HelpOfPlot();
std::string HelpOfSweep();

}  // namespace delstep
