// SPDX-License-Identifier: GPL-2.0-only
#include "network/ns3/helper/topology.h"

#include "network/ns3/helper/refusal.h"

namespace delstep_ns3 {

// Enough where all queues that hold a node's packets are its own.
void Topology::FlushStation(Station& station) {
  for (const auto& [to, outlet] : station.outlets) outlet->flush();
}

std::unique_ptr<Topology> MakeTopology(const Surroundings& surroundings) {
  const std::string& name = surroundings.options.topology;
  if (name == "mesh") return MakeMesh(surroundings);
  if (name == "star") return MakeStar(surroundings);
  if (name == "csma") return MakeBus(surroundings);
  if (name == "wifi") return MakeField(surroundings);
  throw Refusal{"unknown topology \"" + name + "\"", "take mesh, star, csma or wifi"};
}

}  // namespace delstep_ns3
