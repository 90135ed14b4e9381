#include "mobility/mobilities.h"

#include "mobility/models.h"
#include "mobility/still.h"

namespace delstep {

// The names of what is planned are known already: whoever writes one is told that it is missing,
// not that it is wrong.
void AddMobility(Parts<MakeMobility>& mobility) {
  mobility.Add("still", "random places, for ever; `move` puts a node elsewhere",
               [](const Scenario& scenario) -> Result<std::unique_ptr<Mobility>> {
                 return MakeStill(scenario.seed, FieldOf(scenario));
               });
  mobility.Add("random-waypoint", "from one random place to the next", MakeRandomWaypoint);
  mobility.Add("random-walk", "mobility.step seconds in one random direction, then in another",
               MakeRandomWalk);
  mobility.Add("random-direction", "in a random direction to the wall, then in another",
               MakeRandomDirection);
  mobility.Add("gauss-markov", "speed and direction with memory", MakeGaussMarkov);
  mobility.Add("group", "groups that stay together: reference points", MakeGroup);
  mobility.Add("manhattan", "along streets every mobility.step metres", MakeManhattan);
}

}  // namespace delstep
