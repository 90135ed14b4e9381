#include "base/cells.h"

#include <algorithm>

#include "base/text.h"

namespace delstep {
namespace {

constexpr std::string_view kBetweenFields = " \t,;|\r\f\v";

/// The text of a field in quotes, whose first one is at `at`, which moves behind the last one.
std::optional<std::string> TakeQuoted(std::string_view line, std::size_t& at) {
  std::string field;
  for (++at; at < line.size(); ++at) {
    if (line[at] != '"') {
      field += line[at];
      continue;
    }
    ++at;
    if (at == line.size() || line[at] != '"') return field;
    field += '"';  // two quotes are one
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<std::string>> FieldsOfLine(std::string_view line) {
  std::vector<std::string> fields;
  for (std::size_t at = 0;;) {
    at = line.find_first_not_of(kBetweenFields, at);
    if (at == line.npos) return fields;
    if (line[at] == '"') {
      auto field = TakeQuoted(line, at);
      if (!field) return std::nullopt;
      fields.push_back(*std::move(field));
      continue;
    }
    const std::size_t end = std::min(line.find_first_of(kBetweenFields, at), line.size());
    fields.emplace_back(line.substr(at, end - at));
    at = end;
  }
}

std::optional<std::vector<std::string>> CellsOfLine(std::string_view line, char separator) {
  if (separator == ' ') return FieldsOfLine(line);
  std::vector<std::string> cells;
  for (std::size_t at = 0;;) {
    at = std::min(line.find_first_not_of(" \r\f\v", at), line.size());
    if (at < line.size() && line[at] == '"') {
      auto cell = TakeQuoted(line, at);
      if (!cell) return std::nullopt;
      cells.push_back(*std::move(cell));
      at = std::min(line.find(separator, at), line.size());
    } else {
      const std::size_t end = std::min(line.find(separator, at), line.size());
      cells.emplace_back(Trim(line.substr(at, end - at)));
      at = end;
    }
    if (at == line.size()) return cells;
    ++at;
  }
}

char SeparatorOf(std::string_view line) {
  // Blanks last: they may stand around the others.
  for (const char separator : {',', ';', '\t', '|'})
    if (line.find(separator) != line.npos) return separator;
  return ' ';
}

std::string PointHint(std::string_view text) {
  std::string number(Trim(text));
  const auto comma = number.find(',');
  if (comma == number.npos) return {};
  number[comma] = '.';
  return ParseReal(number) ? "write a decimal point: " + number : std::string();
}

}  // namespace delstep
