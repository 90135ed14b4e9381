#include "recording/copied_files.h"

#include <cassert>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/text.h"

namespace delstep {
namespace {

constexpr std::string_view kRuleCopy = "aggregation.cpp";

/// The name of the copy of topology.file; empty where the run has none.
// Its own ending: that says which format it is.
std::string TopologyCopy(const TopologyOptions& topology) {
  if (topology.name != "file") return {};
  return "topology" + Lower(std::filesystem::path(topology.file).extension().string());
}

/// The name of the copy of a rule of aggregation that is a C++ file; empty where it is none.
std::string RuleCopy(const AggregationOptions& aggregation) {
  return Lower(aggregation.name).ends_with(".cpp") ? std::string(kRuleCopy) : "";
}

/// The name of the copy of a behaviour that is a C++ file; empty where it is none. Events tell the
/// name, so a run that is repeated must find the same one.
std::string BehaviourCopy(const BehaviourOptions& behaviour) {
  if (!Lower(behaviour.name).ends_with(".cpp")) return {};
  const std::string name = std::filesystem::path(behaviour.name).filename().string();
  return name == kRuleCopy ? "behaviour.cpp" : name;
}

std::string FullPath(const std::string& file) {
  std::error_code failed;
  const auto full = std::filesystem::absolute(file, failed);
  return failed ? file : full.lexically_normal().string();
}

}  // namespace

std::vector<Copied> CopiedFiles(const Scenario& scenario) {
  return {{"topology.file", scenario.topology.file, TopologyCopy(scenario.topology)},
          {"aggregation.name", scenario.aggregation.name, RuleCopy(scenario.aggregation)},
          {"behaviour.name", scenario.behaviour.name, BehaviourCopy(scenario.behaviour)}};
}

Result<void> CopyInto(MadeForRun& made, const std::filesystem::path& folder, const Copied& copied) {
  const auto& [key, file, name] = copied;
  if (name.empty()) return {};
  std::error_code failed;
  std::filesystem::copy_file(file, folder / name, failed);
  // What stood there before is another run's, and is not to be removed with this one.
  if (failed != std::errc::file_exists) made.Add(folder / name);
  if (!failed) return {};
  return BadFile("cannot copy '" + file + "' into the folder '" + folder.string() +
                 "': " + failed.message());
}

std::string ConfigOfRecord(const Config& config) {
  Config recorded = config;
  // Beside config.toml the copies are found, whatever becomes of the files that they were made of.
  for (const auto& [key, file, copy] : CopiedFiles(config.scenario())) {
    if (copy.empty()) continue;
    [[maybe_unused]] const auto set = recorded.Set(key, copy, {});
    assert(set);
  }
  // Files that are not copied are named so that they are found from any folder.
  const Scenario& scenario = config.scenario();
  for (const auto& [key, file] :
       {std::pair{"data.path", scenario.data.path}, std::pair{"model.file", scenario.model.file},
        std::pair{"model.weights", scenario.model.weights},
        std::pair{"mobility.file", scenario.mobility.file},
        std::pair{"compute.file", scenario.compute.file},
        std::pair{"churn.file", scenario.churn.file},
        std::pair{"topology.file",
                  scenario.topology.name == "contacts" ? scenario.topology.file : ""}}) {
    if (file.empty()) continue;
    [[maybe_unused]] const auto set = recorded.Set(key, FullPath(file), {});
    assert(set);
  }
  return recorded.ToToml();
}

}  // namespace delstep
