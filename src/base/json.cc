#include "base/json.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"
#include "base/utf8.h"

namespace delstep {

std::string JsonString(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    const char32_t c = NextCodePoint(text, i);
    if (c == '"' || c == '\\') {
      out += {'\\', static_cast<char>(c)};
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (IsControl(c)) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else if (c == kReplacement) {
      // Bytes that are no UTF-8 would make the whole text unreadable to a parser of JSON.
      out += "\uFFFD";
    } else {
      out += text.substr(begin, i - begin);
    }
  }
  return out + '"';
}

std::string JsonNumber(double value) { return std::isfinite(value) ? ShortestReal(value) : "null"; }

// The parser stops at the first letter; of "-Infinity" it has read the sign too.
bool StumbledOverNaN(std::string_view token) {
  return token.ends_with('N') || token.ends_with('I');
}

}  // namespace delstep
