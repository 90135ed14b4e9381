#pragma once
/// Text → tokens; see script.h for the language.
#include <optional>
#include <string_view>
#include <vector>

#include "console/language/script.h"

namespace delstep {

struct Token {
  enum class Kind { kWord, kOpen, kClose, kEnd };  ///< kEnd: `;`, a new line or the end of the text
  Kind kind = Kind::kEnd;
  Word word;
  std::size_t begin = 0;  ///< offset of its first byte
};

struct Tokens {
  std::vector<Token> list;               ///< the last one is a kEnd
  std::optional<Word> unclosed_quote{};  ///< the word in which it was opened
};

Tokens Lex(std::string_view text, const std::string* file, std::uint32_t first_line = 1);

}  // namespace delstep
