#include "console/language/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "base/pipe.h"
#include "base/text.h"
#include "base/utf8.h"

namespace delstep {
namespace {

constexpr std::size_t kWidth = 96;

std::string Paint(std::string_view text, std::string_view style, bool color) {
  return color ? fmt::format("\x1b[{}m{}\x1b[0m", style, text) : std::string(text);
}

/// A compiler's message has many lines; those after the first are indented, so that they are seen to
/// belong to it. Anything else that a terminal would obey is made visible.
std::string PrintableLines(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  std::vector<std::string> lines;
  for (const std::string_view line : Split(text, '\n')) lines.push_back(Printable(line));
  return Join(lines, "\n  ");
}

/// The part of the line around the column that fits, and a caret below the column. A printable
/// character may be wider than its code point, so the caret is placed by the printed text before
/// it.
std::string Excerpt(std::string_view line, std::size_t column) {
  std::size_t at = 0;
  for (std::size_t i = 1; i < column && at < line.size(); ++i) NextCodePoint(line, at);
  std::size_t end = at;
  while (end < line.size() && line[end] != ' ' && line[end] != '\t' && line[end] != ';') ++end;
  // A very long line is cut in front too: the place must be seen.
  const std::size_t begin = at > kWidth ? CodePointBegin(line, at - kWidth / 2) : 0;
  const std::string before = Printable(line.substr(begin, at - begin));
  const std::string shown = CutToWidth(before + Printable(line.substr(at, 4 * kWidth)), kWidth);
  const std::size_t blanks = DisplayWidth(before);
  const std::size_t word = DisplayWidth(Printable(line.substr(at, std::min(end - at, 4 * kWidth))));
  const std::size_t room = kWidth > blanks ? kWidth - blanks : 1;
  const std::size_t marks = std::clamp<std::size_t>(word, 1, room);
  return fmt::format("  {}\n  {}^{}\n", shown, std::string(blanks, ' '),
                     std::string(marks - 1, '~'));
}

}  // namespace

std::optional<SourcePlace> ParsePlace(std::string_view where) {
  // From the back: names of files may hold colons.
  const auto second = where.rfind(':');
  if (second == std::string_view::npos || second == 0) return std::nullopt;
  const auto first = where.rfind(':', second - 1);
  if (first == std::string_view::npos) return std::nullopt;
  const auto line = ParseUnsigned(where.substr(first + 1, second - first - 1));
  const auto column = ParseUnsigned(where.substr(second + 1));
  if (!line || !column || *line == 0 || *column == 0) return std::nullopt;
  return SourcePlace{std::string(where.substr(0, first)), *line, *column};
}

// Read again, and only now: most scripts have no error. Gone or changed, it shows nothing.
// A pipe has nothing to be read again, and would wait for ever.
std::string ReadSourceLine(const SourcePlace& place) {
  if (IsPipe(place.file)) return {};
  std::ifstream in(place.file, std::ios::binary);
  std::string line;
  for (std::size_t i = 0; i < place.line && in; ++i) std::getline(in, line);
  return in ? line : std::string();
}

std::string FormatError(const Error& error, std::string_view line,
                        std::span<const std::string> chain, bool color, bool names_place) {
  std::string text;
  if (!error.where.empty() && names_place) text += Paint(Printable(error.where) + ": ", "1", color);
  text += Paint("error: ", "1;31", color) + PrintableLines(error.message) + '\n';
  const auto place = ParsePlace(error.where);
  if (!line.empty() && place) text += Excerpt(line, place->column);
  // The place first, all of it; the hint would else seem to go on in it.
  for (const std::string& load : chain) text += "  loaded from " + Printable(load) + '\n';
  if (!error.hint.empty()) text += "  hint: " + PrintableLines(error.hint) + '\n';
  return text;
}

std::string FormatErrorWithSource(const Error& error, std::span<const std::string> chain,
                                  bool color) {
  const auto place = ParsePlace(error.where);
  return FormatError(error, place ? ReadSourceLine(*place) : std::string(), chain, color);
}

}  // namespace delstep
