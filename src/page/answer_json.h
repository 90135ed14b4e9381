#pragma once
/// What came of a command, for the stream of a page.
#include <string>
#include <string_view>

#include "console/session/command_result.h"

namespace delstep {

/// An object of --json with `client`, `text` (what people are told, in lines of at most 110 columns)
/// and `says` (one sentence) beside its members.
std::string AnswerJson(std::string_view client, const CommandResult& result);

}  // namespace delstep
