#pragma once
/// `delstep docs completion`: what bash needs to complete the words of the program's command line.
#include <string>

#include "delstep/registry.h"

namespace delstep {

/// A script for bash: options, shell words, scenarios, keys with their '=' and the values of those
/// keys that are one of some words. `source <(delstep docs completion)` switches it on.
std::string BashCompletion(const Registry& registry);

}  // namespace delstep
