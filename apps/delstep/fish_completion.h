#pragma once
/// `delstep docs completion fish`: what fish needs to complete the words of the program's command line.
#include <string>

#include "apps/delstep/completion_words.h"

namespace delstep {

/// A script for fish: a `complete` command for each option, verb, scenario, key and value of a key,
/// with the sentence of the key. `delstep docs completion fish | source` switches it on.
std::string FishCompletion(const CompletionWords& words);

}  // namespace delstep
