#include "console/language/lexer.h"

#include "base/utf8.h"

namespace delstep {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }
bool EndsCommand(char c) { return c == ';' || c == '\n'; }
bool IsBrace(char c) { return c == '{' || c == '}'; }
bool IsPair(std::string_view text) { return text.starts_with("{}"); }

class Lexer {
 public:
  Lexer(std::string_view text, const std::string* file, std::uint32_t line)
      : text_(text), file_(file), line_(line) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  }

  Tokens Run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (IsBlank(c)) {
        Advance();
      } else if (c == '#') {
        TakeComment();
      } else if (EndsCommand(c)) {
        Add(Token::Kind::kEnd, Here(), at_);
        Advance();
      } else if (IsBrace(c)) {
        TakeBrace();
      } else {
        TakeWord();
      }
    }
    Add(Token::Kind::kEnd, Here(), at_);
    return std::move(tokens_);
  }

 private:
  Word Here() const { return {{}, line_, column_, file_, false}; }

  void Add(Token::Kind kind, Word word, std::size_t begin) {
    tokens_.list.push_back({.kind = kind, .word = std::move(word), .begin = begin});
  }

  /// One character, not one byte: columns are counted as editors show them.
  void Advance() {
    if (text_[at_] == '\n') {
      ++line_;
      column_ = 1;
      ++at_;
    } else {
      NextCodePoint(text_, at_);
      ++column_;
    }
  }

  void TakeComment() {
    Word word = Here();
    const std::size_t begin = at_;
    while (at_ < text_.size() && text_[at_] != '\n') Advance();
    word.text = text_.substr(begin, at_ - begin);
    Add(Token::Kind::kComment, std::move(word), begin);
  }

  void TakeBrace() {
    const bool opens = text_[at_] == '{';
    Word word = Here();
    word.text = text_[at_];
    Add(opens ? Token::Kind::kOpen : Token::Kind::kClose, std::move(word), at_);
    Advance();
  }

  void TakeWord() {
    const std::size_t begin = at_;
    Word word = Here();
    std::optional<Word> quote;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      // Quotes may begin and end within a word: a"b c"d is one word.
      if (!quote && (IsBlank(c) || EndsCommand(c))) break;
      const std::size_t from = at_;
      // A pair belongs to the word that it follows ("model-{}.npz"); any other brace ends the word.
      if (!quote && IsBrace(c) && !IsPair(text_.substr(at_))) break;
      if (!quote && IsBrace(c)) {
        word.text += "{}";
        Advance();
        Advance();
        continue;
      }
      if (c == '"') {
        word.quoted = true;
        quote = quote ? std::nullopt : std::optional(Here());
        Advance();
      } else {
        Advance();
        word.text += text_.substr(from, at_ - from);
      }
    }
    // The place where it was opened helps; the end of the text does not.
    if (quote) tokens_.unclosed_quote = quote;
    Add(Token::Kind::kWord, std::move(word), begin);
  }

  std::string_view text_;
  const std::string* file_;
  std::size_t at_ = 0;
  std::uint32_t line_, column_ = 1;
  Tokens tokens_;
};

}  // namespace

bool SplitsAtBraces(std::string_view text) {
  if (!text.empty() && IsBrace(text.front())) return true;
  for (std::size_t at = 0; (at = text.find_first_of("{}", at)) != std::string_view::npos; at += 2)
    if (!IsPair(text.substr(at))) return true;
  return false;
}

Tokens Lex(std::string_view text, const std::string* file, std::uint32_t first_line) {
  return Lexer(text, file, first_line).Run();
}

}  // namespace delstep
