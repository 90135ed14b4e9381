#pragma once
/// What this program is made of.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "console/commands/reply.h"
#include "delstep/registry.h"
#include "delstep/scenario.h"
#include "delstep/simulation.h"

namespace delstep {

/// "0.1.0".
std::string Version();
/// "g++ 12.2.0".
std::string CompilerName();
/// The kernels that a run uses: "portable", "avx2", "avx512".
std::string InstructionSet(bool portable);

/// What --version prints: version, compiler, instruction set, each learner and network with its
/// version or why it is absent.
std::string VersionText(const Registry& registry);

/// The same for programs.
Reply VersionReply(const Registry& registry);

/// environment.json of a run directory: what the results depend on beside config.toml and
/// script.del. Nothing of the machine but its instruction set.
std::string EnvironmentJson(const Simulation& simulation);

/// Which files a run has read anew: all, or those alone that a checkpoint does not hold.
enum class FilesRead { kAll, kBesideCheckpoint };
/// Names of the files of the present run that are not what they were when this environment.json was
/// written, of those that it has read anew. Nothing where the text is none.
std::vector<std::string> FilesThatChanged(std::string_view environment,
                                          const Simulation& simulation, FilesRead read);
/// The same of a run whose config.toml is played again, by the environment.json beside it.
std::vector<std::string> FilesThatChangedSince(const std::filesystem::path& config,
                                               const Simulation& simulation);

}  // namespace delstep
