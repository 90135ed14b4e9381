// What a moment costs the built-in network: copies of one that has carried a flood of 1,000 nodes
// in a full mesh, and the next use of such a copy. What a message costs with private and with shared
// links, and what it costs to share anew.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <memory>

#include "delstep/random.h"
#include "network/builtin/builtin_network.h"
#include "network/builtin/max_min.h"

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

constexpr std::uint32_t kMany = 10'000;
constexpr std::uint64_t kMessages = 1'000'000;

std::unique_ptr<Network> ManyNodes(const char* sharing) {
  NetworkOptions options;
  options.sharing = sharing;
  options.up = options.down = 1e7;
  options.link = {.latency = {.a = Duration(5'000'000)}, .bandwidth = 1e7};
  auto network = *MakeBuiltinNetwork(options, 1);
  for (std::uint32_t node = 0; node < kMany; ++node)
    benchmark::DoNotOptimize(network->Attach(NodeId{node}).ok());
  return network;
}

/// 100 neighbours for each of 10,000 nodes: a million messages of 1000 bytes, sent and drained.
void MillionMessages(benchmark::State& state, const char* sharing) {
  const std::unique_ptr<Network> network = ManyNodes(sharing);
  for (auto _ : state) {
    for (std::uint64_t k = 0; k < kMessages; ++k) {
      const auto from = static_cast<std::uint32_t>(k % kMany);
      const auto to = static_cast<std::uint32_t>((from + 1 + k / kMany) % kMany);
      benchmark::DoNotOptimize(
          network->Send({MessageId{next_message++}, NodeId{from}, NodeId{to}, 1000}).ok());
    }
    benchmark::DoNotOptimize(network->Drain().ok());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kMessages));
}
BENCHMARK_CAPTURE(MillionMessages, Link, "link")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(MillionMessages, Uplink, "uplink")->Unit(benchmark::kMillisecond);

/// The rates of so many transfers between random nodes of a thousand, of unequal capacities.
void ShareFairly(benchmark::State& state) {
  Random random(MakeKey(1, Purpose::kTopology, 0, 0));
  std::vector<double> capacities(2000);
  for (double& capacity : capacities) capacity = 1e6 + static_cast<double>(random.Below(9'000'000));
  std::vector<Demand> demands;
  for (std::int64_t k = 0; k < state.range(0); ++k)
    demands.push_back({.up = static_cast<std::uint32_t>(2 * random.Below(1000)),
                       .down = static_cast<std::uint32_t>(2 * random.Below(1000) + 1),
                       .limit = 5e5 + static_cast<double>(random.Below(9'000'000))});
  for (auto _ : state) benchmark::DoNotOptimize(MaxMinRates(demands, capacities).size());
}
BENCHMARK(ShareFairly)->Arg(1000)->Arg(10'000)->Unit(benchmark::kMicrosecond);

/// A thousand transfers at once between a thousand nodes, until all are through: each end is a new
/// computation of all rates.
void ThousandFairTransfers(benchmark::State& state) {
  const std::unique_ptr<Network> network = ManyNodes("fair");
  for (auto _ : state) {
    for (std::uint32_t k = 0; k < 1000; ++k)
      benchmark::DoNotOptimize(network
                                   ->Send({MessageId{next_message++}, NodeId{k},
                                           NodeId{(k * 7 + 1 + k / 8) % 1000 + 1000}, 1000 + k})
                                   .ok());
    benchmark::DoNotOptimize(network->Drain().ok());
  }
  state.SetItemsProcessed(state.iterations() * 1000);
}
BENCHMARK(ThousandFairTransfers)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace delstep
