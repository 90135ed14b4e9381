#pragma once
/// The name of this machine, by which messages tell processes on several machines apart.
#include <string>

namespace delstep {

/// As the system has it, at most 255 bytes; "" where it has none.
std::string HostName();

}  // namespace delstep
