#pragma once
/// Labels that a node has wrong on purpose: noise and flips in its training part, as studies of
/// robustness use them.
///
/// A node with labels of its own has a copy of all labels of the data set, and shares the features.
/// Errors: kRefused for classes that the data do not have; then nothing has changed.
/// Threads: one caller at a time.
#include <cstdint>
#include <span>
#include <vector>

#include "core/engine/run.h"
#include "delstep/result.h"

namespace delstep {

/// What the node trains on; what is held out always has the labels of the run's data set.
const Dataset& TrainingData(const Run& run, const Node& node);
/// Labels of the training part that are not as the data set has them.
std::uint64_t ChangedLabels(const Run& run, const Node& node);

/// See Simulation::ChangeLabels. On an error nothing has changed.
Result<std::vector<LabelsChanged>> ChangeLabels(Run& run, const LabelChange& change,
                                                std::span<const NodeId> nodes);

}  // namespace delstep
