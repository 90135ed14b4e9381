// Prints what this machine can do at most at the shapes of the workloads, as a JSON object.
//   machine [THREADS]
// bench/run.py calls it in each round, in turn with the workloads that it measures by it.
#include <fmt/format.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "learning/plugin/openblas.h"
#include "peak.h"
#include "sgemm.h"

namespace delstep {
namespace {

constexpr int kParameters = 25'450, kBatch = 128, kInputs = 784, kHidden = 32;

/// The two large products of a step, one after the other.
double StepGflops(const Sgemm& blas) {
  const double forward = blas.Gflops({kBatch, kHidden, kInputs}, 1);
  const double gradient = blas.Gflops({kInputs, kHidden, kBatch}, 1);
  return 2 / (1 / forward + 1 / gradient);
}

void Print(const std::string& name, double rate) { fmt::print(R"(, "{}": {:.2f})", name, rate); }

int Main(std::size_t threads) {
  const Kernels& kernels = BestKernels();
  const std::string_view core = OpenBlasKernels(kernels.name, /*portable=*/false);
  const std::optional<Sgemm> blas = [&] {
    const OpenBlasChoice choice(core);
    return Sgemm::Load();
  }();
  fmt::print(R"({{"workload": "machine", "kernels": "{}", "threads": {}, "blas": "{}", )",
             kernels.name, threads, blas ? blas->Name() : "none");
  fmt::print(R"("openblas told": "{}", )", core);
  fmt::print(R"("peaks": {{"fma 1": {:.2f}, "fma": {:.2f})", PeakGflops(kernels),
             PeakGflops(kernels, threads));
  if (blas) Print("sgemm step 1", StepGflops(*blas));
  for (const int nodes : {12, 100, 1000}) {
    const auto rows = static_cast<std::size_t>(nodes) * kParameters * sizeof(float);
    Print(fmt::format("triad {}", nodes), TriadGigabytes(2 * rows, threads));
    if (blas)
      Print(fmt::format("sgemm {}", nodes),
            blas->Gflops({nodes, kParameters, nodes}, static_cast<int>(threads)));
  }
  fmt::print("}}}}\n");
  return 0;
}

}  // namespace
}  // namespace delstep

int main(int argc, char** argv) {
  const std::size_t wanted = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 0;
  return delstep::Main(wanted > 0 ? wanted : std::thread::hardware_concurrency());
}
