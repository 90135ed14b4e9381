#pragma once
/// Replies as text for people and as JSON for programs.
#include <optional>
#include <string>
#include <string_view>

#include "console/commands/reply.h"
#include "delstep/result.h"

namespace delstep {

/// Numbers to the right, columns narrowed to fit `width`, rows cut to table.shown. Ends with "\n".
std::string RenderTable(const Table& table, std::size_t width);
/// Empty, or ends with "\n".
std::string RenderReply(const Reply& reply, std::size_t width, bool quiet);

/// One line without its end: {"v":1,"cmd":...,"ok":...,"t":...,"result":{...}}. `error` empty: it
/// went well. `network` is the report of the step that followed and becomes result.nstep.
std::string RenderJson(std::string_view command, double time, const Reply& reply,
                       const std::optional<Reply>& network, const std::optional<Error>& error);

}  // namespace delstep
