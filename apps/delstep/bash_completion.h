#pragma once
/// `delstep docs completion bash`: what bash needs to complete the words of the program's command line.
#include <string>

#include "apps/delstep/completion_words.h"

namespace delstep {

/// A script for bash: options and their values, verbs, scenarios, keys with their '=' and the values
/// of those keys that are one of some words. `source <(delstep docs completion bash)` switches it on.
std::string BashCompletion(const CompletionWords& words);

}  // namespace delstep
