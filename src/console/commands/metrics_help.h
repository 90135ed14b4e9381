#pragma once
#include <string>
#include <utility>
#include <vector>

namespace delstep {

/// What `expect` can measure: how it is written, and what it is. In the order of `help metrics`.
std::vector<std::pair<std::string, std::string>> MetricsHelp();

}  // namespace delstep
