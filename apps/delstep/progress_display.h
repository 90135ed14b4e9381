#pragma once
/// The progress line of a run: how far the present command or repeat is, and how good the models
/// were.
#include <cstddef>

#include "console/session/session.h"
#include "console/terminal/outputs.h"
#include "console/terminal/progress.h"
#include "delstep/event.h"
#include "delstep/simulation.h"

namespace delstep {

/// While it lives, a bar is drawn on standard error when a command takes long, and wiped before
/// anything is written. The bar has a thread of its own that asks the session and the simulation how
/// far they are.
///
/// Goes before the session, the simulation and the outputs: its end joins the thread, and the outputs wipe
/// nothing any more. Threads: its functions are called from one.
class ProgressDisplay {
 public:
  /// All outlive the display.
  ProgressDisplay(const Simulation& simulation, const Session& session, StandardOutputs& outputs);
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  /// To be called with every event, in order.
  void Note(const Event& event);
  /// From now on the bar shows the mean accuracy of the command's tests, if it made any.
  void EndCommand();

 private:
  StandardOutputs& outputs_;
  ProgressBar bar_;
  double accuracy_sum_ = 0;  // of the tests of the present command
  std::size_t accuracy_count_ = 0;
};

}  // namespace delstep
