#pragma once
#include <string>

namespace delstep {

/// What `expect` can measure, a line each: how it is written, and what it is.
std::string MetricsHelp();

}  // namespace delstep
