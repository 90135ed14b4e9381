#include "apps/delstep/sweep_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "base/files.h"
#include "base/hash.h"
#include "base/hash_file.h"
#include "base/host_name.h"
#include "console/commands/command_table.h"
#include "console/language/command_queue.h"
#include "console/language/script.h"
#include "scenario/key_readers.h"
#include "scenario/keys.h"
#include "user_models/dependencies.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

bool IsRegular(const fs::path& file) {
  std::error_code failed;
  return fs::is_regular_file(file, failed);
}

/// Of a pipe or folder, as of what is not there: none.
std::string HashOfRegular(const fs::path& file) {
  const auto hash = IsRegular(file) ? HashFile(file) : std::nullopt;
  return hash ? HexHash(*hash) : "";
}

/// The scripts that a script loads, wherever in it that stands.
std::vector<std::string> LoadedBy(const std::shared_ptr<const Script>& script, bool is_file) {
  CommandQueue queue;
  queue.Push(script, is_file);
  std::vector<std::string> files;
  for (const Statement& statement : script->statements) {
    if (statement.bad) continue;
    const auto call = MatchCommand(statement.words);
    if (!call || !call->arguments.Has("SCRIPT")) continue;
    // One name each, so that scripts that load each other come to an end.
    const fs::path file = queue.PathOf(call->arguments.WordOf("SCRIPT"));
    files.push_back(file.lexically_normal().string());
  }
  return files;
}

/// Whether the file that this key names is C++, whatever its name ends in.
bool IsCode(std::string_view key, const Scenario& scenario) {
  if (key == "model.file") return scenario.model.name == "module" || scenario.data.name == "module";
  return key == "aggregation.name" || key == "behaviour.name";
}

bool Has(const SweepTask& task, const std::string& file) {
  return std::ranges::find(task, file, &TaskPart::what) != task.end();
}

/// Adds what is not among them yet.
void AddNew(std::vector<std::string> files, std::vector<std::string>& list) {
  for (std::string& file : files)
    if (std::ranges::find(list, file) == list.end()) list.push_back(std::move(file));
}

}  // namespace

std::string HashOfTask(const SweepTask& task) {
  std::string hashes;
  for (const TaskPart& part : task) hashes += part.hash + '\n';
  return HexHash(HashText(hashes));
}

Result<void> CompareTasks(const SweepTask& planned, const SweepTask& here) {
  for (std::size_t i = 0; i < planned.size(); ++i) {
    const std::string hash = i < here.size() ? here[i].hash : "";
    if (hash == planned[i].hash) continue;
    const std::string& file = planned[i].what;
    const std::string what = file.empty() ? "the scenario" : fmt::format("'{}'", file);
    return BadFile(
        fmt::format("{} on {} is {}", what, HostName(),
                    hash.empty()              ? "missing, and the first process has it"
                    : planned[i].hash.empty() ? "there, and the first process has none"
                                              : "another one than the first process has"),
        "what runs read must be the same on every machine, under the same paths");
  }
  return {};
}

// Each script once, in the order in which they are found: they may load each other.
Result<void> TaskReader::ReadScripts(const std::vector<CommandSource>& sources) {
  scripts_.clear();
  std::vector<std::string> files;
  for (const CommandSource& source : sources) {
    const bool is_file = source.kind == CommandSource::Kind::kFile;
    std::string text = source.text;
    if (is_file) {
      DELSTEP_ASSIGN(text, ReadText(source.text));
    }
    scripts_.push_back({.what = is_file ? source.text : "", .hash = HexHash(HashText(text))});
    AddNew(LoadedBy(ParseScript(std::move(text), is_file ? source.text : "-c").script, is_file),
           files);
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string file = files[i];
    AddFile(file, scripts_);
    if (!IsRegular(file)) continue;
    if (auto text = ReadText(file))
      AddNew(LoadedBy(ParseScript(*std::move(text), file).script, true), files);
  }
  sources_ = sources;
  return {};
}

void TaskReader::AddFile(const std::string& file, SweepTask& task) {
  if (Has(task, file)) return;
  auto known = hashes_.find(file);
  if (known == hashes_.end()) known = hashes_.emplace(file, HashOfRegular(file)).first;
  task.push_back({.what = file, .hash = known->second});
}

Result<SweepTask> TaskReader::Read(const Arguments& run, const Config& config,
                                   const Registry& registry) {
  // Those of all runs of a sweep are the same.
  if (scripts_.empty() || run.sources != sources_) DELSTEP_TRY(ReadScripts(run.sources));
  SweepTask task = {
      {.what = "",
       .hash = HexHash(HashText(fmt::format("{}\n{}", run.keep_going, config.ToToml())))}};
  task.insert(task.end(), scripts_.begin(), scripts_.end());
  for (const auto& [key, file] : config.Files()) {
    // Data may be folders of any size, which may hold the folder of the sweep itself.
    if (key == "data.path" || WhyUnused(*FindKey(key), config.scenario(), registry)) continue;
    if (!IsCode(key, config.scenario()))
      AddFile(file, task);
    else
      for (const std::string& part : FilesOfSource(file)) AddFile(part, task);
  }
  return task;
}

}  // namespace delstep
