#include "core/acts/training_time.h"

#include <fmt/format.h>

#include <utility>

#include "core/acts/learning.h"

namespace delstep {

bool TrainingTakesTime(const Engine& engine) { return engine.speeds.takes_time(); }

// Every example counts as often as it is used. Where mini-batches are counted, each counts in full,
// also the last one of an epoch, which may be smaller.
Result<Duration> TrainingTime(const Run& run, NodeId id) {
  const Node& node = run.world.at(id);
  const TrainOptions options = OptionsOf(run, node);
  const std::uint64_t examples =
      options.local_steps > 0 ? static_cast<std::uint64_t>(options.local_steps) *
                                    static_cast<std::uint64_t>(options.batch_size)
                              : node.training->size() * static_cast<std::uint64_t>(options.epochs);
  auto time = run.engine.speeds.TrainingTime(id, node.trained, examples);
  if (time && *time > SimTime::max() - run.world.now)
    time = Refused("a training would end after the end of simulated time, 292 years");
  if (time) return time;
  // Others may be quick enough: the node is named.
  Error error = std::move(time).error();
  error.message = fmt::format("{}: {}", node.Called(), error.message);
  return error;
}

Error StillTraining(const Node& node) {
  return Refused(
      node.training_now->left
          ? fmt::format("{} is in a training that pauses while it is offline", node.Called())
          : fmt::format("{} is still training, until {:.9g} s", node.Called(),
                        Seconds(node.training_now->ends)),
      "`run` or `nstep` lets time pass");
}

// As with nodes that are down: a list leaves them out and names them, a single one is an error.
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
