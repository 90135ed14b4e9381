#pragma once
/// By which address others can reach a server of this machine.
#include <string>

namespace delstep {

/// Where `bound` stands for all addresses of this machine, the first IPv4 number that is not the
/// machine's own affair, or 127.0.0.1 if it has none; else `bound`.
std::string ShownAddress(const std::string& bound);

}  // namespace delstep
