#pragma once
/// D-PSGD: Lian, Zhang, Zhang, Hsieh, Zhang, Liu, "Can Decentralized Algorithms Outperform
/// Centralized Algorithms?", NeurIPS 2017, algorithm 1, in synchronous rounds (rounds.h).
///
///   round r     train; send (r, x, degree) to all partners
///   wait        for all of them, or for the timeout
///   mix         x_i <- w_ii x_i + sum of w_ij x_j, with Metropolis-Hastings weights
///               w_ij = 1 / (1 + max(d_i, d_j)), and w_ii the rest (aggregation/metropolis.h)
///
/// The paper computes the gradient at the model before the mix; here, as in most programs, a node
/// trains first and mixes then.
///
/// The degrees are the numbers of neighbours, those that are down included. So the matrix is
/// symmetric and doubly stochastic, and a round keeps the mean of all models, unless a message is
/// missing: its weight then stays with the receiver, and the mean drifts. Without training, V = sum
/// of (x - mean)^2 falls to at most rho^2 V in a round, rho = max(|lambda_2|, |lambda_n|).
///
/// Where nothing takes time, a round gives the bits of `train; flood; nstep; ag` with
/// aggregation.name = dpsgd.
#include <memory>

#include "delstep/behaviour.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

/// Uses `timeout`. Never an error.
Result<std::unique_ptr<Behaviour>> MakeDPsgd(const BehaviourOptions& options);

}  // namespace delstep
