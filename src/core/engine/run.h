#pragma once
/// A run: the world, the engine that moves it, and the journal that tells of it. What happens in a
/// run (core/acts) are functions on a Run; Simulation is their front.
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "core/engine/agenda.h"
#include "core/engine/change_feed.h"
#include "core/engine/compute.h"
#include "core/engine/consensus.h"
#include "core/engine/engine.h"
#include "core/world/world.h"
#include "delstep/event.h"
#include "delstep/learner.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// Tells observers of everything that happens, in order. An observer is called from inside the act,
/// and must not call back.
class Journal {
 public:
  using Observer = std::function<void(const Event&)>;
  void Observe(Observer observer) { observers_.push_back(std::move(observer)); }
  /// `what`: one of the kinds of Happening.
  template <class What>
  void Note(const World& world, What&& what) const {
    if (observers_.empty()) return;  // a run that nobody watches makes no events
    const Event event{.at = world.now, .cycle = world.cycle, .what = std::forward<What>(what)};
    for (const Observer& observer : observers_) observer(event);
  }

 private:
  std::vector<Observer> observers_;
};

/// The result of a training that has not ended yet.
struct ComputedTraining {
  std::uint64_t number = 0;  ///< the node's trainings before it
  DoneTraining done;
};

/// Threads: one caller at a time, unless an act says otherwise.
struct Run {
  Engine engine;
  World world;
  Journal journal;
  ConsensusMeter consensus;            ///< looks at the world, and keeps what it has seen
  std::uint64_t latencies_sorted = 0;  ///< so far, for figures that were asked for
  /// The last moment that was taken or gone back to: what the next one is compared with.
  std::shared_ptr<const World> last_moment;

  /// What follows from the world and the plans, and is made again where it is not known.
  Agenda agenda;
  ChangeFeed changes;
  /// Trainings that were computed before their end, as other cores were free: by node.
  std::map<NodeId, ComputedTraining> computed;

  /// See Simulation::OnPlansDue(); empty: nobody runs them.
  std::function<Result<void>()> run_due_plan;
  /// Of the network step that is under way: what planned commands send in it counts there.
  NetworkReport* step_report = nullptr;

  bool resumed = false;             ///< from a saved state, perhaps in the middle of a cycle
  bool keeps_cycle_starts = false;  ///< see Simulation::KeepCycleStarts()

  template <class What>
  void Note(What&& what) const {
    journal.Note(world, std::forward<What>(what));
  }
  /// After the world was replaced as a whole, or plans were made anew.
  void ForgetWhatFollows() {
    agenda.Forget();
    changes.Forget();
    computed.clear();
  }
};

}  // namespace delstep
