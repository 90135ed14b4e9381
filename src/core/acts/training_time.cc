#include "core/acts/training_time.h"

#include <fmt/format.h>

#include <cmath>

#include "core/acts/learning.h"

namespace delstep {

bool TrainingTakesTime(const Engine& engine) {
  const Distribution& ms = engine.scenario->compute.ms_per_example;
  return !(ms.constant() && ms.a == 0);
}

Result<Duration> TrainingTime(const Run& run, NodeId id) {
  const Node& node = run.world.at(id);
  const Scenario& scenario = *run.engine.scenario;
  const TrainOptions options = OptionsOf(run, node);
  const auto examples = static_cast<double>(node.training->size());
  const double processed = options.local_steps > 0
                               ? static_cast<double>(options.local_steps) * options.batch_size
                               : examples * options.epochs;
  Random speed(MakeKey(scenario.seed, Purpose::kCompute, Index(id), 0));
  double ms = scenario.compute.ms_per_example.Draw(speed);
  if (const double jitter = scenario.compute.jitter; jitter > 0) {
    Random random(MakeKey(scenario.seed, Purpose::kCompute, Index(id), 1 + node.trained));
    ms *= 1 + jitter * random.Uniform(-1, 1);
  }
  const double nanoseconds = std::round(processed * ms * 1e6);
  const auto left = static_cast<double>((SimTime::max() - run.world.now).count());
  if (!(nanoseconds < left / 2))
    return Refused(
        fmt::format("{}: a training would end after the end of simulated time, 292 years",
                    node.Called()),
        "compute.ms_per_example should be smaller");
  return Duration(static_cast<Duration::rep>(nanoseconds));
}

Error StillTraining(const Node& node) {
  return Refused(
      node.training_now->left
          ? fmt::format("{} is in a training that pauses while it is offline", node.Called())
          : fmt::format("{} is still training, until {:.9g} s", node.Called(),
                        Seconds(node.training_now->ends)),
      "`run` or `nstep` lets time pass");
}

Result<std::vector<NodeId>> SkipBusy(const World& world, std::span<const NodeId> nodes,
                                     StepReport& report) {
  std::vector<NodeId> free;
  for (const NodeId node : nodes)
    (world.at(node).training_now ? report.busy : free).push_back(node);
  if (nodes.size() == 1 && free.empty()) return StillTraining(world.at(nodes[0]));
  return free;
}

Result<void> RequireIdle(const World& world, std::span<const NodeId> nodes) {
  for (const NodeId node : nodes)
    if (world.at(node).training_now) return StillTraining(world.at(node));
  return {};
}

}  // namespace delstep
