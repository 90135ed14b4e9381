#pragma once
/// The lines of an edge list as fields, before anything is made of them.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "delstep/result.h"

namespace delstep {

/// A line that is no comment and not empty.
struct EdgeLine {
  std::size_t offset = 0;           ///< of its beginning in the text
  std::string_view text;            ///< without a comment at its end
  std::vector<std::string> fields;  ///< without quotes
  /// `{'weight': 2.5}` at the end of a line, as networkx writes data; empty if there is none.
  std::string_view dictionary;
};

/// Whether a word has no letter and no digit: `->`.
bool IsPunctuation(std::string_view word);

/// Calls `visit` for each line in order until it returns an error, which is returned. Comments
/// begin with `#` anywhere, with `%` or `//` after a blank, and with these or `;` at the beginning
/// of a line; `sep=;` is one too. A line whose quote is not closed has no fields.
Result<void> EachEdgeLine(std::string_view text,
                          const std::function<Result<void>(const EdgeLine&)>& visit);

/// The names and values of a dictionary of Python or JSON; texts come without quotes, other values
/// as they are written, inner lists and dictionaries included. Nothing if it is none.
std::optional<std::vector<std::pair<std::string, std::string>>> ReadDictionary(
    std::string_view text);

}  // namespace delstep
