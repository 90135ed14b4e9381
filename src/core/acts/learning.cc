#include "core/acts/learning.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "base/text.h"
#include "core/acts/aggregate.h"
#include "core/acts/behave.h"
#include "core/acts/labels.h"
#include "core/acts/learning_rate.h"
#include "core/acts/node_options.h"
#include "core/acts/pass_time.h"
#include "core/acts/training_time.h"
#include "core/engine/compute.h"
#include "core/engine/sent_rows.h"

namespace delstep {
namespace {

/// Nodes trained at a time: their rows are copied first, and copies cost memory.
constexpr std::size_t kTrainedAtOnce = 256;

/// `done` first: whoever reads between the two sees none done of the old total, never more than
/// all.
void BeginProgress(Run& run, std::size_t total) {
  run.engine.progress.done = 0;
  run.engine.progress.total = total;
}

/// What the command's error is made of. Kept for every node, though only the first is told in
/// words: the count is told too.
struct TrainFailure {
  NodeId node{};
  JobFailure kind = JobFailure::kNone;
  std::string error;
};

}  // namespace

TrainOptions OptionsOf(const Run& run, const Node& node) {
  const TrainingOptions training = TrainingOf(run, node);
  TrainOptions options;
  options.epochs = static_cast<int>(training.epochs);
  options.local_steps = static_cast<std::int64_t>(training.local_steps);
  options.batch_size = static_cast<int>(training.batch_size);
  options.learning_rate = LearningRate(training, node.trained);
  options.momentum = training.momentum;
  options.weight_decay = training.weight_decay;
  options.proximal_mu = training.proximal_mu;
  options.clip_norm = training.clip_norm;
  return options;
}

namespace {

Training TrainingFor(const Run& run, const Node& node, const TrainOptions& options) {
  return {.node = node.id,
          .model = node.model,
          .state = node.state,
          .anchor = options.proximal_mu > 0 ? node.anchor : Row(),
          .examples = node.training,
          .labels = node.own_labels,
          // A stream per node and training: who else trains, and on which thread, changes nothing.
          .key = MakeKey(run.engine.scenario->seed, Purpose::kTrain, Index(node.id), node.trained),
          .options = options};
}

/// Passes of this training; 0 where it counts mini-batches.
int EpochsOf(const TrainOptions& options) { return options.local_steps > 0 ? 0 : options.epochs; }

TrainingStarted StartOf(const Node& node, const TrainOptions& options) {
  return {.node = node.id,
          .samples = node.training->size(),
          .epochs = EpochsOf(options),
          .local_steps = options.local_steps,
          .learning_rate = options.learning_rate};
}

/// From here on the node has the new model. Assigning the handles gives the old rows back to their
/// pools, unless a message or record still holds them.
Trained CommitTraining(const Run& run, const TrainOptions& options, DoneTraining done, Node& node) {
  const TrainResult& result = done.result;
  node.model = std::move(done.model);
  node.state = std::move(done.state);
  node.NoteNewModel();
  // An anchor that nobody looks at would keep a row in memory that differs from the model by now.
  if (!KeepsAnchor(run, node)) node.anchor = {};
  ++node.trained;
  node.origin = AfterTraining(node.origin, node.trained, options.learning_rate);
  node.last_trained = Trained{
      .node = node.id,
      .samples = node.training->size(),
      .epochs = EpochsOf(options),
      .steps = result.steps,
      .loss = result.loss,
      .learning_rate = options.learning_rate,
  };
  return *node.last_trained;
}

/// Trains and commits those that are done. Returns what went wrong, in the order of nodes.
std::vector<TrainFailure> TrainSome(Run& run, std::span<const NodeId> nodes, std::stop_token stop,
                                    std::vector<Trained>& trained) {
  std::vector<Training> trainings;
  for (const NodeId id : nodes) {
    const Node& node = run.world.at(id);
    trainings.push_back(TrainingFor(run, node, OptionsOf(run, node)));
  }
  const auto note_starts = [&](std::size_t begin) {
    for (std::size_t i = begin; i < std::min(nodes.size(), begin + kTrainedAtOnce); ++i)
      run.Note(StartOf(run.world.at(nodes[i]), trainings[i].options));
  };
  note_starts(0);
  std::vector<DoneTraining> done = TrainRows(run.engine, trainings, std::move(stop));

  std::vector<TrainFailure> failures;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    // Many processes train more at once; what is told is the same as of one.
    if (i > 0 && i % kTrainedAtOnce == 0) note_starts(i);
    // A failed training's rows are undefined, and go with `done`: the node has never seen them.
    if (TrainResult& result = done[i].result; result.failure != JobFailure::kNone) {
      failures.push_back(
          {.node = nodes[i], .kind = result.failure, .error = std::move(result.error)});
      continue;
    }
    trained.push_back(
        CommitTraining(run, trainings[i].options, std::move(done[i]), run.world.Change(nodes[i])));
    run.Note(trained.back());
  }
  return failures;
}

/// One error for the whole command. It names the first failure in the order of nodes, so that the
/// message does not depend on which thread was faster.
Error TrainingFailed(const Run& run, const TrainFailure& first, std::size_t failed,
                     std::size_t done) {
  if (first.kind == JobFailure::kStopped)
    return Interrupted(
        fmt::format("stopped: {} trained, {} left as before", Count(done, "node"), failed));
  const std::string node = run.world.at(first.node).Called();
  const bool diverged = first.kind == JobFailure::kNotFinite;
  return Refused(fmt::format("{}: {}; {} left as before, {} trained", node, first.error,
                             Count(failed, "node"), done),
                 diverged ? "a smaller training.lr may help" : "");
}

/// Trains `nodes`, all of which have data, in no time; those that were done are in `trained` also
/// after an error.
Result<void> TrainAll(Run& run, std::span<const NodeId> nodes, std::stop_token stop,
                      std::vector<Trained>& trained) {
  BeginProgress(run, nodes.size());
  const auto processes = static_cast<std::size_t>(run.engine.homes.processes);
  std::vector<TrainFailure> failures;
  while (!nodes.empty()) {
    const auto some = nodes.first(std::min(nodes.size(), kTrainedAtOnce * processes));
    nodes = nodes.subspan(some.size());
    // After a stop the learner fails the rest at once, so the error counts every node.
    std::ranges::move(TrainSome(run, some, stop, trained), std::back_inserter(failures));
  }
  // None runs any more, also after an error: the progress bar goes.
  run.engine.progress.total = 0;
  if (failures.empty()) return {};
  return TrainingFailed(run, failures.front(), failures.size(), trained.size());
}

/// Training needs an example. Nodes without any (a Dirichlet deal may leave some) are left out and
/// named.
struct NodesByData {
  std::vector<NodeId> with_data, without_data;
};
NodesByData SplitByData(const World& world, std::span<const NodeId> nodes) {
  NodesByData split;
  for (const NodeId node : nodes)
    (world.at(node).training->empty() ? split.without_data : split.with_data).push_back(node);
  return split;
}

/// How long each of them would train from now on; nothing where training takes no time. Asked before a
/// command changes anything: an error is known by then.
Result<std::vector<Duration>> TrainingTimes(const Run& run, std::span<const NodeId> nodes) {
  std::vector<Duration> durations;
  if (!TrainingTakesTime(run.engine)) return durations;
  for (const NodeId node : nodes) {
    DELSTEP_ASSIGN(durations.emplace_back(), TrainingTime(run, node));
  }
  return durations;
}

/// As TrainAll(), and simulated time passes where training takes any, unless nobody waits for it.
/// `durations` as TrainingTimes() has told them.
Result<void> TrainOrPass(Run& run, std::span<const NodeId> nodes,
                         std::span<const Duration> durations, std::stop_token stop, Waiting waiting,
                         StepReport& report) {
  std::vector<Trained>& trained = report.trained;
  if (!TrainingTakesTime(run.engine)) return TrainAll(run, nodes, std::move(stop), trained);
  std::vector<std::uint64_t> before;
  for (const NodeId node : nodes) before.push_back(run.world.at(node).trained);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    BeginTraining(run, nodes[i], 1, durations[i], NewsOfForeign(run, run.world.at(nodes[i])));
  run.agenda.Forget();
  if (waiting == Waiting::kNo) {
    report.begun.assign(nodes.begin(), nodes.end());
    return {};
  }
  const auto busy = [&](NodeId node) { return run.world.at(node).training_now.has_value(); };
  Result<void> done = PassWhile(
      run, [&] { return std::ranges::any_of(nodes, busy); }, stop);
  // What a person began ends with the command: it was stopped, or failed at a node.
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (busy(nodes[i])) {
      GiveUpTraining(run, nodes[i]);
      if (done) report.unfinished.push_back(nodes[i]);
    }
    if (run.world.at(nodes[i]).trained > before[i])
      trained.push_back(*run.world.at(nodes[i]).last_trained);
  }
  run.agenda.Forget();
  SkipTurns(run);
  return done;
}

