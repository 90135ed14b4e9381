#pragma once
/// The files that a run begins with, in the folder of its record: a run that is repeated years later,
/// from its folder alone, needs the topology and the rules that it had. What is small and decides the
/// run is copied; data sets and weights are not, and are named by a full path.
#include <filesystem>
#include <string>
#include <vector>

#include "delstep/result.h"
#include "delstep/scenario.h"
#include "recording/made_for_run.h"
#include "scenario/config.h"

namespace delstep {

/// A file that the run begins with, and its copy in the folder.
struct Copied {
  std::string key;  ///< that names it
  std::string file;
  std::string copy;  ///< empty: there is none
};
/// All that may have one: topology.file with its own ending, and C++ files of the user's.
std::vector<Copied> CopiedFiles(const Scenario& scenario);
/// Copies one, or does nothing where there is no copy. Errors: kFile.
Result<void> CopyInto(MadeForRun& made, const std::filesystem::path& folder, const Copied& copied);

/// The text of config.toml: every value resolved, topology.file and the C++ files of
/// aggregation.name and behaviour.name being the copies in the folder, and other files having full
/// paths.
std::string ConfigOfRecord(const Config& config);

}  // namespace delstep
