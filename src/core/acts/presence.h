#pragma once
/// What plans do to the network: nodes that come and go, contacts that begin and end. And what a
/// node's going does to its training.
///
/// Threads: one caller at a time.
#include <vector>

#include "core/engine/run.h"
#include "core/world/met_pairs.h"
#include "delstep/result.h"

namespace delstep {

/// Makes one change of plan, now. Changes that are true already, or whose nodes have left, change
/// nothing. Errors: of a network that fails.
Result<void> MakeChange(Run& run, const ChangeKey& change);

/// By its plans, churn and trace, the node is online now.
bool IsOnlineByPlan(const Engine& engine, NodeId node, SimTime now);
/// A node that has just come into being is up or down as its plans say; behaviours are not told.
/// Errors: of a network that fails.
Result<void> BeginPresence(Run& run, NodeId node);
/// All nodes are up as their plans say, after a plan was changed; behaviours will hear of it. Errors:
/// of a network that fails.
Result<void> FollowPresence(Run& run);

/// Neighbours are who is in contact now: after a node was put elsewhere, or has joined. Requires
/// contacts. Errors: of a network that fails.
Result<void> FollowContacts(Run& run);

/// All contacts of a node end now: it leaves. Errors: as above.
Result<void> EndContactsOf(Run& run, NodeId node);

/// A node that goes down keeps its outbox, inbox and guestbook; what is on the wire to and from it
/// is lost. Its training pauses, goes on or is lost (compute.offline). Returns how many messages
/// were lost; see Simulation::SetUp. `planned`: by a plan, not by hand.
Result<std::size_t> GoUpOrDown(Run& run, NodeId node, bool up, bool planned);

}  // namespace delstep
