#include "console/session/prompt.h"

#include <fmt/format.h>

#include "base/text.h"
#include "scenario/units.h"

namespace delstep {

std::string PromptOf(const Simulation& simulation, const Moments& moments) {
  // Where one would not expect to be: on another branch than the first one, or before its end.
  std::string where;
  if (moments.branch().last != moments.present().number)
    where = fmt::format(" · moment {} of {}", moments.present().number, moments.branch().name);
  else if (moments.branch().name != "main")
    where = fmt::format(" · branch {}", moments.branch().name);
  // Whoever works in real time should know: what is typed slowly arrives in the meantime.
  const bool real = !simulation.network_traits().simulated_time;
  return fmt::format("[cycle {} · t={}{} · {} · {} queued{}]> ", simulation.cycle(),
                     FormatDuration(simulation.now().time_since_epoch()), real ? " (wall)" : "",
                     Count(simulation.Nodes().size(), "node"), simulation.queued(), where);
}

}  // namespace delstep
