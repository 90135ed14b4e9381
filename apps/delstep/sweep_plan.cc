#include "apps/delstep/sweep_plan.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "apps/delstep/setup.h"
#include "apps/delstep/sweep_grid.h"
#include "apps/delstep/sweep_task.h"
#include "base/files.h"
#include "scenario/catalogue.h"
#include "scenario/config.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

/// What every run does: the scripts and commands given, else the scenario's own script.
Result<std::vector<CommandSource>> SourcesOfRuns(const Arguments& arguments) {
  if (!arguments.sources.empty()) {
    std::vector<CommandSource> sources = arguments.sources;
    for (CommandSource& source : sources)
      if (source.kind == CommandSource::Kind::kFile) source.text = FindScript(source.text);
    return sources;
  }
  const auto toml = ScenarioFileOf(arguments);
  if (!toml) return std::vector<CommandSource>();  // LoadConfig() says what is wrong with it
  if (*toml) {
    fs::path script = **toml;
    script.replace_extension(".del");
    std::error_code ignored;
    if (fs::exists(script, ignored))
      return std::vector<CommandSource>{{CommandSource::Kind::kFile, script.string()}};
  }
  return UsageError("what shall each run do? This scenario has no script of its own",
                    "give one: -f SCRIPT, or -c \"train; flood; nstep; ag; test\"");
}

std::vector<std::string> OverridesOf(const SweepGrid& grid, const SweepRun& run) {
  // Processes share the processors; what the user says comes later and wins.
  std::vector<std::string> overrides = {"training.threads=1"};
  overrides.insert(overrides.end(), grid.fixed().begin(), grid.fixed().end());
  for (const auto& [key, value] : run.values) overrides.push_back(fmt::format("{}={}", key, value));
  return overrides;
}

std::vector<std::string> WordsOf(const Arguments& arguments, const SweepRun& run) {
  std::vector<std::string> words = {"/proc/self/exe", "--quiet", "--color=never", "--out",
                                    run.folder.string()};
  if (arguments.keep_going) words.emplace_back("--keep-going");
  for (const CommandSource& source : arguments.sources) {
    words.emplace_back(source.kind == CommandSource::Kind::kFile ? "-f" : "-c");
    words.push_back(source.text);
  }
  if (!arguments.scenario.empty()) words.push_back(arguments.scenario);
  words.insert(words.end(), arguments.overrides.begin(), arguments.overrides.end());
  return words;
}

}  // namespace

Result<std::vector<SweepRun>> PlanRuns(const Arguments& arguments, const Registry& registry) {
  DELSTEP_ASSIGN(const SweepGrid grid, SweepGrid::Parse(arguments.overrides));
  DELSTEP_TRY(CheckHome(arguments.out));
  DELSTEP_ASSIGN(const auto sources, SourcesOfRuns(arguments));
  TaskReader reader;
  std::vector<SweepRun> runs;
  std::map<std::string, std::string> names;  // by task
  for (std::size_t i = 0; i < grid.size(); ++i) {
    SweepRun run;
    run.values = grid.Run(i);
    run.name = FolderOfRun(run.values);
    run.folder = fs::path(arguments.out) / run.name;
    Arguments of_run = arguments;
    of_run.sources = sources;
    of_run.overrides = OverridesOf(grid, run);
    DELSTEP_ASSIGN(const Config config, LoadConfig(of_run, registry));
    DELSTEP_ASSIGN(run.parts, reader.Read(of_run, config, registry));
    run.task = HashOfTask(run.parts);
    run.words = WordsOf(of_run, run);
    // Values may be written in several ways: 0.01 and 1e-2.
    if (const auto [same, is_new] = names.try_emplace(run.task, run.name); !is_new)
      return UsageError(fmt::format("{} and {} are the same run", same->second, run.name),
                        "each combination is run once");
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace delstep
