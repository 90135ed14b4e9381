#pragma once
/// The command language: text → words → statements.
///
/// `;` or a new line ends a command; `#` at the start of a word begins a comment; `"..."` quotes
/// (there is no escape, a quoted part may hold line ends). Outside quotes `{` and `}` are words of
/// their own even where they touch others: `repeat 3 {train; ag}`. Only a `{}` inside or at the end of
/// a longer word belongs to it: `model-{}.npz`. The `{` of a `repeat N` may stand on the next line.
/// `?` where a command begins is short for `help`; `set KEY=VALUE` is read as `set KEY VALUE`.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/result.h"

namespace delstep {

struct Word {
  std::string text;
  std::uint32_t line = 1, column = 1;  ///< from 1; columns count code points
  /// The name of the text it stands in, which lives as long as the script; null: in none.
  const std::string* file = nullptr;
  bool quoted = false;
};

/// "exp.del:12:7"; empty for a word that stands nowhere.
std::string PlaceOf(const Word& word);
/// The error, said to lie at the word unless it already lies somewhere.
Error At(const Word& word, Error error);
/// Words as a command that reads back as the same words; line ends and tabs in them become blanks.
std::string CommandText(const std::vector<Word>& words);

struct Statement {
  std::vector<Word> words;  ///< not empty; of a repeat: "repeat" and its count
  /// Index after the statement's body. The body of `repeat`, `at` and `every` are the statements
  /// from the next index on.
  std::size_t end = 0;
  bool block = false;  ///< the body stands in braces
  /// Wrong in form; said when the statement is reached, which then does nothing.
  std::unique_ptr<const Error> bad;
  /// Comments on the lines before it, with their `#`.
  std::vector<std::string> comments;
  /// The comment behind it on its line; empty: none.
  std::string remark;
};

/// Whether a command or a block must follow for them to be a whole command: `repeat N`, `at TIME`,
/// `every DURATION`.
bool NeedsBody(std::span<const Word> words);

/// A text that was read. Statements of bodies lie flat after their repeat, so nesting costs no
/// recursion. Immutable; its words point to `file`, so it does not move.
struct Script {
  std::string file;
  std::string text;
  std::uint32_t first_line = 1;  ///< number of the text's first line
  std::vector<Statement> statements;
  std::vector<std::string> last_comments;  ///< after the last statement

  Script() = default;
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  /// For messages and the log: "repeat 3 train", "repeat 3 { ... }", "at 5s { train; ag }".
  std::string TextOf(std::size_t statement) const;
  /// The commands of its body: "train; repeat 2 { ag }"; reads back as the same commands.
  std::string BodyOf(std::size_t statement) const;
  /// The statement with its body, each with the words that `words_of` gives in place of its own.
  using WordsOf = std::function<std::vector<Word>(const Statement&)>;
  std::string WholeTextOf(std::size_t statement, const WordsOf& words_of) const;
  /// Line `number` (from first_line) without its end; empty if there is none.
  std::string_view Line(std::size_t number) const;

 private:
  std::string BodyOf(std::size_t statement, const WordsOf& words_of) const;
};

struct ReadScript {
  std::shared_ptr<const Script> script;
  /// A `{` or `"` that is never closed, with the place where it was opened (kUsage): nothing may be
  /// run.
  std::optional<Error> unclosed;
  bool in_quote = false;        ///< a `"` is not closed
  std::size_t open_blocks = 0;  ///< `{` that are not closed
  /// It ends with a `repeat N` and line ends: the `{` may stand on the next line.
  bool awaits_block = false;
};
/// `first_line` is the number of the text's first line. Never fails otherwise.
ReadScript ParseScript(std::string text, std::string file, std::uint32_t first_line = 1);

/// What stands for the file of a script that was typed, or came by a pipe, and of a request.
inline constexpr const char* kInputName = "stdin";
inline constexpr const char* kRequestName = "request";

/// Reads a script file, or a pipe to its end. Errors: kFile if it cannot be read; kInterrupted if a
/// stop ended the wait for a pipe.
Result<ReadScript> ReadScriptFile(const std::string& path, std::stop_token stop = {});

}  // namespace delstep
