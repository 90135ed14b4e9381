#pragma once
/// The words of `run until CONDITION [for DURATION]`.
#include <optional>
#include <string_view>

#include "console/commands/expectation.h"
#include "delstep/result.h"
#include "delstep/types.h"

namespace delstep {

struct UntilWords {
  Expectation condition;
  std::optional<Duration> most;  ///< simulated time that may pass
};

/// The form, which is the same whatever the state. Errors: kUsage.
Result<UntilWords> ParseUntil(std::string_view text);

}  // namespace delstep
