#pragma once
/// Training, and the step that trains or aggregates.
///
/// Nodes are present, up and each named once; results and events come in the order given.
/// Errors: kRefused if no node has data to train on, or the learner failed at some; kInterrupted if
///   `stop` came in between. A node is never half trained: those that were done stay trained (their
///   Trained events say so), the others are as before.
/// Threads: one caller at a time; the workers of the engine are used. The progress of a training
///   can be read from any thread (Engine::progress).
#include <span>
#include <stop_token>
#include <vector>

#include "core/engine/run.h"
#include "delstep/result.h"
#include "delstep/simulation.h"

namespace delstep {

/// Nodes without training data are skipped and named; an error if none is left.
Result<StepReport> Train(Run& run, std::span<const NodeId> nodes, std::stop_token stop);

/// Aggregates the nodes with a message in the inbox and trains the others; every guestbook ticks
/// once. On an error no node has aggregated; nodes that were trained before it stay trained.
Result<StepReport> Step(Run& run, std::span<const NodeId> nodes, std::stop_token stop);

}  // namespace delstep
