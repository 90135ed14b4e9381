#include "core/acts/learning.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "base/text.h"
#include "core/acts/aggregate.h"
#include "core/acts/labels.h"
#include "core/acts/learning_rate.h"
#include "core/acts/node_options.h"

namespace delstep {
namespace {

/// Nodes trained at a time: their rows are copied first, and copies cost memory.
constexpr std::size_t kTrainedAtOnce = 256;

void BeginProgress(Run& run, std::size_t total) {
  run.engine.progress.done = 0;
  run.engine.progress.total = total;
}

struct Copies {
  Row model, state;
};

struct Failure {
  NodeId node{};
  JobFailure kind = JobFailure::kNone;
  std::string error;
};

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

/// Trains on copies and commits those that are done. Returns what went wrong, in the order of
/// nodes.
std::vector<Failure> TrainSome(Run& run, std::span<const NodeId> nodes, std::stop_token stop,
                               std::vector<Trained>& trained) {
  Engine& engine = run.engine;
  std::vector<Copies> copies;
  std::vector<TrainJob> jobs;
  for (const NodeId id : nodes) {
    const Node& node = run.world.at(id);
    Copies& copy = copies.emplace_back(
        Copies{engine.model_rows->Copy(node.model), engine.state_rows->Copy(node.state)});
    TrainJob& job = jobs.emplace_back();
    job.node = id;
    job.model = copy.model.Write();
    job.state = copy.state.Write();
    job.data = {&TrainingData(run, node), *node.training};
    job.key = MakeKey(engine.scenario.seed, Purpose::kTrain, Index(id), node.trained);
    job.options = OptionsOf(run, node);
    if (job.options.proximal_mu > 0) job.anchor = node.anchor.view();
  }
  const std::vector<TrainResult> results = engine.learner->Train(jobs, std::move(stop));

  std::vector<Failure> failures;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (results[i].failure != JobFailure::kNone) {
      failures.push_back({nodes[i], results[i].failure, results[i].error});
      continue;
    }
    Node& node = run.world.at(nodes[i]);
    node.model = std::move(copies[i].model);
    node.state = std::move(copies[i].state);
    if (!KeepsAnchor(run, node)) node.anchor = {};
    ++node.trained;
    const TrainOptions& options = jobs[i].options;
    node.last_trained = Trained{
        nodes[i],         node.training->size(), options.local_steps > 0 ? 0 : options.epochs,
        results[i].steps, results[i].loss,       options.learning_rate};
    trained.push_back(*node.last_trained);
    run.Note(*node.last_trained);
  }
  return failures;
}

Error TrainingFailed(const Run& run, const Failure& first, std::size_t failed, std::size_t done) {
  const std::string address = ToString(run.world.at(first.node).address);
  if (first.kind == JobFailure::kStopped)
    return {ErrorCode::kInterrupted,
            fmt::format("stopped: {} trained, {} left as before", Count(done, "node"), failed),
            {},
            {}};
  const bool diverged = first.kind == JobFailure::kNotFinite;
  return Refused(fmt::format("{}: {}; {} left as before, {} trained", address, first.error,
                             Count(failed, "node"), done),
                 diverged ? "a smaller training.lr may help" : "");
}

/// Trains `nodes`, all of which have data; those that were done are in `trained` also after an
/// error.
Result<void> TrainAll(Run& run, std::span<const NodeId> nodes, std::stop_token stop,
                      std::vector<Trained>& trained) {
  BeginProgress(run, nodes.size());
  std::vector<Failure> failures;
  while (!nodes.empty()) {
    const auto some = nodes.first(std::min(nodes.size(), kTrainedAtOnce));
    nodes = nodes.subspan(some.size());
    std::ranges::move(TrainSome(run, some, stop, trained), std::back_inserter(failures));
  }
  run.engine.progress.total = 0;
  if (failures.empty()) return {};
  return TrainingFailed(run, failures.front(), failures.size(), trained.size());
}

struct Able {
  std::vector<NodeId> with_data, without_data;
};
Able WhoCanTrain(const World& world, std::span<const NodeId> nodes) {
  Able able;
  for (const NodeId node : nodes)
    (world.at(node).training->empty() ? able.without_data : able.with_data).push_back(node);
  return able;
}

Error NothingToTrainOn(const World& world, std::span<const NodeId> nodes) {
  return Refused(nodes.size() == 1 ? fmt::format("{} has no data to train on",
                                                 ToString(world.at(nodes[0]).address))
                                   : "none of these nodes has data to train on");
}

}  // namespace

Result<StepReport> Train(Run& run, std::span<const NodeId> nodes, std::stop_token stop) {
  Able able = WhoCanTrain(run.world, nodes);
  if (able.with_data.empty() && !nodes.empty()) return NothingToTrainOn(run.world, nodes);
  StepReport report;
  report.without_data = std::move(able.without_data);
  DELSTEP_TRY(TrainAll(run, able.with_data, std::move(stop), report.trained));
  return report;
}

Result<StepReport> Step(Run& run, std::span<const NodeId> nodes, std::stop_token stop) {
  std::vector<NodeId> receivers, others;
  for (const NodeId node : nodes)
    (run.world.at(node).inbox.empty() ? others : receivers).push_back(node);
  Able able = WhoCanTrain(run.world, others);
  if (receivers.empty() && able.with_data.empty() && !nodes.empty())
    return NothingToTrainOn(run.world, nodes);

  // Planned before anything is trained: a rule that refuses then changes nothing at all.
  DELSTEP_ASSIGN(std::vector<AggregationPlan> plans, PlanAggregation(run, receivers));
  StepReport report;
  const Result<void> done = TrainAll(run, able.with_data, std::move(stop), report.trained);
  for (const Trained& trained : report.trained) run.world.at(trained.node).guestbook.Tick();
  DELSTEP_TRY(done);
  for (const NodeId node : able.without_data) run.world.at(node).guestbook.Tick();
  report.aggregated = CommitAggregation(run, std::move(plans));
  report.without_data = std::move(able.without_data);
  return report;
}

}  // namespace delstep
