#pragma once
/// `delstep docs completion zsh`: what zsh needs to complete the words of the program's command line.
#include <string>

#include "apps/delstep/completion_words.h"

namespace delstep {

/// A function for zsh's completion system: options and their values, verbs, scenarios, keys with
/// their sentences, and the values of those keys that are one of some words. It works as the file
/// `_delstep` in a folder of $fpath, and, after `compinit`, by `source <(delstep docs completion zsh)`.
std::string ZshCompletion(const CompletionWords& words);

}  // namespace delstep
