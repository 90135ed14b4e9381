#include "console/session/completion.h"

#include <algorithm>
#include <filesystem>

#include "base/files.h"
#include "base/text.h"
#include "base/utf8.h"
#include "console/commands/break_condition.h"
#include "console/commands/command_table.h"
#include "console/commands/help.h"
#include "console/commands/metric_table.h"
#include "console/language/lexer.h"
#include "scenario/catalogue.h"
#include "scenario/keys.h"

namespace delstep {
namespace {

/// The command at the end of a line: its whole words, and the one being typed.
struct Typing {
  std::vector<Word> words;
  std::string prefix;
  std::size_t begin = 0;
  bool in_comment = false;
};

Typing ReadTyping(std::string_view line) {
  static const std::string kFile;
  Typing typing;
  typing.begin = line.size();
  Tokens tokens = Lex(line, &kFile);
  auto last_kind = Token::Kind::kEnd;  // of the last token before the end of the text
  for (Token& token : tokens.list) {
    if (token.kind == Token::Kind::kComment) typing.in_comment = true;
    if (&token != &tokens.list.back()) last_kind = token.kind;
    if (token.kind != Token::Kind::kWord) {
      const bool last = token.kind == Token::Kind::kEnd && token.begin == line.size();
      if (!last) typing.words.clear();
      continue;
    }
    // The body of an inline repeat is a command of its own.
    if (NeedsBody(typing.words)) typing.words.clear();
    typing.words.push_back(std::move(token.word));
    typing.begin = token.begin;
  }
  // In a quote a blank belongs to the word.
  const bool between = !tokens.unclosed_quote &&
                       (line.empty() || last_kind != Token::Kind::kWord ||
                        std::string_view(" \t;").find(line.back()) != std::string_view::npos);
  if (typing.words.empty() || between) {
    typing.begin = line.size();
    return typing;
  }
  typing.prefix = typing.words.back().text;
  typing.words.pop_back();
  return typing;
}

void AddFiles(std::string_view prefix, std::vector<std::string>& words) {
  namespace fs = std::filesystem;
  const auto slash = prefix.rfind('/');
  const std::string folder(slash == std::string_view::npos ? "" : prefix.substr(0, slash + 1));
  std::error_code error;
  // The word stays as it is typed: commands take `~`, too.
  const std::string path = folder.empty() ? "." : ExpandHome(folder);
  for (fs::directory_iterator i(path, error), end; !error && i != end; i.increment(error)) {
    std::string name = folder + i->path().filename().string();
    // Nothing that could be typed says a quote or a control character.
    if (name.find('"') != std::string::npos || Printable(name) != name) continue;
    if (i->is_directory(error)) name += '/';
    words.push_back(std::move(name));
  }
}

void AddKeys(bool settable_only, std::vector<std::string>& words) {
  for (const Key& key : Keys())
    if (key.settable() || !settable_only) words.emplace_back(key.name);
}

/// The numbers of those that are not yet aggregated.
void AddMessages(const Simulation& simulation, std::vector<std::string>& words) {
  for (const MessageView& view : simulation.Messages({}))
    words.push_back(std::to_string(static_cast<std::uint64_t>(view.message.id)));
}

/// What the candidates for a word depend on, besides what it may be.
struct Where {
  const CommandArguments& before;  ///< the arguments that stand before it
  std::string_view prefix;         ///< what is typed of it
  const Simulation& simulation;
  const Registry& registry;
  const Moments& moments;
};

/// What `switch` may name.
std::vector<std::string> BranchNames(const Moments& moments) {
  std::vector<std::string> names;
  for (const Branch& branch : moments.branches()) names.push_back(branch.name);
  return names;
}

/// What the key before it may be set to, where that is one of a few words.
void AddValues(const Where& where, std::vector<std::string>& values) {
  const Argument* name = where.before.Find("KEY");
  if (!name || where.before.Has("VALUE")) return;
  const Key* key = FindKey(name->word->text);
  if (key == nullptr) return;
  for (std::string& choice : key->Choices(where.registry)) values.push_back(std::move(choice));
  // A part may be a file of the user's: those with the right ending, and folders on the way.
  const std::vector<std::string> endings = key->Endings(where.registry);
  if (endings.empty()) return;
  std::vector<std::string> files;
  AddFiles(where.prefix, files);
  for (std::string& file : files)
    if (file.ends_with('/') || std::ranges::any_of(endings, [&](const std::string& ending) {
          return file.ends_with(ending);
        }))
      values.push_back(std::move(file));
}

/// Brackets may hold blanks: what stands before the word then begins in an earlier one.
void AddMetrics(const Where& where, std::string_view placeholder, const Directory& directory,
                std::vector<std::string>& words) {
  const std::string before = where.before.TextOf(placeholder);
  const std::size_t open = before.rfind('(');
  std::string head;
  if (open != std::string::npos && before.find(')', open) == std::string::npos)
    head = before.substr(before.rfind(' ', open) + 1) + ' ';
  for (const std::string& word : CompleteMetric(head + std::string(where.prefix), directory))
    words.push_back(word.substr(head.size()));
}

/// A breakpoint waits for a happening or a condition, and its first word says for which.
void AddBreakWords(const Where& where, const Directory& directory,
                   std::vector<std::string>& words) {
  const std::string before = where.before.TextOf("EVENT");
  if (before.starts_with("delete")) return;  // `break delete` takes no condition
  const auto happening = CompleteHappening(before, directory);
  if (happening) words.insert(words.end(), happening->begin(), happening->end());
  if (!happening || before.empty()) AddMetrics(where, "EVENT", directory, words);
}

void AddCandidates(const Atom& atom, const Where& where, std::vector<std::string>& words) {
  const SimulationDirectory directory(where.simulation);
  const auto add = [&](std::vector<std::string> more, std::string_view before = "") {
    for (std::string& word : more) words.push_back(std::string(before) + word);
  };
  switch (atom.kind) {
    case ArgumentKind::kLiteral:
      return words.push_back(atom.text);
    case ArgumentKind::kNodes:
      words.push_back("all");
      add(directory.GroupNames(), "@");
      return add(NodeWords(directory));
    case ArgumentKind::kNode:
      return add(NodeWords(directory));
    case ArgumentKind::kGroup:
      return add(directory.GroupNames());
    case ArgumentKind::kScript:
    case ArgumentKind::kResultsFile:
    case ArgumentKind::kGraphFile:
    case ArgumentKind::kModelFile:
    case ArgumentKind::kCheckpointFile:
      return AddFiles(where.prefix, words);
    case ArgumentKind::kKey:
      return AddKeys(true, words);
    case ArgumentKind::kKeyPrefix:
      return AddKeys(false, words);
    case ArgumentKind::kMessage:
      return AddMessages(where.simulation, words);
    case ArgumentKind::kClass:
      return add(where.simulation.ClassNames());
    case ArgumentKind::kMoment:
      return add(where.moments.Names());
    case ArgumentKind::kBranch:
      return add(BranchNames(where.moments));
    case ArgumentKind::kText:
      if (atom.text == "TOPIC" && where.before.list().empty()) add(HelpTopics());
      if (atom.text == "VALUE") AddValues(where, words);
      if (atom.text == "SCENARIO")
        for (ScenarioEntry& entry : ListScenarios()) words.push_back(std::move(entry.name));
      // A duration follows `for`.
      if (atom.text == "UNTIL" && where.before.TextOf("UNTIL").ends_with(" for")) return;
      if (atom.text == "CONDITION" || atom.text == "UNTIL")
        AddMetrics(where, atom.text, directory, words);
      if (atom.text == "EVENT") AddBreakWords(where, directory, words);
      return;
    default:
      return;
  }
}

}  // namespace

Completion CompleteLine(std::string_view line, const Simulation& simulation,
                        const Registry& registry, const Moments& moments) {
  const Typing typing = ReadTyping(line);
  Completion completion{typing.begin, {}};
  if (typing.in_comment) return completion;
  std::vector<std::string>& words = completion.words;
  if (typing.words.empty() || NeedsBody(typing.words)) {
    words.assign(Verbs().begin(), Verbs().end());
  } else {
    for (const Fitting& row : FittingCommands(typing.words))
      // Only rows that fit all that stands before; each says what it would take next.
      if (row.fit.matched == typing.words.size() && !row.fit.wrong_value) {
        const Where where{.before = row.fit.arguments,
                          .prefix = typing.prefix,
                          .simulation = simulation,
                          .registry = registry,
                          .moments = moments};
        for (const Atom& atom : row.fit.expected) AddCandidates(atom, where, words);
      }
  }
  std::erase_if(words, [&](const std::string& word) { return !word.starts_with(typing.prefix); });
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return completion;
}

std::string HintForLine(std::string_view line) {
  Typing typing = ReadTyping(line);
  if (!typing.prefix.empty()) {
    Word word;
    word.text = typing.prefix;
    typing.words.push_back(std::move(word));
  }
  if (typing.words.empty()) return {};
  const std::vector<Fitting> rows = FittingCommands(typing.words);
  if (rows.empty()) return {};
  // The row that got furthest; of those one that is complete already, or, behind a blank, one that
  // takes another word.
  const bool goes_on = typing.prefix.empty();
  const auto best = std::ranges::max_element(rows, {}, [&](const Fitting& row) {
    return 2 * row.fit.matched + (goes_on ? !row.fit.expected.empty() : !row.fit.error);
  });
  return std::string(best->command->usage);
}

}  // namespace delstep
