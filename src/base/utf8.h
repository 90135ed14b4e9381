#pragma once
/// Text as people see it: code points and columns. Bytes that are no UTF-8 count as one character
/// each.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace delstep {

inline constexpr char32_t kReplacement = 0xFFFD;

/// The code point at `offset`, which moves behind it; U+FFFD for a byte that is no UTF-8. Requires
/// offset < text.size().
char32_t NextCodePoint(std::string_view text, std::size_t& offset);

/// Of ASCII and Latin-1: not to be sent to a terminal.
constexpr bool IsControl(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

/// Columns on a terminal: 0 for combining marks, 2 for wide characters.
std::size_t DisplayWidth(std::string_view text);
/// At most `width` columns, the last one "…" where something was cut off. Requires width >= 1.
std::string CutToWidth(std::string_view text, std::size_t width);
/// One line, safe to print: blanks for tabs and line ends, "\x1b" for other control characters,
/// U+FFFD for what is no UTF-8.
std::string Printable(std::string_view text);

}  // namespace delstep
