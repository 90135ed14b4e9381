#include "apps/delstep/recording.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "base/files.h"
#include "console/commands/command_table.h"
#include "console/language/script.h"
#include "scenario/keys.h"
#include "scenario/toml.h"

namespace delstep {
namespace {

/// A file that a command reads, as the run has read it, and the word that names it. Further words of
/// the name follow that: a value may have blanks.
struct FileToRead {
  const Word* word = nullptr;
  std::string name{};
  std::size_t words = 1;
};

/// The value of a key that names a file. Empty name: it has none.
FileToRead FileOfKey(const CommandArguments& arguments, std::string_view placeholder,
                     const Registry& registry) {
  const Key* key = FindKey(arguments.WordOf(placeholder).text);
  const auto value = ReadArgument(arguments.TextOf("VALUE"));
  if (key == nullptr || !value) return {};
  std::string name = ExpandHome(value->bare.empty() ? value->text : value->bare);
  if (PathUseOf(key->kind, name, registry) != PathKey::Use::kRead) return {};
  const auto words = std::ranges::count(arguments.list(), "VALUE", &Argument::name);
  return {.word = arguments.First("VALUE")->word,
          .name = std::move(name),
          .words = static_cast<std::size_t>(words)};
}

FileToRead FileOf(const Call& call, const Registry& registry) {
  for (const std::string_view placeholder : {"KEY", "NODEKEY"})
    if (call.arguments.Has(placeholder)) return FileOfKey(call.arguments, placeholder, registry);
  if (!call.command->reads_files || !call.arguments.Has("MODEL")) return {};
  const Word& word = call.arguments.WordOf("MODEL");
  return {.word = &word, .name = word.text};
}

/// Where the words have this one: the arguments may have it with its `~` expanded.
std::vector<Word>::iterator PlaceIn(std::vector<Word>& words, const Word& word) {
  return std::ranges::find_if(words, [&](const Word& other) {
    return other.line == word.line && other.column == word.column;
  });
}

}  // namespace

/// Of one command, without those of its body.
std::vector<Word> Recording::WordsForScript(const Statement& statement) {
  std::vector<Word> words = statement.words;
  const auto call = statement.bad ? Result<Call>(*statement.bad) : MatchCommand(statement.words);
  if (!call) return words;
  const bool writes = !call->command->reads_files && call->arguments.Has("MODEL");
  if (writes) exported_.insert(call->arguments.WordOf("MODEL").text);
  const FileToRead file = FileOf(*call, registry_);
  if (file.name.empty() || exported_.contains(file.name)) return words;
  std::error_code failed;
  const auto full = std::filesystem::absolute(file.name, failed);
  if (failed) return words;
  const auto at = PlaceIn(words, *file.word);
  at->text = full.lexically_normal().string();
  at->quoted = true;  // there may be braces in the names of folders
  words.erase(at + 1, at + static_cast<std::ptrdiff_t>(file.words));
  return words;
}

/// With full paths, so that it reads the same files from any folder; but what the run itself has
/// written is written again where the script runs.
std::string Recording::TextForScript(const std::string& text) {
  const ReadScript read = ParseScript(text, "");
  if (read.unclosed) return text;
  const std::vector<Statement>& all = read.script->statements;
  if (all.empty() || all.front().bad || all.front().end != all.size()) return text;
  return read.script->WholeTextOf(
      0, [this](const Statement& statement) { return WordsForScript(statement); });
}

void Recording::EndCommand(const Session::CommandRecord& command) {
  if (command.is_planned)
    folder_->EndPlanned(command.cycle);
  else if (command.is_comment)
    folder_->Comment(command.text);
  else
    folder_->EndCommand({.text = command.text, .code = command.code, .message = command.message},
                        {.command = command.redo,
                         .names_nodes = command.redo_names_nodes,
                         .taken_back = command.taken_back},
                        TextForScript(command.text));
  if (folder_->failure() && !std::exchange(failed_, true)) tell_(*folder_->failure());
}

}  // namespace delstep
