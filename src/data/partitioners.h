#pragma once
/// Who gets which examples: the partitioners that can be chosen by `partition.name`. Names and
/// parameters are those of Flower Datasets; where a rule differs, it is said below.
///
/// All of them: lists are pairwise disjoint parts of the pool and a function of the request alone.
/// An example stands at most once. A node's list is in random order, except with `label-sorted`,
/// whose order is its point.
///
/// Errors (kUsage): an option out of range, or options that this pool and
/// number of nodes cannot meet; the message names the key, its value and the limit.
#include "delstep/registry.h"

namespace delstep {

/// Adds all of the functions below under their names.
void AddPartitioners(Parts<DealData>& parts);

// By size alone (partition_by_size.cc): consecutive runs of the pool, which is in random order.

/// `iid`: sizes differ by at most one, the larger ones first; with more nodes than examples the
/// last get none.
Result<Partition> DealIid(const PartitionRequest& request);
/// `size`: node i gets partition_sizes[i] (0 is allowed). One size a node; together at most the
/// pool, of which the rest stays undealt.
Result<Partition> DealBySize(const PartitionRequest& request);
/// `linear`, `square`, `exponential`: node i = 1 ... N gets floor(pool * u(i) / sum of u) examples
/// with u(i) = i, i^2, e^i, but at least one (Flower refuses where a node would get none, which is
/// every `exponential` over a dozen nodes); what rounding leaves goes to node N.
Result<Partition> DealLinear(const PartitionRequest& request);
Result<Partition> DealSquare(const PartitionRequest& request);
Result<Partition> DealExponential(const PartitionRequest& request);

// By label.

/// `dirichlet` (Yurochkin et al. 2019, "Bayesian nonparametric federated learning of neural
/// networks"; Hsu et al. 2019): for each class, in ascending order, shares of the nodes ~
/// Dirichlet(alpha, ..., alpha); the class's examples are cut at the cumulated shares, rounded
/// down. With `self_balancing` a node that already holds the average, pool / nodes, gets no share
/// of the following classes and the other shares are scaled up; if they are all 0 the nodes with
/// room share equally. If a node ends with fewer than `min_partition_size` examples everything is
/// drawn again, up to kMostDirichletDraws times (Flower stops after 11), then it is an error. All
/// is dealt. alpha is more than 0 and at most kLargestAlpha.
Result<Partition> DealDirichlet(const PartitionRequest& request);
constexpr int kMostDirichletDraws = 100;
constexpr double kLargestAlpha = 1e9;

/// `pathological` (Li et al. 2022, "Federated learning on non-IID data silos"): each node holds
/// exactly `num_classes_per_partition` of the C classes that occur in the pool, taken in ascending
/// order. `class_assignment_mode`: "random": any of them, without replacement; "deterministic":
/// node i (from 0) has the classes number i, i + 1, ... modulo C; "first-deterministic": number i
/// modulo C, the others at random. The examples of a class are divided equally between its nodes
/// (sizes differ by at most one); a class without a node stays undealt.
Result<Partition> DealPathological(const PartitionRequest& request);

/// `shard` (McMahan et al. 2017, "Communication-efficient learning of deep networks from
/// decentralized data"): the pool is sorted by label and cut into shards; each node gets
/// `num_shards_per_partition` of them at random. With `shard_size` shards have exactly that size,
/// and those that nobody draws, and a last incomplete one, stay undealt. Without it there are just
/// enough shards, their sizes differ by at most one and all is dealt (Flower drops the remainder).
Result<Partition> DealShards(const PartitionRequest& request);

/// `label-sorted`: round(weight * pool) random examples are sorted by label, the others shuffled;
/// the two piles are merged by drawing the next example from the sorted pile with probability
/// `weight`, until one is empty and the rest of the other follows; the result is dealt in runs of
/// `partition_sizes` (as for `size`) or, without them, of equal sizes (as for `iid`). Weight 0
/// amounts to `iid`, weight 1 gives each node a run of the sorted pool. 0 <= weight <= 1.
Result<Partition> DealLabelSorted(const PartitionRequest& request);

// By origin.

/// `natural-id`: node i gets the examples of source i. Of more sources than nodes, source s goes to
/// node s modulo N (Flower makes a partition of each). Only sources with an example in the pool
/// count, in the order of `source_names`. Fewer of them than nodes, or data without sources, are
/// errors.
Result<Partition> DealByNaturalId(const PartitionRequest& request);

}  // namespace delstep
