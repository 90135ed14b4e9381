#pragma once
/// The weights of D-PSGD, for the rule of aggregation `dpsgd` and for the behaviour `d-psgd`: both
/// call this, so both come to the same bits.
#include <cstddef>
#include <span>

namespace delstep {

/// Metropolis-Hastings weights of one node i (Xiao and Boyd, "Fast linear iterations for
/// distributed averaging", Systems & Control Letters 53, 2004): w_ij = 1 / (1 + max(d_i, d_j)) for
/// each peer j that was heard, and the rest for i itself, the weight of a neighbour that was not
/// heard included. With everybody heard, the matrix of all nodes is symmetric and doubly
/// stochastic: the mean of the models stays.
///
/// degrees[0] is d_i, the others are d_j; the weights are in the same order. A message may come
/// from a peer that is no neighbour any more, so d_i counts as at least the number of peers heard:
/// then self keeps at least 1 / (1 + peers). Requires spans of one length, at least 1.
void WeighByMetropolisHastings(std::span<const std::size_t> degrees, std::span<double> weights);

}  // namespace delstep
