// SPDX-License-Identifier: GPL-2.0-only
#pragma once
/// Why the helper cannot go on.
#include <string>
#include <utility>

namespace delstep_ns3 {

/// Thrown for a line that makes no sense and for a wish that cannot be met. The simulator gets both
/// texts as the answer, and the helper ends: it never guesses what was meant.
struct Refusal {
  std::string error;  ///< names the value and what is allowed
  std::string hint;   ///< what to do next; may be empty
};

}  // namespace delstep_ns3
