#include "core/engine/agenda.h"

namespace delstep {

// Only what differs is moved: most calls change one entry, or none.
void Agenda::Set(NodeId node, const Tasks& tasks) {
  if (tasks_.size() <= Index(node)) tasks_.resize(Index(node) + 1);
  Tasks& old = tasks_[Index(node)];
  const auto replace = [&](std::optional<SimTime>& had, const std::optional<SimTime>& has,
                           What what, bool training) {
    if (had == has) return;
    if (had) {
      acts_.erase({*had, what, node});
      if (training) trainings_.erase({*had, what, node});
    }
    if (has) {
      acts_.insert({*has, what, node});
      if (training) trainings_.insert({*has, what, node});
    }
    had = has;
  };
  replace(old.training, tasks.training, What::kTraining, true);
  replace(old.training_now, tasks.training_now, What::kTrainingNow, true);
  replace(old.tell, tasks.tell, What::kTell, false);
  replace(old.alarm, tasks.alarm, What::kAlarm, false);
  replace(old.turn, tasks.turn, What::kTurn, false);
}

}  // namespace delstep
