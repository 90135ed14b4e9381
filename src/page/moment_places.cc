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
  // What several moments share is given back with the last of them.
  const auto own = [](const Places& places) {
    return places.use_count() == 1 ? places->size() * sizeof(Place) : 0;
  };
  const std::lock_guard lock(mutex_);
  if (!last_ || *last_ != now) {
    last_ = std::make_shared<const std::vector<Place>>(std::move(now));
    bytes_ += last_->size() * sizeof(Place);
  }
  const Places before = std::exchange(moments_[moment], last_);
  if (before && before != last_) bytes_ -= own(before);
  while (bytes_ > most_bytes_ && moments_.size() > 1) {
    const Places oldest = std::move(moments_.begin()->second);
    moments_.erase(moments_.begin());
    bytes_ -= own(oldest);
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
