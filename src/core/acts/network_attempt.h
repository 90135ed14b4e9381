#pragma once
/// Calls of the network that belong together: all of them, or none.
#include <optional>
#include <utility>

#include "core/world/world.h"

namespace delstep {

/// Returns act(network), a Result. Where it is an error, the network is as it was before, whatever it
/// had taken by then; what it holds costs no more than it changes, so this is cheap. A network that
/// cannot be copied keeps what it took: the act must be content with that.
template <class Act>
auto AttemptOnNetwork(World& world, Act act) {
  std::optional<OwnedNetwork> before;
  if (world.network->traits().can_snapshot && world.network.Keep()) before = world.network;
  auto result = act(*world.network.Write());
  if (!result && before) world.network = *std::move(before);
  return result;
}

}  // namespace delstep
