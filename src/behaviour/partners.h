#pragma once
/// Whom a node can deal with right now: its partners are the neighbours that are up and run the
/// same behaviour (Host::IsPartner).
#include <cstddef>
#include <vector>

#include "delstep/behaviour.h"

namespace delstep {

/// The node is a partner. For senders of messages too: they may be no neighbours any more.
bool Reaches(const Host& node, NodeId peer);

/// All partners, ascending.
std::vector<NodeId> Partners(const Host& node);

/// `count` of `from`, drawn without replacement, each set equally likely, in the order drawn; all
/// of them if there are fewer. Takes one stream of the node's.
std::vector<NodeId> DrawFrom(Host& node, std::vector<NodeId> from, std::size_t count);

/// The same, from all partners.
std::vector<NodeId> DrawPartners(Host& node, std::size_t count);

}  // namespace delstep
