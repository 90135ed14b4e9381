#pragma once
/// The kinds of arguments: what a word must look like, and what it says.
#include <string_view>

#include "console/language/pattern.h"

namespace delstep {

/// Requires a placeholder of the table: "NODE", "A", "DURATION", ...
ArgumentKind KindOf(std::string_view placeholder);
/// What people read for a word or placeholder of the table: "FILE" for "SCRIPT".
std::string_view ShownPlaceholder(std::string_view text);
/// Whether the word is meant to be of this kind; a wrong value may still be meant: "1.5" for a
/// probability.
bool LooksLike(ArgumentKind kind, const Word& word);
/// Puts what the word says into `value`. Errors: kUsage.
Result<void> ParseArgument(ArgumentKind kind, const Word& word, ArgumentValue& value);

}  // namespace delstep
