#pragma once
/// Calls of behaviours (delstep/behaviour.h), and what they have to do next.
///
/// Errors: those of what a behaviour did: a network that fails, a rule that refuses, a UserFailure
/// (base/user_failure.h) of one that a user has written. What the node did before stays.
/// Threads: one caller at a time.
#include <string>
#include <string_view>

#include "core/engine/run.h"
#include "delstep/result.h"

namespace delstep {

/// "gossip", "none", or the file of a user's own, as it was given.
const std::string& BehaviourName(const World& world, const Node& node);
/// For people and events: of a file the name without its folder, so that a run that is repeated
/// elsewhere makes equal events.
std::string BehaviourTitle(const World& world, const Node& node);
/// Whether both do the same by themselves. A file may be named in several ways.
bool IsSameBehaviour(const Run& run, const Node& a, const Node& b);
/// Null for none.
const Behaviour* BehaviourOf(Run& run, const Node& node);

/// Enters into the agenda what the node has to do.
void Renew(Run& run, NodeId node);
/// The same for all, if the agenda was forgotten.
void RenewAgenda(Run& run);

/// Tells the node's behaviour what it does not know yet: that a training has ended, and which
/// messages have come. Does nothing while the node trains or is down.
Result<void> Tell(Run& run, NodeId node);
/// The node's turn is due: it takes it, or it is pending while the node trains.
Result<void> TakeTurn(Run& run, NodeId node);
Result<void> RingAlarm(Run& run, NodeId node);
/// The node's behaviour will be told when nodes act again, by OnMeet or OnPart as it is then: the
/// peer came, went, met it or parted while nobody acted. Not if the node is down.
void TellOfPeerLater(Run& run, NodeId node, NodeId peer);
/// The same of a pair that met or parted, for both, unless one of them is down.
void TellOfPairLater(Run& run, NodeId a, NodeId b);
/// The same of a node that came or went, for it and all whose neighbour it is.
void TellOfNodeLater(Run& run, NodeId node);
/// A node goes down. Its behaviour will be told of the peers that it reaches now, when it is up
/// again: OnPart of those that it does not reach then. Call it while the node is up.
void KeepPeers(Run& run, NodeId node);
/// Tells of the first peer that was kept for later. Requires one, and that the node is up.
Result<void> TellOfChangedPeer(Run& run, NodeId node);
/// Calls OnMeet or OnPart, unless the node is down.
Result<void> TellMeet(Run& run, NodeId node, NodeId peer);
Result<void> TellPart(Run& run, NodeId node, NodeId peer);

/// What the node's behaviour is to hear of a training under way that is not its own.
TrainingNews NewsOfForeign(Run& run, const Node& node);

/// The behaviour begins now: memory and turns are as at the beginning.
void BeginBehaviour(Run& run, NodeId node);

}  // namespace delstep
