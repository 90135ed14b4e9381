#pragma once
/// The reference page on networks.
#include <string>

namespace delstep {

/// docs/reference/networks.md: what each network can do, from its traits. The same on every machine,
/// whether the networks are there or not.
std::string NetworksReference();

}  // namespace delstep
