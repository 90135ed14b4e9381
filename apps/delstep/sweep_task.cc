#include "apps/delstep/sweep_task.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <system_error>
#include <utility>

#include "base/files.h"
#include "base/hash.h"
#include "base/host_name.h"
#include "base/text.h"
#include "console/language/command_queue.h"
#include "console/language/script.h"

namespace delstep {
namespace {

namespace fs = std::filesystem;

bool IsRegular(const fs::path& file) {
  std::error_code failed;
  return fs::is_regular_file(file, failed);
}

/// By pieces: a data set may be large.
std::uint64_t HashOfFile(const fs::path& file, std::uint64_t hash) {
  std::ifstream stream(file, std::ios::binary);
  std::string piece(std::size_t{1} << 20, '\0');
  do {
    stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    hash = HashText(std::string_view(piece).substr(0, static_cast<std::size_t>(stream.gcount())),
                    hash);
  } while (stream);
  return hash;
}

/// Of the names and contents of all files in it.
std::uint64_t HashOfFolder(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (fs::recursive_directory_iterator i(folder, failed), end; !failed && i != end;
       i.increment(failed))
    if (IsRegular(i->path())) files.push_back(i->path());
  std::ranges::sort(files);
  std::uint64_t hash = 0;
  for (const fs::path& file : files)
    hash = HashOfFile(file, HashText(file.lexically_relative(folder).string(), hash));
  return hash;
}

std::string HashOfPath(const fs::path& path) {
  std::error_code failed;
  if (fs::is_directory(path, failed)) return HexHash(HashOfFolder(path));
  return IsRegular(path) ? HexHash(HashOfFile(path, 0)) : "";
}

/// The headers beside a C++ file that it includes by `#include "NAME"`.
std::vector<std::string> HeadersOf(const fs::path& file) {
  std::vector<std::string> headers;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    std::string_view rest = Trim(line);
    for (const std::string_view word : {"#", "include", "\""}) {
      if (!rest.starts_with(word)) {
        rest = {};
        break;
      }
      rest = Trim(rest.substr(word.size()));
    }
    const auto end = rest.find('"');
    if (end == std::string_view::npos) continue;
    const fs::path header = (file.parent_path() / rest.substr(0, end)).lexically_normal();
    if (IsRegular(header)) headers.push_back(header.string());
  }
  return headers;
}

/// The scripts that a script loads, wherever in it that stands.
std::vector<std::string> LoadedBy(const std::shared_ptr<const Script>& script, bool is_file) {
  CommandQueue queue;
  queue.Push(script, is_file);
  std::vector<std::string> files;
  for (const Statement& statement : script->statements)
    if (statement.words.size() > 1 && statement.words[0].text == "load")
      // One name each, so that scripts that load each other come to an end.
      files.push_back(fs::path(queue.PathOf(statement.words[1])).lexically_normal().string());
  return files;
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
    return BadFile(fmt::format("{} on {} is {}", what, HostName(),
                               hash.empty() ? "missing, and the first process has it"
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
  if (known == hashes_.end()) known = hashes_.emplace(file, HashOfPath(file)).first;
  task.push_back({.what = file, .hash = known->second});
}

void TaskReader::AddCode(const std::string& file, SweepTask& task) {
  if (Has(task, file)) return;
  AddFile(file, task);
  for (const std::string& header : HeadersOf(file)) AddCode(header, task);
}

Result<SweepTask> TaskReader::Read(const Arguments& run, const Config& config) {
  // Those of all runs of a sweep are the same.
  if (scripts_.empty() || run.sources != sources_) DELSTEP_TRY(ReadScripts(run.sources));
  SweepTask task = {
      {.what = "",
       .hash = HexHash(HashText(fmt::format("{}\n{}", run.keep_going, config.ToToml())))}};
  task.insert(task.end(), scripts_.begin(), scripts_.end());
  for (const std::string& file : config.Files())
    if (Lower(file).ends_with(".cpp"))
      AddCode(file, task);
    else
      AddFile(file, task);
  return task;
}

}  // namespace delstep
