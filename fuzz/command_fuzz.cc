// Any bytes as a line at the prompt of a tiny run. One run serves all inputs, so that states build
// up; it begins anew when it has grown.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "console/session/session.h"
#include "delstep/registry.h"

namespace delstep {
namespace {

struct TinyRun {
  Registry registry = MakeRegistry({});
  Config config{registry};
  std::unique_ptr<Simulation> simulation;
  std::unique_ptr<Session> session;

  TinyRun() {
    const std::vector<std::string> overrides = {
        "data.name=blobs",    "nodes.count=3",
        "data.samples=60",    "data.features=2",
        "model.hidden=[2]",   "training.epochs=1",
        "training.threads=1", "partition.samples_per_node=10"};
    config = *Config::Load(registry, {}, {}, overrides);
    simulation = *Simulation::Create(config.scenario(), registry);
    session = *Session::Create(*simulation, config, registry, {.interactive = true},
                               {[](std::string_view) {}, [](std::string_view) {}});
    session->RunText("group create g1; group g1 add all", "fuzz");
  }
};

/// Writing and reading files, and long work, teach nothing here.
bool IsTame(const std::string& line) {
  for (const char* word : {"save", "load", "repeat", "epochs", "batch"})
    if (line.find(word) != std::string::npos) return false;
  return line.size() < 512;
}

}  // namespace
}  // namespace delstep

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace delstep;
  static std::unique_ptr<TinyRun> run;
  if (!run || run->simulation->Nodes().size() > 20 || run->session->log().size() > 5000)
    run = std::make_unique<TinyRun>();
  const std::string line(reinterpret_cast<const char*>(data), size);
  run->session->Complete(line);
  run->session->Hint(line);
  if (!IsTame(line)) return 0;
  run->session->FeedLine(line);
  run->session->DropLine();
  const Statistics stats = run->simulation->Stats();
  if (stats.sent != stats.delivered + stats.lost + stats.in_flight) std::abort();
  return 0;
}
