#pragma once
/// Named groups of nodes. Members keep the order in which they joined.
///
/// Nodes are present. Nothing here can fail. Threads: one caller at a time.
#include <cstddef>
#include <span>
#include <string_view>

#include "core/engine/run.h"
#include "delstep/simulation.h"

namespace delstep {

/// Requires that the group exists.
NodeGroup& GroupNamed(World& world, std::string_view name);

/// An empty group of this name. True if it existed; then its members have left without an event of
/// their own: GroupCreated says that it was emptied.
bool CreateGroup(Run& run, std::string_view name);

/// Returns how many members there were. Requires that the group exists.
std::size_t DeleteGroup(Run& run, std::string_view name);

/// Nodes that are members already are reported as unneeded. Requires that the group exists.
GroupReport AddToGroup(Run& run, std::string_view name, std::span<const NodeId> nodes);

/// Nodes that are no members are reported as unneeded. Requires that the group exists.
GroupReport RemoveFromGroup(Run& run, std::string_view name, std::span<const NodeId> nodes);

}  // namespace delstep
