#include "page/lesson_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>
#include <vector>

#include "base/json.h"
#include "page/lesson.h"
#include "scenario/catalogue.h"

namespace delstep {
namespace {

/// By name; of two with one name it is that of the earlier folder, as for scenarios.
std::map<std::string, std::filesystem::path> ScriptFiles() {
  std::vector<std::filesystem::path> folders = {".", "lessons"};
  for (const auto& folder : KnownScenarioFolders()) {
    folders.push_back(folder);
    folders.push_back(folder / "lessons");
  }
  std::map<std::string, std::filesystem::path> files;
  for (const auto& folder : folders) {
    std::error_code failed;
    for (std::filesystem::directory_iterator at(folder, failed), end; !failed && at != end;
         at.increment(failed))
      if (at->path().extension() == ".del" && at->is_regular_file(failed))
        files.emplace(at->path().filename().string(), at->path());
  }
  return files;
}

}  // namespace

std::string LessonsJson() {
  std::string list;
  for (const auto& [name, path] : ScriptFiles()) {
    const auto read = ReadScriptFile(path.string());
    // A folder may hold scripts of others, which cannot be read.
    if (!read) continue;
    const Lesson lesson = LessonOf(*read->script);
    if (!lesson.speaks) continue;
    list += fmt::format(R"({}{{"file":{},"title":{}}})", list.empty() ? "" : ",", JsonString(name),
                        JsonString(lesson.title.empty() ? name : lesson.title));
  }
  return fmt::format(R"({{"lessons":[{}]}})", list);
}

Result<std::string> ReadLessonJson(const std::string& file, Rights rights) {
  // Out of the list alone: no other file of the machine can be read by its path.
  const auto files = ScriptFiles();
  const auto found = files.find(file);
  if (found == files.end())
    return BadFile(fmt::format("there is no lesson '{}'", file.substr(0, 100)),
                   "lessons are scripts in the working directory");
  DELSTEP_ASSIGN(const ReadScript read, ReadScriptFile(found->second.string()));
  if (read.unclosed) return *read.unclosed;
  Lesson lesson = LessonOf(*read.script);
  if (rights != Rights::kCommand) lesson = ForViewers(std::move(lesson));
  return LessonJson(lesson, file);
}

}  // namespace delstep
