// DEL-Step as a library of your own program. Six nodes in a ring have synthetic data of few classes
// each. They train, send their models to their neighbours and aggregate, and the program prints how
// far apart their models are.
#include <cstdio>
#include <vector>

#include "delstep/registry.h"
#include "delstep/simulation.h"

namespace {

using namespace delstep;

Scenario SixInARing() {
  Scenario scenario;
  scenario.nodes.count = 6;
  scenario.topology.name = "ring";
  scenario.data.name = "blobs";
  scenario.partition.name = "dirichlet";
  scenario.partition.alpha = 0.3;
  return scenario;
}

/// Prints the distances after each of three rounds.
Result<void> Play() {
  // No folder with data sets: blobs are made on the spot.
  const Registry registry = MakeRegistry({});
  DELSTEP_ASSIGN(const auto simulation, Simulation::Create(SixInARing(), registry));
  const std::vector<NodeId> all = simulation->Nodes();
  for (int round = 1; round <= 3; ++round) {
    DELSTEP_TRY(simulation->Train(all));
    const double before = simulation->ConsensusDistance();
    DELSTEP_TRY(simulation->Flood(all));
    DELSTEP_TRY(simulation->NetworkStep());
    DELSTEP_TRY(simulation->Aggregate(all));
    std::printf("round %d: consensus distance %.4f, after aggregating %.4f\n", round, before,
                simulation->ConsensusDistance());
  }
  return {};
}

}  // namespace

int main() {
  const auto played = Play();
  if (played) return 0;
  std::fprintf(stderr, "%s\n", played.error().message.c_str());
  return 1;
}
