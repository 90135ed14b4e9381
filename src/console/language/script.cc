#include "console/language/script.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/files.h"
#include "base/odd_blank.h"
#include "base/pipe.h"
#include "base/plain_text.h"
#include "base/text.h"
#include "base/utf8.h"
#include "console/language/lexer.h"

namespace delstep {
namespace {

/// No one writes such a script, and a device such as /dev/zero has no end.
constexpr std::size_t kLargestScript = std::size_t{256} << 20;

std::vector<Word> OwnWords(const Statement& statement) { return statement.words; }

/// A command that another one, or a block, belongs to.
struct BodyVerb {
  std::string_view verb, needs, example;
};
constexpr BodyVerb kBodyVerbs[] = {
    {"repeat", "a number", "repeat 3 { train; step }"},
    {"at", "a time", "at 60s { node down 10.0.0.3 }"},
    {"every", "a duration", "every 10s { test global }"},
};

/// Null: nothing belongs to it.
const BodyVerb* BodyVerbOf(std::span<const Word> words) {
  const auto found = std::ranges::find(kBodyVerbs, words.front().text, &BodyVerb::verb);
  return found == std::end(kBodyVerbs) ? nullptr : found;
}

/// In `repeat 2{}` the braces belong to the word before them.
Error NeedsMore(const BodyVerb& verb, const Word& last) {
  const bool pair = !last.quoted && last.text.ends_with("{}");
  return UsageError(
      fmt::format("{} needs {} and a command", verb.verb, verb.needs),
      pair ? fmt::format("'{}' is one word: a blank before the '{{' ends it", last.text)
           : fmt::format("for example: {}", verb.example));
}

/// Written so that it reads back as the same word.
bool NeedsQuotes(std::string_view text, bool quoted) {
  return text.empty() || text.front() == '#' || (quoted && SplitsAtBraces(text)) ||
         text.find_first_of(" ;") != std::string_view::npos;
}

/// "set KEY=VALUE", "set KEY = VALUE": the '=' of scenario files and of the command line is taken
/// for the blank that stands there in a command.
void PartAtEquals(std::vector<Word>& words) {
  if (words.size() < 2 || words[0].text != "set" || words[1].quoted) return;
  Word& key = words[1];
  if (const auto equals = key.text.find('='); equals != std::string::npos && equals > 0) {
    Word value = key;
    value.text = key.text.substr(equals + 1);
    value.column += static_cast<std::uint32_t>(equals + 1);  // keys are ASCII
    key.text.resize(equals);
    if (!value.text.empty()) words.insert(words.begin() + 2, std::move(value));
  } else if (words.size() > 3 && words[2].text == "=" && !words[2].quoted) {
    words.erase(words.begin() + 2);
  } else if (words.size() > 2 && words[2].text.size() > 1 && words[2].text.front() == '=' &&
             !words[2].quoted) {
    words[2].text.erase(0, 1);
    ++words[2].column;
  }
}

/// Builds the flat list. `open_` holds what is not complete: repeats whose body follows, and blocks
/// that are not to be run but must be closed.
class Parser {
 public:
  Parser(Script& script, std::vector<Token> tokens) : script_(script), tokens_(std::move(tokens)) {}

  std::optional<Error> Run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      Token& token = tokens_[i];
      switch (token.kind) {
        case Token::Kind::kWord:
          TakeWord(std::move(token.word));
          break;
        case Token::Kind::kOpen:
          TakeOpen(token.word, MeantWord(i));
          break;
        case Token::Kind::kClose:
          TakeClose(token.word);
          break;
        case Token::Kind::kComment:
          TakeComment(token.word);
          break;
        case Token::Kind::kEnd:
          if (!BlockFollows(i)) EndStatement(token.word);
      }
    }
    script_.last_comments = std::move(comments_);
    const auto block =
        std::ranges::find_if(open_, [](const Open& o) { return o.brace.has_value(); });
    if (block == open_.end()) return std::nullopt;
    // A brace that should not be there at all need not be closed either.
    const auto& bad = list()[block->statement].bad;
    if (bad && bad->where == PlaceOf(*block->brace)) return *bad;
    const std::string hint =
        last_pair_.empty()
            ? "end the block with a '}'"
            : fmt::format("end the block with a '}}'; the one in '{}' is part of that word",
                          last_pair_);
    return At(*block->brace, UsageError("'{' is never closed", hint));
  }

