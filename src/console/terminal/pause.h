#pragma once
#include <stop_token>

namespace delstep {

/// Waits until a line has come from `input`, a terminal: true; or for a stop, or the end of input:
/// false. Nothing of the line is kept.
bool WaitForEnter(int input, std::stop_token stop);

}  // namespace delstep
