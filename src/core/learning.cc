#include "core/learning.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "base/text.h"
#include "core/aggregate.h"

namespace delstep {
namespace {

/// Nodes trained at a time: their rows are copied first, and copies cost memory.
constexpr std::size_t kTrainedAtOnce = 256;

void BeginProgress(Run& run, std::size_t total) {
  run.machinery.progress.done = 0;
  run.machinery.progress.total = total;
}

struct Copies {
  Row model, state;
};

struct Failure {
  NodeId node{};
  std::string error;
  bool stopped = false;
};

/// Trains on copies and commits those that are done. Returns what went wrong, in the order of
/// nodes.
std::vector<Failure> TrainSome(Run& run, std::span<const NodeId> nodes, std::stop_token stop,
                               std::vector<Trained>& trained) {
  Machinery& machinery = run.machinery;
  const TrainingOptions& training = machinery.scenario.training;
  std::vector<Copies> copies;
  std::vector<TrainJob> jobs;
  for (const NodeId id : nodes) {
    const Node& node = run.world.at(id);
    Copies& copy = copies.emplace_back(
        Copies{machinery.model_rows->Copy(node.model), machinery.state_rows->Copy(node.state)});
    TrainJob& job = jobs.emplace_back();
    job.node = id;
    job.model = copy.model.Write();
    job.state = copy.state.Write();
    job.data = {&machinery.data.dataset, *node.training};
    job.key = MakeKey(machinery.scenario.seed, Purpose::kTrain, Index(id), node.trained);
    job.options.epochs = static_cast<int>(training.epochs);
    job.options.batch_size = static_cast<int>(training.batch_size);
    job.options.learning_rate = training.lr;
    job.options.momentum = training.momentum;
    job.options.weight_decay = training.weight_decay;
  }
  const std::vector<TrainResult> results = machinery.learner->Train(jobs, std::move(stop));

  std::vector<Failure> failures;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!results[i].error.empty()) {
      failures.push_back({nodes[i], results[i].error, results[i].stopped});
      continue;
    }
    Node& node = run.world.at(nodes[i]);
    node.model = std::move(copies[i].model);
    node.state = std::move(copies[i].state);
    ++node.trained;
    node.last_trained = Trained{nodes[i], node.training->size(), static_cast<int>(training.epochs),
                                results[i].steps, results[i].loss};
    trained.push_back(*node.last_trained);
    run.Note(*node.last_trained);
  }
  return failures;
}

Error TrainingFailed(const Run& run, const Failure& first, std::size_t failed, std::size_t done) {
  const std::string address = ToString(run.world.at(first.node).address);
  if (first.stopped)
    return {ErrorCode::kInterrupted,
            fmt::format("stopped: {} trained, {} left as before", Count(done, "node"), failed),
            {},
            {}};
  return Refused(fmt::format("{}: {}; {} left as before, {} trained", address, first.error,
                             Count(failed, "node"), done),
                 "a smaller training.lr may help");
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
  run.machinery.progress.total = 0;
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

std::vector<std::uint32_t> UnionOfHeldOut(const World& world, std::span<const NodeId> nodes,
                                          std::size_t examples) {
  // Nodes made `like` another hold the same examples: each counts once.
  std::vector<bool> held(examples);
  for (const NodeId node : nodes)
    for (const std::uint32_t example : *world.at(node).held_out) held[example] = true;
  std::vector<std::uint32_t> all;
  for (std::uint32_t example = 0; example < examples; ++example)
    if (held[example]) all.push_back(example);
  return all;
}

/// What every node of the command is tested on; of no use for `local`.
Result<std::vector<std::uint32_t>> SharedTestExamples(const Run& run,
                                                      const EvaluationScope& scope) {
  using Kind = EvaluationScope::Kind;
  const LoadedData& data = run.machinery.data;
  const std::size_t size = data.dataset.size();
  std::vector<std::uint32_t> examples;
  if (scope.kind == Kind::kGroup) {
    const Roster* group = run.world.FindGroup(scope.group);
    assert(group);
    examples = UnionOfHeldOut(run.world, group->members, size);
    if (examples.empty())
      return Refused(
          fmt::format("group '{}' holds no test data: {}", scope.group,
                      group->members.empty() ? "it has no members" : "its members held none out"));
    return examples;
  }
  if (scope.kind == Kind::kGeneral && run.machinery.scenario.data.pool == "train" &&
      data.train_examples < size) {
    for (auto i = static_cast<std::uint32_t>(data.train_examples); i < size; ++i)
      examples.push_back(i);
    return examples;
  }
  examples = UnionOfHeldOut(run.world, run.world.Present(), size);
  if (examples.empty())
    return Refused("there is no held-out data to test on",
                   "data.test_fraction says how much of its data a node holds out");
  return examples;
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

Result<std::vector<Evaluated>> Evaluate(Run& run, std::span<const NodeId> nodes,
                                        const EvaluationScope& scope, std::stop_token stop) {
  const bool local = scope.kind == EvaluationScope::Kind::kLocal;
  std::vector<std::uint32_t> shared;
  if (!local) {
    DELSTEP_ASSIGN(shared, SharedTestExamples(run, scope));
  }
  std::vector<EvaluateJob> jobs;
  for (const NodeId id : nodes) {
    const Node& node = run.world.at(id);
    if (local && node.held_out->empty()) continue;
    jobs.push_back({id,
                    node.model.view(),
                    {&run.machinery.data.dataset, local ? std::span(*node.held_out) : shared}});
  }
  if (jobs.empty() && !nodes.empty())
    return Refused(nodes.size() == 1 ? fmt::format("{} has no held-out data to test on",
                                                   ToString(run.world.at(nodes[0]).address))
                                     : "none of these nodes has held-out data to test on",
                   "data.test_fraction says how much of its data a node holds out");
  const std::vector<EvaluateResult> results =
      run.machinery.learner->Evaluate(jobs, std::move(stop));

  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i].stopped)
      return Error{ErrorCode::kInterrupted, "stopped: nothing was tested", {}, {}};
    if (!results[i].error.empty())
      return Refused(
          fmt::format("{}: {}", ToString(run.world.at(jobs[i].node).address), results[i].error));
  }
  std::vector<Evaluated> evaluated;
  for (std::size_t i = 0; i < results.size(); ++i) {
    const EvaluateResult& result = results[i];
    evaluated.push_back(
        {jobs[i].node, scope, result.examples, result.loss,
         static_cast<double>(result.correct) / static_cast<double>(result.examples)});
    run.world.at(jobs[i].node).last_evaluated = evaluated.back();
    run.Note(evaluated.back());
  }
  return evaluated;
}

}  // namespace delstep
