#pragma once
/// Where nodes were, moment by moment: positions.csv of a run directory, described in
/// docs/reference/run-directory.md.
///
/// Nodes that move by themselves make no events, and a reader of the record cannot know where they
/// were. So each moment has a row per node that is elsewhere than in the moment before it on its
/// branch: all that moved, and those that came. Who walks from the start to a moment and takes the
/// last row of each node knows all places.
///
///   PositionRows rows(simulation);
///   rows.Learn(event);                                   // each event of a command
///   file.Append(rows.EndCommand(simulation, addresses));
///
/// Going to another moment writes nothing: what comes next differs from the places of that moment.
/// Threads: one.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "delstep/event.h"
#include "delstep/graph.h"
#include "delstep/simulation.h"
#include "recording/address_book.h"

namespace delstep {

constexpr std::string_view kPositionsHeader = "moment,sim_time,node,x,y\n";

class PositionRows {
 public:
  /// The present places are known from now on; Beginning() tells them.
  explicit PositionRows(const Simulation& simulation) { Look(simulation); }

  /// The rows of moment 0.
  std::string Beginning(const Simulation& simulation, const AddressBook& addresses) const;
  void Learn(const Event& event);
  /// The rows of the moment that the command has made; "" where it made none, or nobody is
  /// elsewhere.
  std::string EndCommand(const Simulation& simulation, const AddressBook& addresses);

 private:
  void Look(const Simulation& simulation);

  std::vector<std::optional<Position>> places_;  // by number of node; nothing: not present
  std::optional<std::uint64_t> made_;            // by the present command
};

}  // namespace delstep
