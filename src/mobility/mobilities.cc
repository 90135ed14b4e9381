#include "mobility/mobilities.h"

#include "mobility/field.h"
#include "mobility/still.h"

namespace delstep {

// The names of what is planned are known already: whoever writes one is told that it is missing,
// not that it is wrong.
void AddMobility(Parts<MakeMobility>& mobility) {
  mobility.Add("still", "random places, for ever; `move` puts a node elsewhere",
               [](const Scenario& scenario) -> Result<std::unique_ptr<Mobility>> {
                 return MakeStill(scenario.seed, FieldOf(scenario));
               });
  mobility.AddAbsent("random-waypoint", "from one random place to the next", "not written yet");
  mobility.AddAbsent("gauss-markov", "speed and direction with memory", "not written yet");
}

}  // namespace delstep
