#pragma once
/// The built-in models of movement, one file each with its source. In all of them
/// - every leg is straight, and its end a whole nanosecond (ways.h);
/// - nodes move independently of each other (`group`: groups do), and stay in FieldOf(scenario) to
///   rounding;
/// - at time 0 they are as in the long run, so there is nothing to warm up;
/// - z is 0, and nobody is ever absent.
///
/// | model              | a leg                                           | density of places        |
/// |--------------------|-------------------------------------------------|--------------------------|
/// | `random-waypoint`  | to a uniform place                              | more in the middle       |
/// | `random-walk`      | mobility.step seconds in a uniform direction    | uniform                  |
/// | `random-direction` | in a uniform direction, to the wall             | more at the walls        |
/// | `gauss-markov`     | a second, much like the one before              | uniform                  |
/// | `group`            | of a shared waypoint walk and one in a disc     | more in the middle       |
/// | `manhattan`        | along a street to the next crossing             | uniform along streets    |
///
/// All draw a speed for each leg from mobility.speed, and stand for a mobility.pause between two,
/// except `gauss-markov`, which takes the mean of the speed alone.
///
/// Errors of each Make: kUsage about the key whose value it cannot follow.
#include <memory>

#include "delstep/mobility.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

Result<std::unique_ptr<Mobility>> MakeRandomWaypoint(const Scenario& scenario);
Result<std::unique_ptr<Mobility>> MakeRandomWalk(const Scenario& scenario);
Result<std::unique_ptr<Mobility>> MakeRandomDirection(const Scenario& scenario);
Result<std::unique_ptr<Mobility>> MakeGaussMarkov(const Scenario& scenario);
Result<std::unique_ptr<Mobility>> MakeGroup(const Scenario& scenario);
Result<std::unique_ptr<Mobility>> MakeManhattan(const Scenario& scenario);

}  // namespace delstep
