#include "apps/delstep/progress_display.h"

#include <variant>

namespace delstep {

ProgressDisplay::ProgressDisplay(const Simulation& simulation, const Session& session,
                                 StandardOutputs& outputs)
    : outputs_(outputs),
      bar_([&simulation] { return simulation.CurrentProgress(); },
           [&session] { return session.PlaceInRun(); }) {
  outputs_.SetBefore([this] { bar_.Clear(); });
}

ProgressDisplay::~ProgressDisplay() { outputs_.SetBefore({}); }

void ProgressDisplay::Note(const Event& event) {
  if (const auto* tested = std::get_if<Evaluated>(&event.what)) {
    accuracy_sum_ += tested->accuracy;
    ++accuracy_count_;
  }
}

void ProgressDisplay::EndCommand() {
  if (accuracy_count_ > 0)
    bar_.SetMeanAccuracy(accuracy_sum_ / static_cast<double>(accuracy_count_));
  accuracy_sum_ = 0;
  accuracy_count_ = 0;
}

}  // namespace delstep