  std::size_t open_blocks() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(open_, [](const Open& o) { return o.brace.has_value(); }));
  }
  /// The text ends after a `repeat N`: its block may follow.
  bool awaits_block() const { return awaits_block_; }

 private:
  struct Open {
    std::size_t statement;      // the repeat
    std::size_t head;           // the outermost repeat of its statement
    std::optional<Word> brace;  // none: its body is the rest of the statement
  };
  enum class State { kStart, kWords, kAfterBlock };

  std::vector<Statement>& list() { return script_.statements; }

  /// A new statement at the end of the list; its `end` is set when its body is known.
  void Begin(Word word) {
    head_ = list().size();
    AddStatement(std::move(word));
    state_ = State::kWords;
  }

  void AddStatement(Word word) {
    if (word.text == "?" && !word.quoted) word.text = "help";
    last_line_ = word.line;
    list().emplace_back().words.push_back(std::move(word));
    list().back().comments = std::exchange(comments_, {});
  }

  /// Behind a command on its line it is a remark on that; on a line of its own it belongs to what
  /// follows.
  void TakeComment(const Word& comment) {
    std::string text(Trim(comment.text));
    const bool behind = !list().empty() && last_line_ == comment.line;
    if (behind)
      list().back().remark = std::move(text);
    else
      comments_.push_back(std::move(text));
  }

  void Fail(std::size_t statement, Error error) {
    if (!list()[statement].bad) list()[statement].bad = std::make_unique<Error>(std::move(error));
  }

  bool AwaitsBody() const {
    return state_ == State::kWords && NeedsBody(script_.statements.back().words);
  }

  bool IsNewLine(const Token& token) const {
    return token.kind == Token::Kind::kEnd && token.begin < script_.text.size() &&
           script_.text[token.begin] == '\n';
  }

  /// The token ends the line of a `repeat N` whose `{` stands on a later line, with nothing
  /// between.
  bool BlockFollows(std::size_t i) {
    if (!AwaitsBody()) return false;
    while (IsNewLine(tokens_[i]) || tokens_[i].kind == Token::Kind::kComment) ++i;
    awaits_block_ = i + 1 == tokens_.size();
    return tokens_[i].kind == Token::Kind::kOpen;
  }

  void TakeWord(Word word) {
    if (!word.quoted && word.text.ends_with("{}")) last_pair_ = word.text;
    if (state_ == State::kAfterBlock) {
      Fail(head_, At(word, UsageError(fmt::format("'{}' follows a '}}'", word.text),
                                      "put a ';' or a new line between them")));
      return;
    }
    if (AwaitsBody()) {
      open_.push_back({list().size() - 1, head_, std::nullopt});
      AddStatement(std::move(word));
    } else if (state_ == State::kStart) {
      Begin(std::move(word));
    } else {
      last_line_ = word.line;
      list().back().words.push_back(std::move(word));
    }
  }

  /// "{}.npz": the word that a pair of braces was meant to begin; empty: none was.
  std::string MeantWord(std::size_t i) const {
    const std::size_t after = tokens_[i].begin + 2;
    const bool is_pair = i + 2 < tokens_.size() && tokens_[i + 1].kind == Token::Kind::kClose &&
                         tokens_[i + 1].begin + 1 == after;
    const bool touches =
        is_pair && tokens_[i + 2].kind == Token::Kind::kWord && tokens_[i + 2].begin == after;
    return touches ? "{}" + tokens_[i + 2].word.text : "";
  }

  void TakeOpen(const Word& brace, const std::string& meant) {
    if (state_ == State::kStart) Begin(brace);
    const bool fits = AwaitsBody();
    const std::size_t owner = state_ == State::kAfterBlock ? head_ : list().size() - 1;
    if (!fits) {
      std::string hint = meant.empty() ? "for example: repeat 3 { train; step }"
                                       : fmt::format("write \"{}\", with quotes", meant);
      // "repeat 3" with a no-break space is one word.
      for (const Word& word : list()[owner].words)
        if (std::string blank = OddBlankHint(word.text); !blank.empty()) hint = std::move(blank);
      const Word& verb = list()[owner].words.front();
      const bool loops = verb.text == "for" || verb.text == "while" || verb.text == "loop";
      Fail(owner,
           loops
               ? At(verb, UsageError(fmt::format("no command named '{}'", verb.text), hint))
               : At(brace, UsageError("'{' only follows 'repeat N', 'at TIME' and 'every DURATION'",
                                      hint)));
    }
    open_.push_back({.statement = owner, .head = head_, .brace = brace});
    list()[owner].block = true;
    state_ = State::kStart;
  }

  void TakeClose(const Word& brace) {
    if (state_ != State::kStart) EndStatement(brace);
    if (open_.empty()) {
      Begin(brace);
      Fail(list().size() - 1, At(brace, UsageError("'}' closes nothing", "remove it")));
      return;
    }
    const Open block = std::move(open_.back());  // EndStatement left only blocks on top
    open_.pop_back();
    head_ = block.head;
    list()[block.statement].end = list().size();
    state_ = State::kAfterBlock;
  }

  void EndStatement(const Word& end) {
    if (state_ == State::kStart) return;
    const BodyVerb* verb = state_ == State::kWords ? BodyVerbOf(list().back().words) : nullptr;
    if (verb) Fail(list().size() - 1, At(end, NeedsMore(*verb, list().back().words.back())));
    // `repeat 2 repeat 3 train`: the end of the line ends all of them.
    while (!open_.empty() && !open_.back().brace) {
      list()[open_.back().statement].end = list().size();
      open_.pop_back();
    }
    state_ = State::kStart;
  }

  Script& script_;
  std::vector<Token> tokens_;
  std::vector<Open> open_;
  State state_ = State::kStart;
  std::size_t head_ = 0;
  std::vector<std::string> comments_;  // since the last statement
  std::string last_pair_;              // a word that ends with {}
  std::uint32_t last_line_ = 0;        // of the last word of the last statement
  bool awaits_block_ = false;
};

}  // namespace

