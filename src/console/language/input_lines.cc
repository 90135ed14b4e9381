#include "console/language/input_lines.h"

#include <utility>

#include "console/language/lexer.h"

namespace delstep {

bool InputLines::Add(std::string_view line, std::uint32_t number) {
  line_ = number == 0 ? line_ + 1 : number;
  const bool more = !text_.empty();
  if (!more) first_line_ = line_;
  text_.append(line).push_back('\n');
  if (more && StillOpen(line)) return false;
  // The whole text is read again: only so is it known what is still open.
  const ReadScript read = ParseScript(text_, {});
  in_quote_ = read.in_quote;
  depth_ = read.open_blocks;
  return !read.unclosed && !read.awaits_block;
}

/// Looks at the new line alone: a block of many lines would be read again for each. False: perhaps
/// complete.
bool InputLines::StillOpen(std::string_view line) {
  const bool has_quote = line.find('"') != std::string_view::npos;
  if (in_quote_ || has_quote) return !has_quote;
  for (const Token& token : Lex(line, nullptr).list) {
    if (token.kind == Token::Kind::kEnd || token.kind == Token::Kind::kComment) continue;
    if (depth_ == 0) return false;
    if (token.kind == Token::Kind::kOpen) ++depth_;
    if (token.kind == Token::Kind::kClose && --depth_ == 0) return false;
  }
  return true;
}

std::string InputLines::Take() { return std::exchange(text_, {}); }

}  // namespace delstep
