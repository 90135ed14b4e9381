#include "console/language/lexer.h"

#include "base/utf8.h"

namespace delstep {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }
bool EndsCommand(char c) { return c == ';' || c == '\n'; }

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
        while (at_ < text_.size() && text_[at_] != '\n') Advance();
      } else if (EndsCommand(c)) {
        Add(Token::Kind::kEnd, Here(), at_);
        Advance();
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

  void TakeWord() {
    const std::size_t begin = at_;
    Word word = Here();
    std::optional<Word> quote;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      // Quotes may begin and end within a word: a"b c"d is one word.
      if (!quote && (IsBlank(c) || EndsCommand(c))) break;
      const std::size_t from = at_;
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
    auto kind = Token::Kind::kWord;
    if (!word.quoted && word.text == "{") kind = Token::Kind::kOpen;
    if (!word.quoted && word.text == "}") kind = Token::Kind::kClose;
    Add(kind, std::move(word), begin);
  }

  std::string_view text_;
  const std::string* file_;
  std::size_t at_ = 0;
  std::uint32_t line_, column_ = 1;
  Tokens tokens_;
};

}  // namespace

Tokens Lex(std::string_view text, const std::string* file, std::uint32_t first_line) {
  return Lexer(text, file, first_line).Run();
}

}  // namespace delstep
