#include "recording/start_events.h"

#include <utility>

namespace delstep {

std::vector<Event> EventsOfStart(const Simulation& simulation) {
  std::vector<Event> events;
  const auto add = [&](Happening what) {
    events.push_back(
        {.at = simulation.now(), .cycle = simulation.cycle(), .what = std::move(what)});
  };
  for (const NodeId node : simulation.Nodes()) {
    const NodeView view = simulation.View(node);
    add(NodeAdded{.node = node,
                  .address = view.address,
                  .name = view.name,
                  .samples = view.train_samples + view.held_out_samples,
                  .like = {}});
  }
  for (const GroupView& group : simulation.Groups()) {
    add(GroupCreated{.group = group.name});
    for (const NodeId node : group.members) add(GroupJoined{.group = group.name, .node = node});
  }
  return events;
}

}  // namespace delstep
