#pragma once
/// Training, and the step that trains or aggregates.
///
/// Nodes are present, up and each named once; results and events come in the order given. Nodes that
/// are in a training that a run has begun are skipped and named; an error if it is the only one.
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
Result<StepReport> Train(Run& run, std::span<const NodeId> nodes, std::stop_token stop,
                         Waiting waiting = Waiting::kUntilTrained);

/// Aggregates the nodes with a message in the inbox and trains the others; every guestbook ticks
/// once. On an error no node has aggregated; nodes that were trained before it stay trained.
Result<StepReport> Step(Run& run, std::span<const NodeId> nodes, std::stop_token stop,
                        Waiting waiting = Waiting::kUntilTrained);

// ---- Trainings that take simulated time: begun now, ended later. Several that are under way at
// once are computed together.

/// The learner's options of the node's next training: the scenario's, the node's own values over
/// them, and the schedule at the number of trainings that the node has done.
TrainOptions OptionsOf(const Run& run, const Node& node);
/// Requires data, and that the node is not training. The agenda is for the caller to renew. `news`:
/// kNone where the node's behaviour begins it, else NewsOfForeign().
void BeginTraining(Run& run, NodeId node, double scale, Duration lasts, TrainingNews news);
/// A training under way ends without a result: the node is as before it.
void GiveUpTraining(Run& run, NodeId node);
/// Computes trainings under way, so that they are in Run::computed. Errors: kInterrupted.
Result<void> ComputeTrainings(Run& run, std::span<const NodeId> nodes, std::stop_token stop);
/// The result becomes the node's model. Requires that it was computed. Errors: kRefused if the
/// learner failed at it; then the node is as before, and trains no more.
Result<void> EndTraining(Run& run, NodeId node);

}  // namespace delstep
