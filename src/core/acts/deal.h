#pragma once
/// Dealing: who gets which examples of the data set, at the start and later.
///
/// Examples are named by their place in the data set. All draws depend on the seed alone.
/// Threads: any; nothing here changes the run.
#include <cstdint>
#include <vector>

#include "core/engine/run.h"
#include "delstep/data.h"
#include "delstep/registry.h"
#include "delstep/result.h"
#include "delstep/scenario.h"

namespace delstep {

struct Deal {
  Partition parts;
  std::vector<std::uint32_t> undealt;  ///< the next example to give is the last
};

/// Draws the pool (data.pool) by the seed and lets the partitioner split it among the scenario's
/// nodes. Errors: kUsage, with the key (Error::key), if the data are too few; those of the
/// partitioner.
Result<Deal> DealExamples(const Scenario& scenario, const Registry& registry,
                          const LoadedData& data);

/// Splits the examples into the node's training and held-out part (data.test_fraction).
void AssignExamples(const Scenario& scenario, std::vector<std::uint32_t> examples, Node& node);

/// Fresh data for a node that joins later: the next samples_per_node of World::undealt. They stay
/// there; the caller takes them away once the node has joined. Errors: kRefused if nothing (or too
/// little) is left.
Result<std::vector<std::uint32_t>> ExamplesForNewNode(const Run& run);

}  // namespace delstep
