// Any bytes as the state of a run: refused, or a run that can go on.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "delstep/registry.h"
#include "delstep/simulation.h"
#include "scenario/config.h"

namespace delstep {
namespace {

Scenario TinyScenario(const Registry& registry) {
  const std::vector<std::string> overrides = {
      "data.name=blobs",     "nodes.count=3",      "data.samples=40",
      "data.features=1",     "data.classes=2",     "model.hidden=[]",
      "training.epochs=1",   "training.threads=1", "partition.samples_per_node=10",
      "network.latency=10ms"};
  return Config::Load(registry, {}, {}, overrides)->scenario();
}

/// Whatever it is: nothing is lost, and nothing beyond what was checked is touched.
void GoOn(Simulation& simulation) {
  std::vector<NodeId> up;
  for (const NodeId node : simulation.Nodes()) {
    simulation.View(node);
    simulation.Encounters(node);
    if (simulation.IsUp(node)) up.push_back(node);
  }
  if (simulation.Nodes().size() > 20) return;
  (void)simulation.Gossip(1, up, WhenAlone::kAccept);
  (void)simulation.NetworkStep(std::chrono::milliseconds(20));
  (void)simulation.Aggregate(up);
  const Statistics stats = simulation.Stats();
  if (stats.sent != stats.delivered + stats.lost + stats.in_flight) std::abort();
  (void)simulation.NetworkStep(std::nullopt);
  const auto again = simulation.SaveState();
  if (!again) std::abort();
}

}  // namespace
}  // namespace delstep

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace delstep;
  static const Registry registry = MakeRegistry({});
  static const Scenario scenario = TinyScenario(registry);
  const std::string_view state(reinterpret_cast<const char*>(data), size);
  const auto resumed = Simulation::Resume(scenario, registry, state);
  if (!resumed) {
    if (resumed.error().code != ErrorCode::kFile) std::abort();
    return 0;
  }
  GoOn(**resumed);
  return 0;
}
