#pragma once
/// The history of a session in its checkpoint: the tree of moments, and of those whose world is in
/// the checkpoint too, the configuration. The worlds themselves are in the state of the simulation
/// (see Simulation::SaveState()), in the same order.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "console/history/moments.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/scenario.h"
#include "delstep/snapshot.h"
#include "scenario/config.h"

namespace delstep {

struct SavedHistory {
  struct Kept {
    MomentNumber number = 0;
    std::size_t config = 0;  ///< its place among `configs`
    Bytes own = 0;           ///< as History::Kept::own
    Snapshot snapshot{};     ///< none: cannot be gone back to
  };
  Moments tree{Moment{}};
  Bytes own = 0;  ///< of the present moment
  /// Not the present one, whose world is the run's own.
  std::vector<Kept> kept;
  /// Each that differs, once. The first one is that of the present, and comes from elsewhere.
  std::vector<Config> configs;

  /// The settings of each kept moment, for Simulation::Resume(). They hold as long as `configs` are
  /// not changed.
  std::vector<const Scenario*> Settings() const;
  /// Forgets what comes after the first moments.
  void KeepFirst(std::size_t moments);
  /// The place of this configuration among `configs`, where it is added if it is new.
  std::size_t PlaceOf(const Config& config);
};

/// Files are named by their full paths.
std::string SaveHistory(const SavedHistory& history);
/// Without snapshots. `present` is the configuration of the present moment. Errors: kFile for bytes
/// that SaveHistory() cannot have written.
Result<SavedHistory> LoadHistory(std::string_view saved, const Config& present,
                                 const Registry& registry);

}  // namespace delstep
