#include "recording/position_rows.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

#include "base/text.h"

namespace delstep {
namespace {

std::string PositionRow(std::uint64_t moment, SimTime now, const std::string& node,
                        const Position& at) {
  return fmt::format("{},{},{},{},{}\n", moment, ShortestReal(Seconds(now)), node,
                     ShortestReal(at.x), ShortestReal(at.y));
}

}  // namespace

void PositionRows::Look(const Simulation& simulation) {
  const std::vector<NodeId> nodes = simulation.Nodes();
  const std::vector<Position> now = simulation.Positions(nodes);
  places_.assign(simulation.nodes_ever(), {});
  for (std::size_t i = 0; i < nodes.size(); ++i) places_[Index(nodes[i])] = now[i];
}

std::string PositionRows::Beginning(const Simulation& simulation,
                                    const AddressBook& addresses) const {
  std::string rows;
  for (std::size_t i = 0; i < places_.size(); ++i)
    if (places_[i])
      rows += PositionRow(0, simulation.now(), addresses[static_cast<NodeId>(i)], *places_[i]);
  return rows;
}

void PositionRows::Learn(const Event& event) {
  if (const auto* made = std::get_if<MomentMade>(&event.what)) made_ = made->moment;
}

std::string PositionRows::EndCommand(const Simulation& simulation, const AddressBook& addresses) {
  // Looked at after each command, also of one that made no moment: it may have gone to another one,
  // and what comes next is told by what differs from there.
  const auto before = std::exchange(places_, {});
  Look(simulation);
  const auto moment = std::exchange(made_, {});
  std::string rows;
  // A node that has left has no place, and makes no row; a number is never given again on a branch.
  for (std::size_t i = 0; moment && i < places_.size(); ++i)
    if (places_[i] && (i >= before.size() || before[i] != places_[i]))
      rows +=
          PositionRow(*moment, simulation.now(), addresses[static_cast<NodeId>(i)], *places_[i]);
  return rows;
}

}  // namespace delstep