/// Names the node if there is only one: then the user has asked for it.
Error NothingToTrainOn(const World& world, std::span<const NodeId> nodes) {
  return Refused(nodes.size() == 1
                     ? fmt::format("{} has no data to train on", world.at(nodes[0]).Called())
                     : "none of these nodes has data to train on");
}

}  // namespace

void BeginTraining(Run& run, NodeId id, double scale, Duration lasts, TrainingNews news) {
  Node& node = run.world.Change(id);
  // What the behaviour does not know yet of an earlier one it will hear after this one.
  if (node.behaviour.trained != TrainingNews::kEnded) node.behaviour.trained = news;
  const TrainOptions options = OptionsOf(run, node);
  node.training_now = TrainingNow{
      .options = options, .scale = scale, .began = run.world.now, .ends = run.world.now + lasts};
  run.Note(StartOf(node, options));
}

// The new rows stay out of the world until the end: a moment that is taken meanwhile does not hold
// them, and going back only throws them away.
Result<void> ComputeTrainings(Run& run, std::span<const NodeId> nodes, std::stop_token stop) {
  std::vector<Training> trainings;
  for (const NodeId id : nodes) {
    const Node& node = run.world.at(id);
    trainings.push_back(TrainingFor(run, node, node.training_now->options));
  }
  BeginProgress(run, nodes.size());
  std::vector<DoneTraining> done = TrainRows(run.engine, trainings, stop);
  run.engine.progress.total = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    // One that was stopped is computed again when time goes on.
    if (done[i].result.failure == JobFailure::kStopped) continue;
    run.computed[nodes[i]] = {.number = run.world.at(nodes[i]).trained, .done = std::move(done[i])};
  }
  if (stop.stop_requested()) return Interrupted("stopped while nodes were training");
  return {};
}

