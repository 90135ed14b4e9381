// How long it takes to make a moment and to go back to one. docs/internals/moments.md says what the
// bounds are.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "console/session/session.h"
#include "delstep/registry.h"
#include "delstep/simulation.h"
#include "scenario/config.h"

namespace delstep {
namespace {

/// Rows of the size of the usual perceptron for digits, and next to no data.
struct Bench {
  explicit Bench(const std::string& nodes) {
    config = *Config::Load(
        registry, {}, {},
        std::vector<std::string>{"data.name=blobs", "data.features=784", "data.samples=20000",
                                 "training.epochs=1", "nodes.count=" + nodes, "model.init=per-node",
                                 "partition.samples_per_node=20"});
    simulation = *Simulation::Create(config.scenario(), registry);
    session = *Session::Create(*simulation, config, registry, {.quiet = true},
                               {[](std::string_view) {}, [](std::string_view) {}});
  }
  void Say(const std::string& commands) { session->RunText(commands, "bench"); }

  Registry registry = MakeRegistry({});
  Config config{registry};
  std::unique_ptr<Simulation> simulation;
  std::unique_ptr<Session> session;
};

/// `undo` and `redo` of a command that changed all nodes. Bound: 1 ms each.
void BM_UndoAndRedo(benchmark::State& state) {
  Bench bench("12");
  bench.Say("train; flood; nstep; ag");
  for (auto _ : state) bench.Say("undo; redo");
  state.SetItemsProcessed(2 * state.iterations());
}
BENCHMARK(BM_UndoAndRedo)->Unit(benchmark::kMicrosecond);

/// A moment after a change of one node, in a full mesh in which everybody has sent to everybody.
/// Bound: 5 ms for 1,000 nodes.
void BM_Snapshot(benchmark::State& state) {
  Bench bench(std::to_string(state.range(0)));
  bench.Say("flood; nstep");
  const std::vector<NodeId> one = {NodeId{0}};
  Snapshot last;
  double rate = 0;
  for (auto _ : state) {
    bench.simulation->SetRate(rate = rate > 0.5 ? 0.25 : 0.75, one);
    benchmark::DoNotOptimize(last = *bench.simulation->TakeSnapshot());
  }
}
BENCHMARK(BM_Snapshot)->Arg(12)->Arg(1000)->Unit(benchmark::kMicrosecond);

/// What each command of a session pays for its moment.
void BM_CommandThatChangesLittle(benchmark::State& state) {
  Bench bench(std::to_string(state.range(0)));
  for (auto _ : state) bench.Say("cycle");
}
BENCHMARK(BM_CommandThatChangesLittle)->Arg(12)->Arg(1000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace delstep
