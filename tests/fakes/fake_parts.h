#pragma once
/// Parts with arithmetic that a test can do in its head, and ways to make them fail at a named
/// moment.
#include <algorithm>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "aggregation/rules.h"
#include "compression/compressors.h"
#include "delstep/registry.h"
#include "network/builtin/builtin_network.h"

namespace delstep::fakes {

/// A model of three numbers, all 0 at first; a `train` adds 1 to the first, the number of examples
/// to the second and the learning rate to the third. A test says correct = min(first number,
/// examples), loss = third number. With a buffer, a `train` adds 1/8 to it, and it is the loss.
class FakeLearner final : public Learner {
 public:
  /// The nodes whose next training fails, and how.
  struct Faults {
    std::vector<NodeId> failing;
    JobFailure failure = JobFailure::kNotFinite;
    std::string error = "the loss is not finite";
    std::vector<NodeId> stopped;
    bool initialise = false;  ///< no fresh rows can be made
  };

  FakeLearner(std::shared_ptr<const Faults> faults, bool momentum, bool buffer = false)
      : faults_(std::move(faults)) {
    layout_.model.Append("numbers", {3}, TensorSpec::Role::kParameter);
    if (buffer) layout_.model.Append("buffer", {}, TensorSpec::Role::kBuffer);
    layout_.state.Append("steps", {}, TensorSpec::Role::kMoment);
    if (momentum) layout_.state.Append("momentum", {3}, TensorSpec::Role::kMoment);
  }
  const ModelLayout& layout() const override { return layout_; }

 private:
  Result<void> DoInitialise(std::span<float> model, std::span<float> state, RandomKey) override {
    if (faults_->initialise) return Refused("no fresh rows");
    std::ranges::fill(model, 0.0f);
    std::ranges::fill(state, 0.0f);
    return {};
  }
  std::vector<TrainResult> DoTrain(std::span<const TrainJob> jobs, std::stop_token) override {
    std::vector<TrainResult> results;
    for (const TrainJob& job : jobs) {
      TrainResult& result = results.emplace_back();
      job.model[0] += 1;
      job.model[1] += static_cast<float>(job.data.examples.size());
      job.model[2] += static_cast<float>(job.options.learning_rate);
      if (HasBuffer()) job.model[kBuffer] += 0.125f;
      job.state[0] += 1;
      result.steps = 1;
      result.loss = 1 / static_cast<double>(job.model[0]);
      const auto is_in = [&](const std::vector<NodeId>& nodes) {
        return std::ranges::find(nodes, job.node) != nodes.end();
      };
      if (is_in(faults_->failing)) {
        result.failure = faults_->failure;
        result.error = faults_->error;
      }
      if (is_in(faults_->stopped)) {
        result.failure = JobFailure::kStopped;
        result.error = "stopped";
      }
    }
    return results;
  }
  std::vector<EvaluateResult> DoEvaluate(std::span<const EvaluateJob> jobs,
                                         std::stop_token) override {
    std::vector<EvaluateResult> results;
    for (const EvaluateJob& job : jobs) {
      EvaluateResult& result = results.emplace_back();
      result.examples = static_cast<std::int64_t>(job.data.examples.size());
      result.correct = std::min(result.examples, static_cast<std::int64_t>(job.model[0]));
      result.loss = static_cast<double>(job.model[HasBuffer() ? kBuffer : 2]);
      if (!job.confusion) continue;
      // The first `correct` examples are right, each other one is taken for the next class.
      const auto classes = static_cast<std::size_t>(job.data.dataset->classes);
      result.confusion.resize(classes * classes);
      for (std::size_t i = 0; i < job.data.examples.size(); ++i) {
        const auto label = static_cast<std::size_t>(job.data.dataset->labels[job.data.examples[i]]);
        const bool right = static_cast<std::int64_t>(i) < result.correct;
        ++result.confusion[label * classes + (right ? label : (label + 1) % classes)];
      }
    }
    return results;
  }

  static constexpr std::size_t kBuffer = 16;  // its place in the row
  bool HasBuffer() const { return layout_.model.tensors.size() > 1; }

