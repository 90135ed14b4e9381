#pragma once
/// What nodes have to do by themselves, and when: an index of what their fields say. It is no part
/// of the world, as it follows from it; so a moment costs nothing for it.
///
/// Order: by time, then by class, then by node; see Simulation::HandleNext.
/// Threads: one caller at a time.
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "delstep/types.h"

namespace delstep {

class Agenda {
 public:
  enum class What : std::uint8_t {
    kTraining,     ///< a training ends that began before
    kTell,         ///< the behaviour has not been told of something
    kAlarm,        ///< the behaviour's alarm
    kTurn,         ///< a turn
    kTrainingNow,  ///< a training ends that took no time
  };
  struct Due {
    SimTime at{};
    What what{};
    NodeId node{};
    friend auto operator<=>(const Due&, const Due&) = default;
  };
  /// All that one node has to do.
  struct Tasks {
    std::optional<SimTime> training, training_now, tell, alarm, turn;
  };

  /// Replaces what the node had to do.
  void Set(NodeId node, const Tasks& tasks);
  /// What comes first; nothing where there is nothing.
  const Due* First() const { return acts_.empty() ? nullptr : &*acts_.begin(); }
  /// The same of trainings alone.
  const Due* FirstTraining() const { return trainings_.empty() ? nullptr : &*trainings_.begin(); }
  const std::set<Due>& trainings() const { return trainings_; }

  /// False: it must be filled anew, from all nodes.
  bool valid() const { return valid_; }
  void Begin() {
    *this = {};
    valid_ = true;
  }
  void Forget() { valid_ = false; }

 private:
  bool valid_ = false;
  std::set<Due> acts_, trainings_;  // of all kinds; of trainings alone
  std::vector<Tasks> tasks_;        // by node
};

}  // namespace delstep
