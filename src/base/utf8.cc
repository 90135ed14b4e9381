#include "base/utf8.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace delstep {
namespace {

struct CodePointRange {
  char32_t first, last;
};
constexpr std::array kNarrow = {CodePointRange{0x300, 0x36F}, CodePointRange{0x200B, 0x200F},
                                CodePointRange{0x20D0, 0x20FF}, CodePointRange{0xFE00, 0xFE0F}};
constexpr std::array kWide = {CodePointRange{0x1100, 0x115F},  CodePointRange{0x2E80, 0xA4CF},
                              CodePointRange{0xAC00, 0xD7A3},  CodePointRange{0xF900, 0xFAFF},
                              CodePointRange{0xFE30, 0xFE6F},  CodePointRange{0xFF00, 0xFF60},
                              CodePointRange{0xFFE0, 0xFFE6},  CodePointRange{0x1F300, 0x1FAFF},
                              CodePointRange{0x20000, 0x3FFFD}};

template <class Ranges>
bool Contains(const Ranges& ranges, char32_t c) {
  return std::ranges::any_of(ranges, [c](CodePointRange r) { return r.first <= c && c <= r.last; });
}

std::size_t WidthOf(char32_t c) {
  if (Contains(kNarrow, c)) return 0;
  return Contains(kWide, c) ? 2 : 1;
}

}  // namespace

char32_t NextCodePoint(std::string_view text, std::size_t& offset) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(offset++);
  if (first < 0x80) return first;
  const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  if (first < 0xC2 || first > 0xF4 || offset + more > text.size()) return kReplacement;
  char32_t c = first & (0x3Fu >> more);
  for (std::size_t i = 0; i < more; ++i) {
    if ((byte(offset + i) & 0xC0u) != 0x80u) return kReplacement;
    c = c << 6 | (byte(offset + i) & 0x3Fu);
  }
  constexpr std::array<char32_t, 4> kLeast = {0, 0x80, 0x800, 0x10000};
  if (c < kLeast[more] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) return kReplacement;
  offset += more;
  return c;
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
