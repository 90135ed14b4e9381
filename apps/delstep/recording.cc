#include "apps/delstep/recording.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "console/commands/command_table.h"
#include "console/language/script.h"

namespace delstep {
namespace {

/// The word of a command that names a file to be read: a model, or a part of the user's own.
const Word* FileToRead(const Statement& statement) {
  const auto call = MatchCommand(statement.words);
  if (!call) return nullptr;
  const std::string& verb = statement.words.front().text;
  if (verb == "import") return &call->arguments.WordOf("MODEL");
  if (verb != "set" || statement.words.size() < 3) return nullptr;
  const std::string& key = statement.words[1].text;
  const bool is_own = (key == "aggregation.name" || key == "behaviour.name") &&
                      Lower(statement.words[2].text).ends_with(".cpp");
  return is_own ? &statement.words[2] : nullptr;
}

}  // namespace

/// With full paths, so that it reads the same files from any folder; but what the run itself has
/// written is written again where the script runs.
std::string Recording::TextForScript(const std::string& text) {
  const ReadScript read = ParseScript(text, "");
  if (read.unclosed || read.script->statements.size() != 1) return text;
  const Statement& statement = read.script->statements.front();
  if (statement.bad) return text;
  if (statement.words.front().text == "export" && statement.words.size() == 3)
    exported_.insert(statement.words[2].text);
  const Word* file = FileToRead(statement);
  if (file == nullptr || file->text.starts_with('/') || exported_.contains(file->text)) return text;
  std::error_code failed;
  const auto full = std::filesystem::absolute(file->text, failed);
  if (failed) return text;
  std::vector<Word> words = statement.words;
  for (Word& word : words)
    if (word.line == file->line && word.column == file->column)
      word.text = full.lexically_normal().string();
  return CommandText(words);
}

void Recording::EndCommand(const Session::CommandRecord& command) {
  if (command.is_planned)
    folder_->EndPlanned(command.cycle);
  else if (command.is_comment)
    folder_->Comment(command.text);
  else
    folder_->EndCommand({.text = command.text, .code = command.code, .message = command.message},
                        {.command = command.redo, .names_nodes = command.redo_names_nodes},
                        TextForScript(command.text));
  if (folder_->failure() && !std::exchange(failed_, true)) tell_(*folder_->failure());
}

}  // namespace delstep
