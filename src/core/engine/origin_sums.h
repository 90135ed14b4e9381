#pragma once
/// The sums of where models come from, for all nodes of an aggregation at once.
///
/// A sum by itself is world/provenance.h:ProvenanceSum. Where many nodes add up lists of many
/// shares, all sums together are a product of two matrices: of the weights, and of the shares by
/// node. It is formed as such a product is, a few columns at a time: 64 nodes of all lists are
/// laid side by side and stay in the cache while all sums use them (math/row_tiles.h).
/// Columns are tiles for the workers too. Where lists are short, or each serves few sums, unpacking
/// would cost more than it saves, and the sums are formed one by one.
///
/// Bits: those of ProvenanceSum, whichever way is taken. Each number is a chain of products and
/// sums in the order of the parts; a node that a list lacks adds 0 to it, which changes nothing.
/// Of the trainings only the first and the last are looked at while the ranges of a node touch each
/// other in all lists, as they nearly always do; those of other nodes are joined one by one.
#include <memory>
#include <span>

#include "core/world/provenance.h"
#include "delstep/learner.h"

namespace delstep {

/// A model in a sum: the weight of what it was after its node's last aggregation, and of each
/// training since. Weights of 0 add nothing.
struct OriginPart {
  NodeId node{};
  const ModelOrigin* origin = nullptr;
  double base = 0, trainings = 0;
  friend bool operator==(const OriginPart&, const OriginPart&) = default;
};

struct OriginSum {
  std::span<const OriginPart> parts;  ///< ascending by node, which may come more than once
  bool estimate = false;              ///< the weights are a guess
  std::shared_ptr<const Provenance> out;
};

/// Forms all sums. Errors: none. Threads: uses `workers`, so never from inside a ForEach of them.
void SumOrigins(std::span<OriginSum> sums, Workers& workers);

}  // namespace delstep
