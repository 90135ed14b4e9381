#pragma once
/// Text → tokens; see script.h for the language.
#include <optional>
#include <string_view>
#include <vector>

#include "console/language/script.h"

namespace delstep {

struct Token {
  /// kComment: from its `#` to the end of the line; kEnd: `;`, a new line or the end of the text.
  enum class Kind { kWord, kOpen, kClose, kComment, kEnd };
  Kind kind = Kind::kEnd;
  Word word;
  std::size_t begin = 0;  ///< offset of its first byte
};

struct Tokens {
  std::vector<Token> list;               ///< the last one is a kEnd
  std::optional<Word> unclosed_quote{};  ///< the word in which it was opened
};

/// Whether braces in the text would end a word if it were written without quotes.
bool SplitsAtBraces(std::string_view text);

Tokens Lex(std::string_view text, const std::string* file, std::uint32_t first_line = 1);

}  // namespace delstep
