#pragma once
/// Where nodes are, as helper programs are told it.
#include <vector>

#include "delstep/mobility.h"
#include "delstep/types.h"
#include "network/remote/protocol.h"

namespace delstep::remote {

/// The legs from `now` up to `until` as straight ways, by a clock that showed 0 at `start`. A node
/// that is nowhere is put where nobody can hear it: far away, and each at a place of its own.
std::vector<Way> WaysOf(const NodeLegs& legs, SimTime now, SimTime until, SimTime start);

}  // namespace delstep::remote
