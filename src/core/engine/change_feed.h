#pragma once
/// The changes that plans make to the network by themselves: contacts, churn, nodes that come and
/// go by a trace. One list of all plans, in one order (ChangeKey), read from wherever the world
/// stands.
///
/// What is read ahead is kept, and is no part of the world: it follows from the plans. So going
/// back costs nothing but reading again.
///
/// Threads: one caller at a time.
#include <optional>
#include <vector>

#include "core/engine/engine.h"
#include "core/world/met_pairs.h"
#include "delstep/types.h"

namespace delstep {

class ChangeFeed {
 public:
  /// The first change after `last` and up to and including `until`. `nodes`: how many there have
  /// been. Nothing if there is none. Reads ahead in windows; a limit far away is no burden where
  /// changes come often. Each window is read once while the world goes on, also where nothing
  /// changes for many of them.
  std::optional<ChangeKey> Next(const Engine& engine, std::size_t nodes, const ChangeKey& last,
                                SimTime until);
  /// After plans were made anew or their places changed.
  void Forget() { known_ = false; }

 private:
  /// The changes of the next window after `after`.
  void Read(const Engine& engine, std::size_t nodes, SimTime after);

  bool known_ = false;
  std::size_t nodes_ = 0;
  // What is known: all changes after the key `after_`, up to and including the time `until_`. It may
  // be much more than the window that was read last: where that begins nothing had come for long.
  ChangeKey after_{};
  SimTime until_{};
  std::vector<ChangeKey> changes_;  // of it, in order
  std::size_t place_ = 0;           // where the last one was found
  Duration window_{};               // how much was read last
};

/// `time + by`, or the end of simulated time where that comes first.
inline SimTime Later(SimTime time, Duration by) {
  return by > SimTime::max() - time ? SimTime::max() : time + by;
}

/// No plan changes anything after this moment; SimTime::max(): nobody knows.
SimTime PlansRestFrom(const Engine& engine);

}  // namespace delstep
