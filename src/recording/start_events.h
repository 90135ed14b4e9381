#pragma once
/// The beginning of a run as events.
#include <vector>

#include "delstep/event.h"
#include "delstep/simulation.h"

namespace delstep {

/// The nodes and groups that a run begins with. Nobody has observed them, but a reader of events
/// who knows these needs nothing else.
std::vector<Event> EventsOfStart(const Simulation& simulation);

}  // namespace delstep
