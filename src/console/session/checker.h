#pragma once
/// `--check`, and the check before a run: what is wrong with scripts, without running them.
#include <span>
#include <string>
#include <vector>

#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/simulation.h"
#include "scenario/config.h"

namespace delstep {

/// Commands that are to run: a file, or text that came from elsewhere.
struct ScriptSource {
  bool is_file = true;
  std::string text{};            ///< the path of a file, else the commands
  std::string origin{};          ///< of commands: stands for the file in messages, "-c"
  std::uint32_t first_line = 1;  ///< of commands: the number of their first line
};

/// An error, the line in which it lies where that is at hand (empty: in no line, or in a file), and
/// who loaded the script that it lies in, see CommandQueue::ChainOf().
struct Finding {
  Error error;
  std::string line{};
  std::vector<std::string> loaded_from{};
};

/// Reads a script and its loads, follows the commands that change what later ones may name or set,
/// and runs nothing. Returns the errors (empty: fine); the first one's code is the exit code.
std::vector<Finding> CheckScript(const std::string& path, const Simulation& simulation,
                                 const Config& config, const Registry& registry);
/// The same of a text too.
std::vector<Finding> CheckScript(const ScriptSource& script, const Simulation& simulation,
                                 const Config& config, const Registry& registry);

/// The same for all that is to run, in order, before the first of it runs; but only what is wrong
/// whatever the state is (kUsage): an unknown command, a wrong form, number, range or value, braces
/// and quotes without their partner. What the state refuses is found when it is reached. A file that
/// is not there yet, and what can be read only once (a pipe), is not looked at.
std::vector<Finding> CheckBeforeRun(std::span<const ScriptSource> sources,
                                    const Simulation& simulation, const Config& config,
                                    const Registry& registry);

}  // namespace delstep
