#pragma once
/// What a run of a sweep is asked to do, with all files that it reads for it: so that a run that is done
/// is told from one that would now come out otherwise, and one machine from another with other files.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "apps/delstep/arguments.h"
#include "delstep/result.h"
#include "scenario/config.h"

namespace delstep {

struct Registry;

/// A part of the task.
struct TaskPart {
  std::string what;  ///< the name of a file; empty: the settings and the commands of -c
  std::string hash;  ///< of what it holds; empty: it is not there, or is no file (a pipe, a folder)
};
using SweepTask = std::vector<TaskPart>;

/// One hash of all parts, by what they hold.
std::string HashOfTask(const SweepTask& task);

/// Whether a task is `here`, on this machine, what it is where it was planned. Errors: kFile, naming this
/// machine and the first part that differs.
Result<void> CompareTasks(const SweepTask& planned, const SweepTask& here);

/// Reads tasks. Each file is read once, so a reader belongs to one sweep.
class TaskReader {
 public:
  /// The task of a run with these arguments, out of which LoadConfig() has made `config`: its settings and
  /// commands, its scripts, those that they load, and the files that keys name (graphs, traces, weights;
  /// a C++ file with the headers beside it that it includes), unless nothing reads them. No part of it is
  /// what data.path names, since data sets may be huge; what lies in any folder; and what commands of
  /// scripts name besides, as `import` does. Errors: kFile for a script of -f that cannot be read.
  Result<SweepTask> Read(const Arguments& run, const Config& config, const Registry& registry);

 private:
  Result<void> ReadScripts(const std::vector<CommandSource>& sources);
  void AddFile(const std::string& file, SweepTask& task);

  std::map<std::string, std::string, std::less<>> hashes_;  // by file
  std::vector<CommandSource> sources_;                      // those of scripts_
  SweepTask scripts_;
};

}  // namespace delstep
