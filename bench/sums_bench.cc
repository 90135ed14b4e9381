// WeightedSums on one worker: every node averages every other one, or a few neighbours.
#include <benchmark/benchmark.h>

#include <vector>

#include "large_pages.h"
#include "learning/pool_workers.h"
#include "math/weighted_sums.h"
#include "peak.h"
#include "report.h"

namespace delstep {
namespace {

constexpr std::size_t kColumns = 25'472;     // the row of 784-32-10
constexpr std::size_t kRow = kColumns + 16;  // from one row to the next: rows have a header

/// Node i averages the nodes i, i + step, i + 2 step, ... in ascending order, with its own weights;
/// if `lossy`, without every tenth.
struct Mesh {
  Mesh(std::size_t nodes, std::size_t degree, bool lossy = false)
      : rows(nodes * kRow), sums(nodes * kRow), terms(nodes) {
    for (std::size_t i = 0; i < nodes; ++i) {
      std::vector<bool> met(nodes);
      for (std::size_t k = 0; k < degree; ++k) met[(i + k * (nodes / degree)) % nodes] = true;
      for (std::size_t j = 0; j < nodes; ++j)
        if (met[j] && !(lossy && (7 * i + 3 * j) % 10 == 0))
          terms[i].push_back(
              {rows.data() + j * kRow, 1.0f / static_cast<float>(degree + (i + j) % 3)});
    }
    for (std::size_t i = 0; i < nodes; ++i) wanted.push_back({terms[i], sums.data() + i * kRow});
  }
  LargePages rows, sums;
  std::vector<std::vector<WeightedTerm>> terms;
  std::vector<WeightedSum> wanted;
};

void RunMesh(benchmark::State& state, bool lossy) {
  const auto nodes = static_cast<std::size_t>(state.range(0));
  const Mesh mesh(nodes, nodes, lossy);
  PoolWorkers workers(1);
  const double peak = PeakGflops(BestKernels());
  for (auto _ : state) WeightedSums(BestKernels(), mesh.wanted, kColumns, workers);
  std::size_t terms = 0;
  for (const auto& list : mesh.terms) terms += list.size();
  ReportFlops(state, 2.0 * static_cast<double>(terms * kColumns), peak);
}
void Full(benchmark::State& state) { RunMesh(state, false); }
void Lossy(benchmark::State& state) { RunMesh(state, true); }
BENCHMARK(Full)->Arg(12)->Arg(100)->Arg(400)->Unit(benchmark::kMillisecond);
BENCHMARK(Lossy)->Arg(100)->Unit(benchmark::kMillisecond);

void Regular(benchmark::State& state) {
  const auto nodes = static_cast<std::size_t>(state.range(0));
  const Mesh mesh(nodes, 9);
  PoolWorkers workers(1);
  // The least that must move: every row is read once and written once.
  const double bytes = 8.0 * static_cast<double>(nodes * kColumns);
  const double triad = TriadGigabytes(static_cast<std::size_t>(bytes));
  for (auto _ : state) WeightedSums(BestKernels(), mesh.wanted, kColumns, workers);
  ReportBytes(state, bytes, triad);
}
BENCHMARK(Regular)->Arg(12)->Arg(100)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace delstep
