#pragma once
/// Where a model comes from: the answers of Simulation::Why() and Simulation::Way().
///
/// Every model is a sum of initial parameters and of trainings, and each aggregation scales what it
/// adds up. Following the weights tells what is in a model now. Three nodes, with equal numbers of
/// examples:
///
///   a trains; a sends to b; b averages   b = 1/2 initial(b) + 1/2 initial(a) + 1/2 training(a)
///   b sends to c; c averages             c = 1/2 initial(c) + 1/4 initial(b)
///                                            + 1/4 initial(a) + 1/4 training(a)
///
/// So in c the node a has `initial` 0.25 and `trained` 0.25, of 1 training. The weights `initial`
/// of a model sum to 1. Those of `trained` have no fixed sum: a node that trains three times by
/// itself has 3.
///
/// Exact where all rules on the way say what they take: WeightRule and SelectionRule, with any
/// communal learning rate. An estimate, and marked as such, after
///
///   a MergeRule     counted as if all models that it was shown had the same weight
///   compression     counted as if the message had come as it was meant
///
/// With aggregation.share = deltas or gradients a message carries the trainings of its sender since
/// the sender's last aggregation, and nothing else. A gradient was divided by the sender's learning
/// rate and is multiplied by the receiver's: so is its weight. `import` gives a node new initial
/// parameters, and what it had is no longer in its model.
#include <cstdint>
#include <vector>

#include "delstep/network.h"
#include "delstep/types.h"

namespace delstep {

/// What of one node is in a model.
struct SourceShare {
  NodeId node{};                ///< may have left since
  double initial = 0;           ///< weight of its initial parameters
  double trained = 0;           ///< sum of the weights of its trainings
  std::uint64_t trainings = 0;  ///< how many of them are in it
};

struct ModelSources {
  bool exact = true;
  std::vector<SourceShare> sources;  ///< ascending by node; those of which nothing is in it are not
};

/// A message by which knowledge came one node further.
struct Hop {
  NodeId from{}, to{};
  MessageId message{};
  SimTime sent{}, arrived{}, aggregated{};
  std::uint64_t cycle = 0;  ///< in which it was aggregated
  double weight = 0;        ///< of the message's model in the new one
};

/// The strongest of the ways by which knowledge of a source came to a node: the one whose product
/// of weights is largest. Messages later on the way count with what was left of them.
struct KnowledgeWay {
  /// From the source to the node. Empty with a `weight` above 0: it is the node's own knowledge.
  std::vector<Hop> hops;
  /// With which a part of the source, its last training before the first message or its initial
  /// parameters, has come by this way. 0: no way is known.
  double weight = 0;
  /// Some meetings that could have been on a way are no longer kept: there may be a stronger one.
  bool forgotten = false;
};

}  // namespace delstep