bool NeedsBody(std::span<const Word> words) { return words.size() == 2 && BodyVerbOf(words); }

std::string PlaceOf(const Word& word) {
  return word.file ? fmt::format("{}:{}:{}", *word.file, word.line, word.column) : std::string();
}

Error At(const Word& word, Error error) {
  if (error.where.empty()) error.where = PlaceOf(word);
  return error;
}

std::string CommandText(const std::vector<Word>& words) {
  std::string text;
  for (const Word& word : words) {
    if (!text.empty()) text += ' ';
    std::string plain = word.text;
    for (char& c : plain)
      if (c == '\t' || c == '\n' || c == '\r') c = ' ';
    text += NeedsQuotes(plain, word.quoted) ? '"' + plain + '"' : plain;
  }
  return text;
}

std::string Script::WholeTextOf(std::size_t statement, const WordsOf& words_of) const {
  const Statement& its = statements[statement];
  const std::string command = CommandText(words_of(its));
  if (its.block) return fmt::format("{} {{ {} }}", command, BodyOf(statement, words_of));
  return its.end > statement + 1 ? command + ' ' + BodyOf(statement, words_of) : command;
}

std::string Script::BodyOf(std::size_t statement, const WordsOf& words_of) const {
  std::vector<std::string> commands;
  for (std::size_t i = statement + 1; i < statements[statement].end; i = statements[i].end)
    commands.push_back(WholeTextOf(i, words_of));
  return Join(commands, "; ");
}

std::string Script::BodyOf(std::size_t statement) const { return BodyOf(statement, OwnWords); }

std::string Script::TextOf(std::size_t statement) const {
  // What is planned is part of the command, and not run after it.
  const std::string& verb = statements[statement].words.front().text;
  if (verb == "at" || verb == "every") return WholeTextOf(statement, OwnWords);
  std::string command = CommandText(statements[statement].words);
  while (!statements[statement].block && statements[statement].end > statement + 1)
    command += ' ' + CommandText(statements[++statement].words);
  return statements[statement].block ? command + " { ... }" : command;
}

std::string_view Script::Line(std::size_t number) const {
  std::string_view rest = text;
  for (; number > first_line; --number) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
  rest = rest.substr(0, rest.find('\n'));
  return rest.ends_with('\r') ? rest.substr(0, rest.size() - 1) : rest;
}

ReadScript ParseScript(std::string text, std::string file, std::uint32_t first_line) {
  auto script = std::make_shared<Script>();
  script->file = std::move(file);
  script->text = std::move(text);
  script->first_line = first_line;
  Tokens tokens = Lex(script->text, &script->file, first_line);
  ReadScript read;
  if (tokens.unclosed_quote)
    read.unclosed = At(*tokens.unclosed_quote,
                       UsageError("'\"' is never closed", "end the quoted text with a '\"'"));
  Parser parser(*script, std::move(tokens.list));
  std::optional<Error> brace = parser.Run();
  read.in_quote = read.unclosed.has_value();
  if (!read.unclosed) read.unclosed = std::move(brace);
  // What stands in the quote is no command.
  if (read.in_quote && !script->statements.empty())
    script->statements.back().bad = std::make_unique<Error>(*read.unclosed);
  read.open_blocks = parser.open_blocks();
  read.awaits_block = parser.awaits_block();
  for (std::size_t i = 0; i < script->statements.size(); ++i) {
    // A block that is never closed reaches to the end of the text, for who looks for errors in it.
    Statement& statement = script->statements[i];
    const bool open = statement.block && NeedsBody(statement.words);
    if (statement.end == 0) statement.end = open ? script->statements.size() : i + 1;
    PartAtEquals(script->statements[i].words);
  }
  read.script = std::move(script);
  return read;
}

Result<ReadScript> ReadScriptFile(const std::string& path, std::stop_token stop) {
  if (!IsPipe(path)) {
    DELSTEP_ASSIGN(std::string text, ReadText(path, kLargestScript));
    return ParseScript(std::move(text), path);
  }
  DELSTEP_ASSIGN(std::string bytes, ReadPipe(path, kLargestScript, std::move(stop)));
  DELSTEP_ASSIGN(std::string text, PlainText(std::move(bytes), path));
  return ParseScript(std::move(text), path);
}

}  // namespace delstep
