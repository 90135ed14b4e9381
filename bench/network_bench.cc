// What a moment costs the built-in network: copies of one that has carried a flood of 1,000 nodes
// in a full mesh, and the next use of such a copy.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>

#include "network/builtin/builtin_network.h"

namespace delstep {
namespace {

constexpr std::uint32_t kNodes = 1000;

std::uint64_t next_message = 0;

void Flood(Network& network) {
  for (std::uint32_t from = 0; from < kNodes; ++from)
    for (std::uint32_t to = 0; to < kNodes; ++to)
      if (from != to)
        benchmark::DoNotOptimize(
            network.Send({MessageId{next_message++}, NodeId{from}, NodeId{to}, 1000}).ok());
}

std::unique_ptr<Network> UsedMesh() {
  NetworkOptions options;
  options.link.bandwidth = 1e9;
  auto network = *MakeBuiltinNetwork(options, 1);
  for (std::uint32_t node = 0; node < kNodes; ++node)
    benchmark::DoNotOptimize(network->Attach(NodeId{node}).ok());
  Flood(*network);
  benchmark::DoNotOptimize(network->Drain().ok());
  return network;
}

void CloneMesh(benchmark::State& state) {
  const std::unique_ptr<Network> network = UsedMesh();
  for (auto _ : state) benchmark::DoNotOptimize(network->Clone().ok());
}
BENCHMARK(CloneMesh)->Unit(benchmark::kMicrosecond);

/// One message after a copy: the links of its sender are copied, and no others.
void CloneMeshAndSend(benchmark::State& state) {
  const std::unique_ptr<Network> network = UsedMesh();
  for (auto _ : state) {
    const std::unique_ptr<Network> copy = *network->Clone();
    benchmark::DoNotOptimize(copy->Send({MessageId{next_message}, NodeId{0}, NodeId{1}, 1}).ok());
  }
}
BENCHMARK(CloneMeshAndSend)->Unit(benchmark::kMicrosecond);

void FloodMesh(benchmark::State& state) {
  const std::unique_ptr<Network> network = UsedMesh();
  for (auto _ : state) {
    Flood(*network);
    benchmark::DoNotOptimize(network->Drain().ok());
  }
  state.SetItemsProcessed(state.iterations() * kNodes * (kNodes - 1));
}
BENCHMARK(FloodMesh)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace delstep
