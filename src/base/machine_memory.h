#pragma once
/// How much memory the machine has.
#include <cstdint>

namespace delstep {

/// In bytes: what the machine has, or what a container may use of it where that is less. Asked
/// once.
std::uint64_t MachineMemory();

}  // namespace delstep
