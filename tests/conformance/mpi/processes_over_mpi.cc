// The promises of Processes over MPI: mpirun -n 3 processes_over_mpi. All processes play each of them at
// the same time. Over threads: ../processes_conformance_test.cc.
#include <cstdio>

#include "cluster/join.h"
#include "tests/conformance/processes_conformance.h"

namespace delstep {
namespace {

/// Of the program: MPI is joined once.
Processes* all_processes = nullptr;

class ProcessesOverMpi : public testing::TestWithParam<conformance::NamedPromise> {};

TEST_P(ProcessesOverMpi, IsKept) { GetParam().play(*all_processes); }

INSTANTIATE_TEST_SUITE_P(Mpi, ProcessesOverMpi, testing::ValuesIn(conformance::kProcessesPromises),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace delstep

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const auto joined = delstep::JoinProcesses();
  if (!joined || !*joined) {
    std::fprintf(stderr, "processes by MPI: %s\n",
                 joined ? "start it with mpirun -n 3" : joined.error().message.c_str());
    return 4;
  }
  delstep::all_processes = joined->get();
  return RUN_ALL_TESTS();
}
