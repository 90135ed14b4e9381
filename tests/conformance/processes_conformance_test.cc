// The promises of Processes over threads. Over MPI: mpi/processes_over_mpi.cc.
#include "tests/conformance/processes_conformance.h"

#include <tuple>

#include "cluster/thread_processes.h"

namespace delstep {
namespace {

using conformance::kProcessesPromises;
using conformance::NamedPromise;

class ProcessesConformance : public testing::TestWithParam<std::tuple<NamedPromise, int>> {};

TEST_P(ProcessesConformance, IsKept) {
  const auto [promise, size] = GetParam();
  ThreadProcesses world(size);
  {
    std::vector<std::jthread> threads;
    for (int self = 0; self < size; ++self)
      threads.emplace_back([&world, self, play = promise.play] { play(*world.At(self)); });
  }
  for (int from = 0; from < size; ++from)
    for (int to = 0; to < size; ++to)
      EXPECT_FALSE(world.At(to)->HasMessage(from)) << "a promise leaves nothing on the way";
}

std::string NameOf(const testing::TestParamInfo<std::tuple<NamedPromise, int>>& tested) {
  return std::string(std::get<0>(tested.param).name) + "_" +
         std::to_string(std::get<1>(tested.param));
}
INSTANTIATE_TEST_SUITE_P(Threads, ProcessesConformance,
                         testing::Combine(testing::ValuesIn(kProcessesPromises),
                                          testing::Values(1, 2, 3, 5)),
                         NameOf);

}  // namespace
}  // namespace delstep
