#pragma once
/// Calls of the network that belong together: all of them, or none.
#include <optional>
#include <utility>

#include "core/world/world.h"
#include "delstep/network.h"
#include "delstep/result.h"

namespace delstep {

/// Returns act(network), a Result. Where it is an error, the network is as it was before, whatever
/// it had taken by then; where it has gone in the act, it is as it was before, and gone: a checkpoint
/// has nothing of the act then. Of a network that cannot be copied this is true only if its first
/// call failed. Cost: a copy of the network, which shares all that the act does not change.
template <class Act>
auto AttemptOnNetwork(World& world, Act act) {
  std::optional<OwnedNetwork> before;
  if (world.network->traits().can_snapshot && world.network.Keep()) before = world.network;
  auto result = act(*world.network.Write());
  if (result || !before) return result;
  std::optional<Error> gone;
  if (const Error* failure = world.network->failure()) gone = *failure;
  world.network = *std::move(before);
  if (gone) world.network.Write()->Fail(*std::move(gone));
  return result;
}

/// The same for changes that may end messages on the way: what ended is returned. No time passes.
template <class Act>
Result<Passage> AttemptAndCollect(World& world, Act act) {
  return AttemptOnNetwork(world, [&](Network& network) -> Result<Passage> {
    DELSTEP_TRY(act(network));
    // An advance to the present reports what has ended since the last one.
    return network.AdvanceTo(network.now());
  });
}

}  // namespace delstep
