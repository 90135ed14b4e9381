#pragma once
/// One line of a table or a list as its fields. Edge lists, traces, lists of contacts and tables of
/// nodes are all read by these, so that a quote and a separator mean the same in each.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace delstep {

/// The fields of a line between blanks, tabs, commas, semicolons and bars; several of these count
/// as one. A field may stand in double quotes, and "" in it is one quote. Nothing if a quote is not
/// closed.
std::optional<std::vector<std::string>> FieldsOfLine(std::string_view line);
/// The cells of a line of a table, between `separator` alone, so that they may be empty; blanks
/// around them do not count. Between blanks no cell can be empty: it is FieldsOfLine() then.
std::optional<std::vector<std::string>> CellsOfLine(std::string_view line, char separator);

/// The first of comma, semicolon, tab and bar that the line has, else a blank: what separates the
/// cells of a table whose first line this is.
char SeparatorOf(std::string_view line);

/// "write a decimal point: 0.5" for a number such as `0,5`, as spreadsheets write it in many
/// countries; empty for every other text.
std::string PointHint(std::string_view text);

}  // namespace delstep
