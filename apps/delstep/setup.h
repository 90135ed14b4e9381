#pragma once
/// From arguments to a configuration, and where this program finds things.
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "apps/delstep/arguments.h"
#include "delstep/result.h"
#include "scenario/config.h"

namespace delstep {

/// Where scenarios are looked up, in order: $DELSTEP_SCENARIOS, `scenarios` of the working
/// directory, of the source tree around the program, and of the source tree it was built from.
std::vector<std::filesystem::path> ScenarioFolders();
/// Where the set-up put data sets.
std::filesystem::path DataFolder();

/// The scenario of the arguments with its overrides and DELSTEP_* variables. Errors: those of
/// FindScenario and Config::Load; kUnavailable for a learning module (FILE.cpp).
Result<Config> LoadConfig(const Arguments& arguments);

/// "delstep: error: exp.toml:3:1: ...", and the hint on a line of its own.
std::string ErrorText(const Error& error);

}  // namespace delstep
