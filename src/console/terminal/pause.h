#pragma once
#include <optional>
#include <stop_token>
#include <string>

namespace delstep {

/// Waits until a line has come from `input`, a terminal, and returns it without its end; nothing
/// after a stop, and at the end of the input.
std::optional<std::string> AwaitLine(int input, std::stop_token stop);

}  // namespace delstep
