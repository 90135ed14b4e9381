#pragma once
/// Which test results are of the models that nodes have now.
///
/// `test` of a few nodes leaves the results of the others as they were. A mean over old and new
/// ones is a number that nobody asked for, so who prints one says how many are old.
#include <cstddef>
#include <span>
#include <string>

#include "delstep/simulation.h"

namespace delstep {

/// How many of these nodes' results on the scope are older than their models.
std::size_t CountOlderTests(const Simulation& simulation, std::span<const NodeId> tested,
                            const EvaluationScope& scope);

/// "2 of 3 results are of models that have changed since"; empty where they are of one age: all
/// or none.
std::string NoteOnAges(const Simulation& simulation, std::span<const NodeId> tested,
                       const EvaluationScope& scope);

}  // namespace delstep
