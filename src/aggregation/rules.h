#pragma once
/// The built-in rules of aggregation, one file each. What they share: the order of the peers does
/// not matter (beyond the last bit of a weight), and coordinates that are 0 in every model stay 0.
///
/// Weighted means (WeightRule):
/// - `encounter`: over the records of the guestbook, w_k = n_k / sum n_j; equal if every n is 0.
/// - `fedavg`: the same weights over the inbox. McMahan et al., "Communication-Efficient Learning
///   of Deep Networks from Decentralized Data", AISTATS 2017, algorithm 1.
/// - `dpsgd`: over the inbox, w_ij = 1 / (1 + max(d_i, d_j)) for each peer j, and the rest, with
///   a missing neighbour's weight, for the node i itself. Lian et al., "Can Decentralized
///   Algorithms Outperform Centralized Algorithms?", NeurIPS 2017, algorithm 1; the weights by
///   Xiao and Boyd, "Fast linear iterations for distributed averaging", Systems & Control Letters
///   53, 2004. A message may come from a peer that is no neighbour any more: d_i is never taken
///   lower than the number of peers heard, so self keeps at least 1 / (1 + peers).
///
/// Robust to peers that send anything; they see the inbox and ignore n. `median` and `trimmed-mean`
/// work coordinate by coordinate (MergeRule), `krum` takes one model as it is (SelectionRule):
/// - `median`: of each coordinate; of an even number, the mean of the middle two. Yin et al.,
///   "Byzantine-Robust Distributed Learning: Towards Optimal Statistical Rates", ICML 2018,
///   definition 1.
/// - `trimmed-mean`: of each coordinate, without the floor(aggregation.trim * m) lowest and as many
///   highest of m values. Yin et al. 2018, definition 2.
/// - `krum`: the one model whose sum of squared distances to its m - f - 2 closest others is least;
///   of equals, the one of the lowest NodeId. f = aggregation.byzantine; fewer than 2f + 3 models
///   are kRefused. Blanchard et al., "Machine Learning with Adversaries: Byzantine Tolerant
///   Gradient Descent", NeurIPS 2017, section 4.
///
/// To `median` and `trimmed-mean` a NaN is a value beyond the infinity of its sign (ranks.h); to
/// `krum` a model with a NaN is infinitely far from every other.
#include "delstep/registry.h"

namespace delstep {

/// Errors of each Make: an option that no set of models can satisfy is kUsage about its key.
using AggregatorResult = Result<Aggregator>;
AggregatorResult MakeEncounter(const AggregationOptions& options);
AggregatorResult MakeFedAvg(const AggregationOptions& options);
AggregatorResult MakeDpsgd(const AggregationOptions& options);
AggregatorResult MakeMedian(const AggregationOptions& options);
AggregatorResult MakeTrimmedMean(const AggregationOptions& options);
AggregatorResult MakeKrum(const AggregationOptions& options);

/// Enters all of them.
void AddAggregators(Parts<MakeAggregator>& parts);

}  // namespace delstep
