#pragma once
/// Epidemic Learning: de Vos, Farhadkhani, Guerraoui, Kermarrec, Pires, Sharma, "Epidemic Learning:
/// Boosting Decentralized Learning with Randomized Communication", NeurIPS 2023, in synchronous
/// rounds (rounds.h). Who sends to whom is drawn anew in each round.
///
///   round r     train; send (r, x) to s = `peers` others, drawn at random
///   wait        for what is to come, or for the timeout
///   mix         x <- the plain mean of the own model and all received
///
/// `oracle = false` (EL-Local): each node draws s of its partners. The other partners get a header
/// of 64 bytes, "no model from me in this round", so that nobody waits for nothing. How many models
/// a node receives varies; about e^-s of the nodes receive none.
///
/// `oracle = true` (EL-Oracle): one digraph for all, in which each node sends to s and receives
/// from s others: the nodes in random order in a circle, each sends to the next s. All nodes draw
/// it alike from Host::DrawShared(r), so a node knows from whom models are to come. Needs a full
/// topology; where the digraph has an edge that the topology has not, nothing is sent and nobody
/// waits. As neighbours of one round need not wait for each other, a node that has waited from one
/// turn to the next asks those that it waits for, by a header of 64 bytes.
///
/// Without training, in a full mesh of N nodes with V = sum of (x - mean)^2, a round leaves on
/// average: oracle, V (N - s - 1) / ((s + 1) (N - 1)), and the mean stays; local, about the old
/// mean, V (N e - 1) / (N - 1) with e = (1 - (1 - p)^N) / (N p) and p = s / (N - 1).
#include <memory>

#include "delstep/behaviour.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// Uses `peers`, `oracle` and `timeout`. Never an error.
Result<std::unique_ptr<Behaviour>> MakeEpidemic(const BehaviourOptions& options);

}  // namespace delstep
