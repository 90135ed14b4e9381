#pragma once
/// The order in which changes are told.
#include <algorithm>
#include <tuple>
#include <vector>

#include "delstep/mobility.h"

namespace delstep {

/// By (time, going before coming, node), as Churn::Changes() promises.
inline void PutInOrder(std::vector<PresenceChange>& changes) {
  std::ranges::sort(changes, {}, [](const PresenceChange& change) {
    return std::tuple(change.at, change.present, change.node);
  });
}

}  // namespace delstep
