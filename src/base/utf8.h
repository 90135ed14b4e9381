#pragma once
/// Text as people see it: code points, letters and columns. What the Unicode standard says of a
/// code point comes from libutf8proc. Bytes that are no UTF-8 count as one character each.
#include <cstddef>
#include <string>
#include <string_view>

namespace delstep {

inline constexpr char32_t kReplacement = 0xFFFD;
/// What some programs write before the first character of a file; it says nothing.
inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// The bytes of the code point at the front of `text`; 0 if there is none: `text` is empty, or
/// begins with a byte that is no UTF-8 (overlong forms, surrogates and what lies beyond U+10FFFF
/// are none).
std::size_t CodePointSize(std::string_view text);

/// The code point at `offset`, which moves past it; U+FFFD for a byte that is no UTF-8. Requires
/// offset < text.size().
char32_t NextCodePoint(std::string_view text, std::size_t& offset);

/// No byte is out of place.
bool IsUtf8(std::string_view text);

/// `offset`, or where the code point begins whose bytes it lies between. Requires offset <=
/// text.size().
std::size_t CodePointBegin(std::string_view text, std::size_t offset);

/// Adds the UTF-8 of a code point. Requires no surrogate and c <= U+10FFFF.
void AppendUtf8(char32_t c, std::string& text);

/// Of ASCII and Latin-1: not to be sent to a terminal.
constexpr bool IsControl(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

/// A part of a word in any script: letters, the marks on them, digits, and numbers that are written
/// as letters (general categories L, M, Nd and Nl). No punctuation and no symbols: no "_", no "²"
/// and no emoji.
bool IsWordCharacter(char32_t c);

/// The small letter of a capital one in any script that has two cases, else `c` itself. One code
/// point for one, the same in every language: "İ" becomes "i", "I" too.
char32_t LowerCase(char32_t c);

/// Columns on a terminal: 0 for combining marks and control characters, 2 for wide characters.
std::size_t DisplayWidth(std::string_view text);
/// At most `width` columns, the last one "…" where something was cut off. Requires width >= 1.
std::string CutToWidth(std::string_view text, std::size_t width);
/// Breaks a line between words, at blanks, where it gets wider than `width`; the lines after the
/// first begin with `indent` blanks. A word that is wider by itself stays whole.
std::string WrapText(std::string_view line, std::size_t width, std::size_t indent);
/// One line, safe to print: blanks for tabs and line ends, "\x1b" for other control characters,
/// U+FFFD for what is no UTF-8.
std::string Printable(std::string_view text);

}  // namespace delstep
