#pragma once
/// Replies as text for people; json.h has them for programs.
#include <string>
#include <string_view>

#include "console/commands/reply.h"

namespace delstep {

/// Numbers to the right, columns narrowed to fit `width`, rows cut to table.shown. Ends with "\n".
std::string RenderTable(const Table& table, std::size_t width);
/// Empty, or ends with "\n".
std::string RenderReply(const Reply& reply, std::size_t width, bool quiet);

}  // namespace delstep