  std::shared_ptr<const Faults> faults_;
  ModelLayout layout_;
};

/// 100 examples of one number each, labelled 0, 1, 0, 1, ...; the first 80 are the training part.
inline LoadedData FakeData() {
  struct Memory {
    std::vector<float> numbers;
    std::vector<std::int32_t> labels;
  };
  auto memory = std::make_shared<Memory>();
  memory->numbers.assign(100, 0.5f);
  for (int i = 0; i < 100; ++i) memory->labels.push_back(i % 2);
  LoadedData data;
  data.name = "fake";
  data.dataset.example_shape = {1};
  data.dataset.example_size = 1;
  data.dataset.floats = memory->numbers;
  data.dataset.labels = memory->labels;
  data.dataset.classes = 2;
  data.train_examples = 80;
  data.owner = memory;
  return data;
}

class FakeMobility final : public Mobility {
  Leg DoLegAt(NodeId, SimTime) const override { return {}; }
  SimTime DoRestsFrom() const override { return SimTime{}; }
};

/// Partitions: "runs" deals the pool in equal runs; "all-to-first" gives everything to node 0.
/// Topologies: "full", "line", "none". Learners "fake" and
/// "fake-with-buffer", data "fake".
inline Registry FakeRegistry(std::shared_ptr<const FakeLearner::Faults> faults) {
  Registry registry;
  registry.networks.Add("builtin", "", [](const Scenario& scenario) {
    return MakeBuiltinNetwork(scenario.network, scenario.seed);
  });
  registry.networks.AddAbsent("ns3", "", "not built");
  AddAggregators(registry.aggregators);
  AddCompressors(registry.compressors);
  registry.learners.Add("fake", "", [faults](const Scenario& scenario, const Dataset&, Workers&) {
    return Result<std::unique_ptr<Learner>>(
        std::make_unique<FakeLearner>(faults, scenario.training.momentum != 0));
  });
  registry.learners.Add(
      "fake-with-buffer", "", [faults](const Scenario&, const Dataset&, Workers&) {
        return Result<std::unique_ptr<Learner>>(std::make_unique<FakeLearner>(faults, false, true));
      });
  registry.mobility.Add("still", "", [](const Scenario&) {
    return Result<std::unique_ptr<Mobility>>(std::make_unique<FakeMobility>());
  });
  registry.churn.Add("none", "",
                     [](const Scenario&) { return Result<std::unique_ptr<Churn>>(nullptr); });
  registry.behaviours.Add("none", "", [](const BehaviourOptions&) {
    return Result<std::unique_ptr<Behaviour>>(nullptr);
  });
  registry.data.Add("fake", "", [](const Scenario&) { return Result<LoadedData>(FakeData()); });
  registry.partitioners.Add("runs", "", [](const PartitionRequest& request) {
    Partition partition(request.nodes);
    const std::size_t each = request.pool.size() / request.nodes;
    for (std::size_t i = 0; i < request.nodes; ++i)
      partition[i].assign(request.pool.begin() + static_cast<std::ptrdiff_t>(i * each),
                          request.pool.begin() + static_cast<std::ptrdiff_t>((i + 1) * each));
    return Result<Partition>(partition);
  });
  registry.partitioners.Add("all-to-first", "", [](const PartitionRequest& request) {
    Partition partition(request.nodes);
    partition[0].assign(request.pool.begin(), request.pool.end());
    return Result<Partition>(partition);
  });
  const auto topology = [](auto is_edge) {
    return [is_edge](const Scenario& scenario, const Mobility&) {
      Graph graph;
      graph.nodes = static_cast<std::uint32_t>(scenario.nodes.count);
      for (std::uint32_t a = 0; a < graph.nodes; ++a)
        for (std::uint32_t b = a + 1; b < graph.nodes; ++b)
          if (is_edge(a, b)) graph.edges.push_back({a, b, 1});
      return Result<Graph>(graph);
    };
  };
  registry.topologies.Add("full", "", topology([](auto, auto) { return true; }));
  registry.topologies.Add("line", "", topology([](auto a, auto b) { return b == a + 1; }));
  registry.topologies.Add("none", "", topology([](auto, auto) { return false; }));
  return registry;
}

/// A run of fakes: 4 nodes in a full mesh with 20 examples each, none held out, links of 10 ms.
struct FakeRun {
  std::shared_ptr<FakeLearner::Faults> faults = std::make_shared<FakeLearner::Faults>();
  Registry registry = FakeRegistry(faults);

  static Scenario DefaultScenario() {
    Scenario scenario;
    scenario.nodes.count = 4;
    scenario.data.name = "fake";
    scenario.data.test_fraction = 0;
    scenario.model.learner = "fake";
    scenario.partition.name = "runs";
    scenario.partition.samples_per_node = 20;
    scenario.network.link.latency.a = std::chrono::milliseconds(10);
    scenario.training.lr = 0.5;
    scenario.training.threads = 1;
    return scenario;
  }
};

}  // namespace delstep::fakes
