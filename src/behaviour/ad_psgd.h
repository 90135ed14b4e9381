#pragma once
/// AD-PSGD: Lian, Zhang, Zhang, Liu, "Asynchronous Decentralized Parallel Stochastic Gradient
/// Descent", ICML 2018, algorithm 1: two nodes at a time average their models. The graph is split
/// in two so that no circle of nodes can wait for each other: nodes of even number are active and
/// begin exchanges, those of odd number are passive and answer.
///
///   on turn:       train
///   when trained:  active: send the model to a random passive partner, and wait for the answer
///   on receive:    passive: answer with the own model x_p; then x_p <- (x_a + x_p) / 2
///                  active: x_a <- (x_a + x_p) / 2; the exchange is over
///
/// While an active node waits it does nothing else, so both average the same two models, and an
/// exchange keeps their sum. A turn that falls due then comes when the exchange is over. A passive
/// node that trains answers after that, in the order in which it was asked: its inbox is the queue.
/// An exchange is over without an answer after `timeout`, or when the partner goes down or parts;
/// an answer that comes later is discarded. Then the passive node may have averaged alone.
///
/// The paper applies a gradient of the model before the average; here, as in the simulator of
/// decentralized learning DLS, a node trains first and averages then.
///
/// An exchange takes both a message, so an active node needs a passive neighbour: in a graph whose
/// even nodes have only even neighbours nothing is exchanged.
#include <memory>

#include "delstep/behaviour.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// Uses `timeout`. Never an error.
Result<std::unique_ptr<Behaviour>> MakeAdPsgd(const BehaviourOptions& options);

}  // namespace delstep
