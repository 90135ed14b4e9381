#include "base/utf8.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <cassert>

namespace delstep {
namespace {

constexpr char32_t kEndOfAscii = 0x80;

utf8proc_int32_t Signed(char32_t c) { return static_cast<utf8proc_int32_t>(c); }

/// Columns on a terminal: 2 for wide characters such as those of Chinese, 0 for combining marks.
std::size_t WidthOf(char32_t c) {
  if (c < kEndOfAscii) return IsControl(c) ? 0 : 1;
  return static_cast<std::size_t>(utf8proc_charwidth(Signed(c)));
}

/// The bytes of the code point at the front, and the code point; 0 if there is none.
std::size_t Decode(std::string_view text, char32_t& c) {
  if (text.empty()) return 0;
  // Most text is ASCII, which needs no look into tables.
  c = static_cast<unsigned char>(text.front());
  if (c < kEndOfAscii) return 1;
  utf8proc_int32_t decoded = 0;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &decoded);
  if (size <= 0) return 0;
  c = static_cast<char32_t>(decoded);
  return static_cast<std::size_t>(size);
}

}  // namespace

std::size_t CodePointSize(std::string_view text) {
  char32_t ignored = 0;
  return Decode(text, ignored);
}

char32_t NextCodePoint(std::string_view text, std::size_t& offset) {
  assert(offset < text.size());
  char32_t c = 0;
  const std::size_t size = Decode(text.substr(offset), c);
  offset += size == 0 ? 1 : size;
  return size == 0 ? kReplacement : c;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = CodePointSize(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::size_t CodePointBegin(std::string_view text, std::size_t offset) {
  assert(offset <= text.size());
  constexpr std::size_t kMostBytes = 4;
  // A code point has at most 4 bytes: one of the three before must be its first.
  for (std::size_t back = 1; back < kMostBytes && back <= offset; ++back)
    if (CodePointSize(text.substr(offset - back)) > back) return offset - back;
  return offset;
}

void AppendUtf8(char32_t c, std::string& text) {
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(Signed(c), bytes);
  assert(size > 0);
  text.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

bool IsWordCharacter(char32_t c) {
  if (c < kEndOfAscii) return (c >= '0' && c <= '9') || ((c | 0x20u) >= 'a' && (c | 0x20u) <= 'z');
  switch (utf8proc_category(Signed(c))) {
    // Letters, marks on letters, and digits of every script; not symbols, emoji or punctuation.
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
      return true;
    default:
      return false;
  }
}

char32_t LowerCase(char32_t c) {
  if (c < kEndOfAscii) return c >= 'A' && c <= 'Z' ? c + 32 : c;
  return static_cast<char32_t>(utf8proc_tolower(Signed(c)));
}

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < text.size();) width += WidthOf(NextCodePoint(text, i));
  return width;
}

std::string CutToWidth(std::string_view text, std::size_t width) {
  std::size_t used = 0, fits = 0;  // `fits`: bytes that leave room for the "…"
  for (std::size_t i = 0; i < text.size();) {
    used += WidthOf(NextCodePoint(text, i));
    if (used + 1 <= width) fits = i;
    if (used > width) return std::string(text.substr(0, fits)) + "…";
  }
  return std::string(text);
}

std::string WrapText(std::string_view line, std::size_t width, std::size_t indent) {
  if (DisplayWidth(line) <= width) return std::string(line);
  std::string out;
  std::size_t used = 0;
  bool fresh = true;  // no word stands in this row yet
  while (!line.empty()) {
    // Blanks before a word belong to it: those at the line's beginning, and double ones, stay.
    const std::size_t word = std::min(line.find_first_not_of(' '), line.size());
    const std::size_t end = std::min(line.find(' ', word), line.size());
    const std::size_t wide = DisplayWidth(line.substr(0, end));
    if (!fresh && used + wide > width) {
      out += '\n' + std::string(indent, ' ');
      out += line.substr(word, end - word);
      used = indent + wide - word;
    } else {
      out += line.substr(0, end);
      used += wide;
    }
    fresh = false;
    line.remove_prefix(end);
  }
  return out;
}

std::string Printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    const char32_t c = NextCodePoint(text, i);
    if (c == '\t' || c == '\n' || c == '\r') {
      out += ' ';
    } else if (IsControl(c)) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(c));
    } else if (c == kReplacement) {
      out += "\uFFFD";
    } else {
      out += text.substr(begin, i - begin);
    }
  }
  return out;
}

}  // namespace delstep
