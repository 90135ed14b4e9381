#include "console/commands/run_words.h"

#include <fmt/format.h>

#include "base/text.h"
#include "scenario/units.h"

namespace delstep {

Result<UntilWords> ParseUntil(std::string_view text) {
  constexpr std::string_view kFor = " for ";
  UntilWords words;
  const std::size_t at = text.rfind(kFor);
  if (at != std::string_view::npos) {
    DELSTEP_ASSIGN(words.most, ParseDuration(Trim(text.substr(at + kFor.size()))));
  } else if (text.ends_with(" for")) {
    return UsageError("'for' needs a duration", "for example: run until lost > 0 for 60s");
  }
  DELSTEP_ASSIGN(words.condition, ParseExpectation(text.substr(0, at)));
  return words;
}

}  // namespace delstep
