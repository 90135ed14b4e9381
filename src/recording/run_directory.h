#pragma once
/// What a run leaves behind in `--out DIR`. Nothing is lost: every file is brought up to date at
/// the end of each command, so that whatever ends the program leaves the results of all finished
/// commands.
///
///   events.jsonl      one event per line (event_json.h); the initial nodes come first, as
///                     node_added, then the groups of the scenario
///   config.toml       the resolved configuration
///   script.del        the commands as they were run, loaded scripts in place, marked by comments
///   results.csv       as `save results` would write it
///   metrics.csv       tidy metrics (metrics.h)
///   positions.csv     where nodes were at each moment (position_rows.h), where places mean something
///   tb/events.out.tfevents.0.delstep  with `recording.tensorboard`: the rows of metrics.csv as an
///                     event file of TensorBoard (tensorboard.h)
///   environment.json  versions, seed, hashes of the files that the run begins with
///   start.json        how it was before the first command (start_json.h), for `delstep view`
///   topology.txt      a copy of topology.file, with its own ending, where the run has one
///   aggregation.cpp   a copy of the rule of aggregation, where the run began with a C++ file
///   my_behaviour.cpp  likewise of the behaviour, under its own name, which events tell
///
/// Equal runs leave equal events.jsonl, config.toml, script.del, results.csv, positions.csv and event
/// file; metrics.csv differs in the name of the run alone. What a user reads about it: docs/reference/run-directory.md.
///
/// When it is written: Record() collects and writes when much has come together; EndCommand()
/// writes the rest. Files only grow. A program that is killed in the middle of a command may leave
/// some of its events, and a last line that is cut off.
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/event.h"
#include "delstep/result.h"
#include "delstep/simulation.h"
#include "recording/address_book.h"
#include "recording/append_file.h"
#include "recording/metrics.h"
#include "recording/position_rows.h"
#include "recording/results.h"

namespace delstep {

/// A run that goes on from a checkpoint. Its files go on where those of the run before end: one
/// after the other, the events.jsonl of both are that of a run that was never stopped. So they do
/// not begin with the nodes and groups, and there are no copies of files that only the start needs.
struct ResumedFrom {
  std::string checkpoint;      ///< the file
  std::uint64_t commands = 0;  ///< before it: where `step` of metrics.csv goes on
};

/// What is written once, at the start, and never again.
struct RunFacts {
  std::string scenario;     ///< its name, or file, as it was given
  std::string config;       ///< of config.toml
  std::string environment;  ///< of environment.json
  std::optional<ResumedFrom> resumed{};
};

/// How script.del does again what is left of a command that was interrupted or taken back.
struct Redo {
  std::string_view command;  ///< "train", or "next 5"; empty: nothing need be done again
  /// The nodes that trained or aggregated belong to it; without any nothing need be done again.
  bool names_nodes = true;
  /// Nothing of it is left, whatever its code is: it is no command of the script.
  bool taken_back = false;
};

/// Threads: one caller at a time.
class RunDirectory {
 public:
  /// Makes the folder, parents included. Never destroys: a folder that holds one of the files
  /// already is kRefused. Errors of the system are kFile. `simulation` outlives the result.
  static Result<std::unique_ptr<RunDirectory>> Create(const std::filesystem::path& folder,
                                                      const RunFacts& facts,
                                                      const Simulation& simulation);
  ~RunDirectory();

  /// To be called with every event, in order.
  void Record(const Event& event);
  /// The command whose events have been recorded has ended; brings all files up to date. Of one
  /// that was interrupted, script.del has what it did; one that was taken back is a comment there. `for_script` is the command as script.del has
  /// it.
  void EndCommand(const CommandDone& command, const Redo& redo, std::string_view for_script);
  /// A planned command has run inside of the present command: metrics.csv tells of it at its own
  /// time. `cycle` is the one in which it began.
  void EndPlanned(std::uint64_t cycle);
  /// A line of script.del that is no command: "# load x.del".
  void Comment(std::string_view text);

  /// The first error of writing; from then on nothing more is written.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  struct Files {
    AppendFile events, script, results, metrics;
    std::optional<AppendFile> tensorboard, positions;
  };
  RunDirectory(Files files, Metrics metrics, const Simulation& simulation);
  void TellBeginning();

  void Write(AppendFile& file, std::string_view text);
  void WriteEvents();
  void WriteMetrics(std::string_view rows);
  void WriteScript(const CommandDone& command, const Redo& redo, std::string_view for_script);

  Files files_;
  const Simulation& simulation_;
  AddressBook addresses_;
  Metrics metrics_;
  PositionRows positions_;
  bool restored_ = false;    // by the present command
  std::uint64_t cycle_ = 0;  // in which the present command began
  std::string events_;
  ResultsWriter results_{ResultsFormat::kCsv};
  std::vector<NodeId> learned_;  // nodes that trained or aggregated in the present command
  std::optional<Error> failure_;
};

}  // namespace delstep
