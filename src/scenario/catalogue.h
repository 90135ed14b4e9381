#pragma once
/// Which scenarios there are. A scenario NAME is a file NAME.toml in one of the folders, which says
/// what there is, and perhaps a script NAME.del beside it, which plays it. Nothing here looks at
/// data: a scenario can be read about before its data set has been fetched.
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/result.h"

namespace delstep {

struct ScenarioEntry {
  std::string name;   ///< of the file, without its ending
  std::string about;  ///< its first line, if that is a comment; else empty
  std::filesystem::path file;
  std::optional<std::filesystem::path> script;  ///< none: nobody has written one
};

/// The folders in which ListScenarios() and FindScript() look, in order. A program says so once,
/// before it has threads; until then there are none.
void LookForScenariosIn(std::vector<std::filesystem::path> folders);
std::span<const std::filesystem::path> KnownScenarioFolders();

/// All scenarios in the known folders, by name. Of two with one name it is that of the earlier
/// folder, as FindScenario() finds it. Files and folders that cannot be read are passed over.
std::vector<ScenarioEntry> ListScenarios();
/// One of them by its name, or any by its file. Errors: those of FindScenario(); kFile if the file
/// cannot be read.
Result<ScenarioEntry> ShowScenario(std::string_view name_or_file);

/// A script by its path. If nothing is there and the path is a bare name such as "churn.del", it is
/// looked up in the known folders, so that a scenario's script is found from anywhere. Returns
/// `path` itself where nothing is found, for the message of whoever opens it.
std::string FindScript(const std::string& path);

}  // namespace delstep
