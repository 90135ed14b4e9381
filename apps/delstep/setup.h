#pragma once
/// From arguments to a configuration, and where this program finds things.
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/delstep/arguments.h"
#include "delstep/data.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "scenario/config.h"
#include "user_models/module_cache.h"

namespace delstep {

/// Where scenarios are looked up, in order: $DELSTEP_SCENARIOS, `scenarios` of the working
/// directory, then those of the installation; where the program is not installed, those of the source
/// tree around it, and of the source tree it was built from.
std::vector<std::filesystem::path> ScenarioFolders();
/// Where data sets are looked up: in $DELSTEP_DATA, and where the set-up put them. That is `data` of
/// the source tree; of an installed program $XDG_DATA_HOME/delstep, else ~/.local/share/delstep, after
/// which the installation's share/delstep/data and Debian's /usr/share/datasets are looked at.
DataFolders UsualDataFolders();
/// $XDG_STATE_HOME/delstep/history, else ~/.local/state/delstep/history, whether or not the file is
/// there; empty where there is no home.
std::filesystem::path HistoryFile();

/// What a run is called where its scenario was given so; "" is the default one.
std::string ScenarioName(const std::string& given);

/// The words after `delstep` that begin the same session elsewhere: the scenario, what the environment
/// sets here, what the command line sets, and the scripts that it names. As they are, not quoted for a
/// shell. What was set in the run is no part of it: that is a command of the session.
std::vector<std::string> WordsOfSession(const Arguments& arguments, const Config& config);

/// Variables and their values.
using Variables = std::vector<std::pair<std::string, std::string>>;
/// Those of the environment that set keys: DELSTEP_TRAINING_LR.
Variables KeysOfEnvironment();
/// Removes them from the environment of this process, and so of those that it starts: for who is told its
/// settings by another process, whose environment counts. While there is one thread.
void DropKeysOfEnvironment();

/// The file of the arguments' scenario, or of the default one for FILE.cpp; none if no scenario is
/// named and the default one has no file. Errors: those of FindScenario.
Result<std::optional<std::filesystem::path>> ScenarioFileOf(const Arguments& arguments);

/// The scenario of the arguments with its overrides and DELSTEP_* variables; FILE.cpp is the
/// default scenario with model.name=module and model.file=FILE.cpp. Errors: those of FindScenario
/// and Config::Load. The registry outlives the configuration.
Result<Config> LoadConfig(const Arguments& arguments, const Registry& registry);
/// The same, but with these variables in place of the environment's.
Result<Config> LoadConfig(const Arguments& arguments, const Registry& registry,
                          const Variables& variables);

/// Compiles and loads the learning module, the rule of aggregation and the behaviour of the scenario,
/// if they are files of the user's, so that what takes time is told. With FILE.cpp a module that
/// brings data is their data.name, unless that was chosen. Errors: those of LoadLearningModule(),
/// LoadOwnAggregator() and LoadOwnBehaviour().
Result<void> PrepareUserCode(const Arguments& arguments, Config& config, const Registry& registry,
                             const Say& say);

/// A line for each variable DELSTEP_... of the environment that nothing reads, with what was probably
/// meant; empty if there is none.
std::string EnvironmentWarnings();

/// "delstep: error: exp.toml:3:1: ...", and the hint on a line of its own.
std::string ErrorText(const Error& error);

}  // namespace delstep
