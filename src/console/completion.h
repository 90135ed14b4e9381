#pragma once
/// What may be typed next, from the command table.
#include <string>
#include <string_view>

#include "console/session.h"

namespace delstep {

/// Candidates for the word that ends at the end of `line`, sorted, each once.
Session::Completion CompleteLine(std::string_view line, const Simulation& simulation);
/// Usage of the command being typed; empty before its verb is known.
std::string HintForLine(std::string_view line);

}  // namespace delstep