// The model cannot have changed since the beginning: whoever would change it is refused while the
// node trains.
Result<void> EndTraining(Run& run, NodeId id) {
  const auto computed = run.computed.extract(id);
  DoneTraining& done = computed.mapped().done;
  Node& node = run.world.Change(id);
  const TrainingNow training = *std::exchange(node.training_now, std::nullopt);
  // Also where nobody acts: the behaviour learns of it when nodes act again.
  if (TrainingNews& news = node.behaviour.trained; news == TrainingNews::kForeign)
    news = TrainingNews::kNone;
  else if (done.result.failure == JobFailure::kNone)
    news = TrainingNews::kEnded;
  if (done.result.failure != JobFailure::kNone)
    return TrainingFailed(
        run, {.node = id, .kind = done.result.failure, .error = done.result.error}, 1, 0);
  if (training.scale != 1) {
    const Encoding part{.way = Encoding::Way::kPart,
                        .node = id,
                        .model = done.model,
                        .base = node.model,
                        .scale = training.scale};
    DELSTEP_ASSIGN(std::vector<Encoded> made, EncodeRows(run.engine, {&part, 1}));
    done.model = std::move(made.front().row);
  }
  run.Note(CommitTraining(run, training.options, std::move(done), node));
  return {};
}

// What was computed of it in advance is of no use: the next training may have other options.
void GiveUpTraining(Run& run, NodeId id) {
  Node& node = run.world.Change(id);
  node.training_now.reset();
  if (node.behaviour.trained == TrainingNews::kForeign)
    node.behaviour.trained = TrainingNews::kNone;
  run.computed.erase(id);
}

// No nodes at all is no error: the caller may have asked for an empty group.
Result<StepReport> Train(Run& run, std::span<const NodeId> nodes, std::stop_token stop,
                         Waiting waiting) {
  StepReport report;
  DELSTEP_ASSIGN(const std::vector<NodeId> free, SkipBusy(run.world, nodes, report));
  NodesByData split = SplitByData(run.world, free);
  if (split.with_data.empty() && !free.empty()) return NothingToTrainOn(run.world, free);
  report.without_data = std::move(split.without_data);
  DELSTEP_ASSIGN(const std::vector<Duration> durations, TrainingTimes(run, split.with_data));
  DELSTEP_TRY(TrainOrPass(run, split.with_data, durations, std::move(stop), waiting, report));
  return report;
}

Result<StepReport> Step(Run& run, std::span<const NodeId> nodes, std::stop_token stop,
                        Waiting waiting) {
  StepReport report;
  DELSTEP_ASSIGN(const std::vector<NodeId> free, SkipBusy(run.world, nodes, report));
  // What decides is the inbox at the beginning of the command, before anybody has changed.
  std::vector<NodeId> receivers, others;
  for (const NodeId node : free)
    (run.world.at(node).inbox->empty() ? others : receivers).push_back(node);
  NodesByData split = SplitByData(run.world, others);
  if (receivers.empty() && split.with_data.empty() && !free.empty())
    return NothingToTrainOn(run.world, free);

  // Both before anything is changed: a training that may not take so long, or a rule that refuses, then
  // changes nothing at all.
  DELSTEP_ASSIGN(const std::vector<Duration> durations, TrainingTimes(run, split.with_data));
  DELSTEP_ASSIGN(std::vector<AggregationPlan> plans, PlanAggregation(run, receivers));
  // Where time passes the world goes on meanwhile: the plans would not fit it any more.
  const bool takes_time = TrainingTakesTime(run.engine);
  if (takes_time) report.aggregated = CommitAggregation(run, std::exchange(plans, {}));
  const Result<void> done =
      TrainOrPass(run, split.with_data, durations, std::move(stop), waiting, report);
  // A step ages every guestbook once, whether its node trains or aggregates. Nodes that were
  // trained before an error have made their step.
  for (const Trained& trained : report.trained) run.world.Change(trained.node).guestbook.Tick();
  for (const NodeId node : report.begun) run.world.Change(node).guestbook.Tick();
  DELSTEP_TRY(done);
  for (const NodeId node : split.without_data) run.world.Change(node).guestbook.Tick();
  if (!takes_time) report.aggregated = CommitAggregation(run, std::move(plans));
  report.without_data = std::move(split.without_data);
  return report;
}

}  // namespace delstep
