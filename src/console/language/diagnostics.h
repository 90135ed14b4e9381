#pragma once
/// Errors as people read them: place, message, the line with a caret, the hint, the chain of loads.
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "delstep/result.h"

namespace delstep {

struct SourcePlace {
  std::string file;
  std::size_t line = 0, column = 0;  ///< from 1; columns count code points
};
/// "exp.del:12:7"; nothing for other forms.
std::optional<SourcePlace> ParsePlace(std::string_view where);

/// The line, read from the file; empty if that cannot be done.
std::string ReadSourceLine(const SourcePlace& place);

/// `line` is the text of the line at error.where, empty if unknown; `chain` says who loaded the
/// file. Ends with "\n". Without `names_place` file, line and column are not said, but the line is
/// still shown: for what somebody has just typed.
std::string FormatError(const Error& error, std::string_view line,
                        std::span<const std::string> chain, bool color, bool names_place = true);
/// Reads the line from the file that error.where names.
std::string FormatErrorWithSource(const Error& error, std::span<const std::string> chain,
                                  bool color);

}  // namespace delstep
