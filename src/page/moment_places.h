#pragma once
/// Where nodes were at each moment, for a page that looks back: snapshots of a run do not have it.
///
///   places.Put(41, simulation);   // on the thread of the command that made the moment
///   places.At(41);                // anybody, at any time
///
/// Eight bytes per node and moment; moments one after the other in which nobody moved share them.
/// Threads: any.
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "console/history/moments.h"
#include "delstep/graph.h"
#include "delstep/simulation.h"

namespace delstep {

class MomentPlaces {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{64} << 20;

  explicit MomentPlaces(std::size_t most_bytes = kMostBytes) : most_bytes_(most_bytes) {}

  /// The moment is the present one. Replaces what was known of it. Beyond `most_bytes` the lowest
  /// moments are forgotten.
  void Put(MomentNumber moment, const Simulation& simulation);
  /// Of all nodes ever, by number; 0 of those who had left. Empty: not known.
  std::vector<Position> At(MomentNumber moment) const;

 private:
  struct Place {
    float x = 0, y = 0;
    friend bool operator==(Place, Place) = default;
  };
  using Places = std::shared_ptr<const std::vector<Place>>;

  const std::size_t most_bytes_;
  mutable std::mutex mutex_;
  std::map<MomentNumber, Places> moments_;        // guarded by mutex_, as are the next two
  std::weak_ptr<const std::vector<Place>> last_;  // that were put
  std::size_t bytes_ = 0;                         // of all different ones
};

}  // namespace delstep
