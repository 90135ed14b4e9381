#pragma once
/// /api/history: the tree of moments as JSON. A pure function of values.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "console/history/moments.h"

namespace delstep {

struct HistoryNotes {
  std::uint64_t version = 0;          ///< of the answer: goes up with every change
  std::optional<MomentNumber> since;  ///< only moments above this number; nothing: all
  MomentNumber oldest = 0;            ///< from which on one can go back
  std::string why_not;                ///< one cannot: the reason
  std::function<bool(MomentNumber)> kept;
  /// Number of the first event after the moment; nothing: nobody knows.
  std::function<std::optional<std::uint64_t>(MomentNumber)> event;
};

std::string HistoryJson(const Moments& moments, const HistoryNotes& notes);

}  // namespace delstep
