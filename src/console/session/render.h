#pragma once
/// Replies as text for people; json.h has them for programs.
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

#include "console/commands/reply.h"

namespace delstep {

/// The width of what is no terminal: a file or a pipe gets whole tables, whole lists and whole lines.
inline constexpr std::size_t kWhole = std::numeric_limits<std::size_t>::max();

/// How much people see of a reply.
enum class Detail {
  kNothing,
  kLines,  ///< of a command that does something, in a script: what it says, without its tables
  kAll,
};

/// Numbers to the right. At a terminal of `width` columns the columns are narrowed to fit, and the
/// rows are cut to table.shown. Ends with "\n".
std::string RenderTable(const Table& table, std::size_t width);
/// Empty, or ends with "\n". At a terminal long lines of text are broken between words.
std::string RenderReply(const Reply& reply, std::size_t width, Detail detail);

}  // namespace delstep
