#include "page/moment_places.h"

#include <utility>

namespace delstep {

void MomentPlaces::Put(MomentNumber moment, const Simulation& simulation) {
  const std::vector<NodeId> nodes = simulation.Nodes();
  const std::vector<Position> positions = simulation.Positions(nodes);
  std::vector<Place> now(simulation.nodes_ever());
  for (std::size_t i = 0; i < nodes.size(); ++i)
    now[Index(nodes[i])] = {.x = static_cast<float>(positions[i].x),
                            .y = static_cast<float>(positions[i].y)};
  const std::lock_guard lock(mutex_);
  Places places = last_.lock();
  if (!places || *places != now) {
    last_ = places = std::make_shared<const std::vector<Place>>(std::move(now));
    bytes_ += places->size() * sizeof(Place);
  }
  // What several moments share is given back with the last of them.
  const auto give_back = [&](const Places& gone) {
    if (gone.use_count() == 1) bytes_ -= gone->size() * sizeof(Place);
  };
  give_back(std::exchange(moments_[moment], std::move(places)));
  while (bytes_ > most_bytes_ && moments_.size() > 1) {
    const Places oldest = std::move(moments_.begin()->second);
    moments_.erase(moments_.begin());
    give_back(oldest);
  }
}

std::vector<Position> MomentPlaces::At(MomentNumber moment) const {
  Places places;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = moments_.find(moment); found != moments_.end()) places = found->second;
  }
  std::vector<Position> positions;
  if (places)
    for (const auto& [x, y] : *places) positions.push_back({.x = x, .y = y});
  return positions;
}

}  // namespace delstep
